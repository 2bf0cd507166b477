import { isAscError, safePath, withFacts } from '../errors';
import { withAuthorisation } from './authorise';
import type { RateBudget } from './budget';
import { readRateLimit } from './rate-limit';
import { withRetry } from './retry';
import { type SendConfig, sendOnce } from './send';
import type { TokenSource } from './token';
import type { Surroundings, Transport } from './types';

export type PipelineConfig = Omit<SendConfig, 'observe' | 'clock'> &
  Surroundings & {
    readonly budget: RateBudget;
    readonly tokens: TokenSource;
    readonly log?: PipelineLog | undefined;
  };

export interface PipelineLog {
  debug(facts: object, message: string): void;
  warn(facts: object, message: string): void;
}

/**
 * retry(throttle(authorise(send))): every attempt queues anew, so that a repeat neither holds a place while it waits
 * nor leaves before others of a higher lane.
 */
export function createPipeline(config: PipelineConfig): Transport {
  const { budget, tokens, clock } = config;
  const send: SendConfig = {
    ...config,
    observe: (headers) => {
      const reading = readRateLimit(headers);
      if (reading) budget.throttle.observe(reading);
    },
  };
  const authorised = withAuthorisation(
    (request, token) => sendOnce(send, request, token),
    tokens,
    budget.health,
    config,
  );
  const throttled = withThrottle(authorised, budget, clock);
  return withRetry(withLog(throttled, config), budget.health, config);
}

function withThrottle(next: Transport, { throttle, health }: RateBudget, clock: () => number): Transport {
  return async (request) => {
    health.admitWaiting();
    const release = await throttle.acquire(request);
    let over = () => {};
    try {
      over = await health.admit(request);
      const response = await next(request);
      health.succeeded();
      throttle.accept();
      return response;
    } catch (error) {
      if (!isAscError(error)) throw error;
      if (error.is('server', 'intermediary', 'network', 'timeout')) health.failed(error);
      else if (error.kind !== 'aborted' && !error.isUnsent) health.answered();
      if (error.isUnsent) throw error;
      if (error.kind === 'rate_limited')
        throw withFacts(error, { retryAt: throttle.refuse(error.retryAt ?? clock()) });
      if (error.kind !== 'aborted') throttle.accept();
      throw error;
    } finally {
      over();
      release();
    }
  };
}

/** One line per attempt; never a body, a header or what stands in a filter. */
function withLog(next: Transport, { log, clock }: Pick<PipelineConfig, 'log' | 'clock'>): Transport {
  if (!log) return next;
  return async (request) => {
    const { method, lane } = request;
    const path = safePath(request.path);
    const startedAt = clock();
    try {
      const response = await next(request);
      const { status, requestId } = response;
      log.debug({ method, path, lane, status, requestId, ms: clock() - startedAt }, 'asc answered');
      return response;
    } catch (error) {
      const facts = isAscError(error) ? error.toJSON() : { kind: 'unexpected' };
      log.warn({ ...facts, method, path, lane, ms: clock() - startedAt }, 'asc refused or failed');
      throw error;
    }
  };
}
