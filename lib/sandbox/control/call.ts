import type { Assembly } from '../assembly';

/** A request of the control interface that makes no sense; answered with 400 or 404. */
export class ControlError extends Error {
  readonly status: number;

  constructor(message: string, status = 400) {
    super(message);
    this.status = status;
  }
}

/** What a handler is given: path parts after the name, the query, and the JSON body as an object. */
export interface ControlCall {
  rest: readonly string[];
  query: URLSearchParams;
  input: Record<string, unknown>;
  reset: () => void;
}

export type Handler = (parts: Assembly, call: ControlCall) => unknown;
