export const FAULT_KINDS = [
  'status',
  'drop',
  'slow',
  'drip',
  'endless',
  'oversize',
  'truncate',
  'malformed',
  'html',
  'lie',
  'missing-data',
  'unknown-values',
  'null-attributes',
  'next-foreign',
  'next-repeat',
  'without-included',
  'cursor-expired',
  'no-rate-limit-header',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/** What goes wrong, where, and how often. */
export interface FaultRule {
  kind: FaultKind;
  /** HTTP method; any when left out. */
  method?: string;
  /** A path template such as `/v1/betaTesters/{id}`, or a path with `*` for anything; any when left out. */
  route?: string;
  keyId?: string;
  /** How many requests are hit before the fault is spent; unlimited when left out. */
  count?: number;
  /** How many matching requests pass before the first is hit. */
  skip?: number;
  /** Share of matching requests that is hit, 0 to 1. */
  probability?: number;
  /** For `status` and `drop`: before the request is carried out (the default) or after. */
  when?: 'before' | 'after';
  status?: number;
  code?: string;
  title?: string;
  detail?: string;
  /** For `status`: several errors in one answer, instead of `code` and `detail`. */
  errors?: readonly { code: string; title?: string; detail: string }[];
  /** Seconds in the `Retry-After` header; left out for none. */
  retryAfter?: number;
  retryAfterForm?: 'seconds' | 'http-date' | 'epoch-ms';
  /** Delay of `slow`, or pause between the bytes of `drip`, in milliseconds. */
  ms?: number;
  /** Size of `oversize`. */
  bytes?: number;
  /** Origin that `next-foreign` points to. */
  origin?: string;
}

export interface Fault extends FaultRule {
  id: number;
  /** Matching requests so far, and how many of them were hit. */
  seen: number;
  hits: number;
}

function matchesRoute(pattern: string, template: string | null, pathname: string): boolean {
  if (pattern === template || pattern === pathname) return true;
  if (!pattern.includes('*')) return false;
  const escaped = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('.*')}$`).test(pathname);
}

/** Faults to be injected, taken one per request in the order in which they were added. */
export class Faults {
  #faults: Fault[] = [];
  #lastId = 0;
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  add(rule: FaultRule): Fault {
    this.#lastId += 1;
    const fault = { ...rule, id: this.#lastId, seen: 0, hits: 0 };
    this.#faults.push(fault);
    return fault;
  }

  list(): readonly Fault[] {
    return this.#faults;
  }

  /** Takes back one fault, or all. */
  remove(id: number | null): void {
    this.#faults = id === null ? [] : this.#faults.filter((fault) => fault.id !== id);
  }

  /** The fault that hits this request, if one does. */
  take(method: string, template: string | null, pathname: string, keyId: string | null): Fault | null {
    for (const fault of this.#faults) {
      if (fault.method !== undefined && fault.method !== method) continue;
      if (fault.keyId !== undefined && fault.keyId !== keyId) continue;
      if (fault.route !== undefined && !matchesRoute(fault.route, template, pathname)) continue;
      if (fault.count !== undefined && fault.hits >= fault.count) continue;
      fault.seen += 1;
      if (fault.seen <= (fault.skip ?? 0)) continue;
      if (fault.probability !== undefined && this.#random() >= fault.probability) continue;
      fault.hits += 1;
      return fault;
    }
    return null;
  }
}

/** A repeatable source of numbers from 0 up to 1. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
