import { type AscError, isAscError } from '../errors';
import type { Health } from './health';
import type { TokenSource } from './token';
import type { TransportRequest, TransportResponse } from './types';

type Send = (request: TransportRequest, token: string) => Promise<TransportResponse>;

/**
 * Puts a token on each request and signs anew once after a 401. Of many requests refused together only one tries the
 * new token; if that is refused too, the key counts as refused and the others are not sent again.
 */
export function withAuthorisation(send: Send, tokens: TokenSource, health: Health) {
  let trial: Promise<AscError | undefined> | undefined;

  return async (request: TransportRequest): Promise<TransportResponse> => {
    const token = await tokens.current();
    try {
      return await send(request, token);
    } catch (error) {
      if (!isAscError(error)) throw error;
      if (error.is('agreement_missing')) health.refused(error);
      if (!error.is('unauthorized', 'clock_skew')) throw error;
      const standing = health.refusal();
      if (standing) throw error;
      if (trial) {
        if (await trial) throw error;
        return send(request, await tokens.current());
      }
      tokens.discard(token);
      const second = tokens.current().then((fresh) => send(request, fresh));
      trial = second.then(
        () => undefined,
        (reason: unknown) =>
          isAscError(reason) && reason.is('unauthorized', 'clock_skew') ? reason : undefined,
      );
      const refusal = await trial;
      trial = undefined;
      if (refusal) health.refused(refusal);
      return second;
    }
  };
}
