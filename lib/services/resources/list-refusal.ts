import { MirrorQueryError } from '@/lib/mirror/query/types';
import { badParameter } from '../errors';

/** @throws RefusedError (400) naming the parameter that is not one of the list */
export async function orRefused<Answer>(read: () => Promise<Answer>): Promise<Answer> {
  try {
    return await read();
  } catch (error) {
    throw error instanceof MirrorQueryError ? badParameter(error.parameter, error.message) : error;
  }
}
