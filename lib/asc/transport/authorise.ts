import { type AscError, isAscError, withFacts } from '../errors';
import { givenUp } from './given-up';
import type { Health } from './health';
import { isKeyRevoked } from './refusals';
import type { TokenSource } from './token';
import type { Surroundings, TransportRequest, TransportResponse } from './types';

type Send = (request: TransportRequest, token: string) => Promise<TransportResponse>;

/** Before a refusal of the key is believed, it is asked again with new tokens after these pauses, ms. */
const PAUSES_MS = [0, 2_000];
/** A request refused this often, while others of the same key are accepted, is given up. */
const MOST_ATTEMPTS = 6;

/**
 * Puts a token on each request, and asks again with new ones after a 401: one alone may be chance. Of many requests
 * refused together only one insists. What is refused three times, while nothing of this key is accepted, is believed:
 * then the key counts as refused and the others are not sent again.
 */
export function withAuthorisation(
  send: Send,
  tokens: TokenSource,
  health: Health,
  { sleep }: Pick<Surroundings, 'sleep'>,
) {
  let trial: Promise<AscError | undefined> | undefined;
  /** Requests are numbered as they are sent; the latest of those whose key Apple accepted, whatever it made of them. */
  let sent = 0;
  let accepted = 0;

  async function attempt(request: TransportRequest, token: string): Promise<TransportResponse> {
    const number = ++sent;
    const accept = () => {
      accepted = Math.max(accepted, number);
    };
    try {
      const response = await send(request, token);
      accept();
      return response;
    } catch (error) {
      if (isAscError(error) && error.is('not_found', 'conflict', 'unprocessable', 'forbidden')) accept();
      throw error;
    }
  }

  async function insist(
    request: TransportRequest,
    token: string,
    first: AscError,
  ): Promise<TransportResponse> {
    // What was sent before the refusal says nothing against it, though its answer come later.
    const before = sent;
    let refusal = first;
    let used = token;
    for (const pauseMs of pausesAfter(first, health)) {
      if (pauseMs > 0) {
        await sleep(pauseMs, request.signal).catch(() => {
          throw givenUp();
        });
      }
      tokens.discard(used);
      used = await tokens.current();
      try {
        return await attempt(request, used);
      } catch (error) {
        if (!isRefusal(error)) throw error;
        refusal = error;
      }
    }
    if (accepted > before) throw doubted(refusal);
    health.refused(refusal);
    throw refusal;
  }

  return async (request: TransportRequest): Promise<TransportResponse> => {
    for (let attempts = 1; ; attempts++) {
      // The sync does not go on asking while it is found out whether the key is still good.
      const believed = request.lane === 'sync' ? await trial : undefined;
      if (believed) throw believed;
      const token = await tokens.current();
      try {
        return await attempt(request, token);
      } catch (error) {
        if (isAscError(error) && error.is('agreement_missing')) health.refused(error);
        if (!isRefusal(error)) throw error;
        if (health.refusal()) throw error;
        if (attempts >= MOST_ATTEMPTS) throw doubted(error);
        if (trial) {
          if (await trial) throw error;
          continue;
        }
        const insisting = insist(request, token, error);
        trial = insisting.then(
          () => undefined,
          (reason: unknown) => (isRefusal(reason) ? reason : undefined),
        );
        return await insisting.finally(() => {
          trial = undefined;
        });
      }
    }
  };
}

function isRefusal(error: unknown): error is AscError {
  return isAscError(error) && error.is('unauthorized', 'clock_skew');
}

/** Where there is evidence (a wrong clock, Apple’s word, a refusal shortly before), less asking is needed. */
function pausesAfter(first: AscError, health: Health): readonly number[] {
  if (health.isSuspect()) return [];
  const isEvident = first.kind === 'clock_skew' || isKeyRevoked(first.errors);
  return isEvident ? PAUSES_MS.slice(0, 1) : PAUSES_MS;
}

/** Others are accepted with the same key, so it is not the key: a failure that passes, and certainly nothing done. */
function doubted(refusal: AscError): AscError {
  return withFacts(refusal, {
    kind: 'server',
    isUnsent: true,
    message: 'App Store Connect refused the key for this request although it accepts it for others.',
  });
}
