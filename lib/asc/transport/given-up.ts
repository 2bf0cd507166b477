import { AscError } from '../errors';

/** The error of a call whose caller gave up before it was sent. */
export function givenUp(): AscError {
  return new AscError({ kind: 'aborted', message: 'The request was given up.', isUnsent: true });
}
