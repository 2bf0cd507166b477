import { setTimeout as delay } from 'node:timers/promises';
import type { Prisma, PrismaClient } from '@/prisma/generated/sqlite/client';
import {
  codeOf,
  DatabaseUnavailableError,
  isLost,
  isUnconnected,
  StaleWriteError,
  translated,
} from './errors';
import { storedTexts } from './text';

type Delegates = Pick<PrismaClient, Uncapitalize<Prisma.ModelName>>;

/**
 * Prisma's client as the product uses it, for what is one record: each call is a transaction of its own. Instants come
 * as numbers, booleans as booleans; what must happen together goes through `write` of the store.
 */
export type Records = { readonly [Model in keyof Delegates]: Omit<Delegates[Model], 'fields'> };

/** Prisma's client as it is called here: by name. */
type ByName = Readonly<Record<string, Readonly<Record<string, (args: unknown) => Promise<unknown>>>>>;

const SHORTEST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 200;

interface RecordsOptions {
  /** Prisma is loaded at the first call: it costs 0.3 s and 30 MB. */
  readonly load: () => Promise<PrismaClient>;
  /** How long a write that is held up goes on trying, ms. */
  readonly patienceMs: number;
}

/** The records of a store by a client that is made when it is first needed. */
export function recordsOf({ load, patienceMs }: RecordsOptions) {
  let loading: Promise<PrismaClient> | undefined;
  const loaded = () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw translated(error);
    });
    return loading;
  };
  const call = async (model: string, operation: string, args: unknown) => {
    const client = (await loaded()) as unknown as ByName;
    const given = storedTexts(args);
    const work = async () => client[model]?.[operation]?.(given);
    return /^(find|count|aggregate|groupBy)/.test(operation) ? read(work) : write(work, patienceMs);
  };
  return {
    prisma: anything((model) =>
      anything((operation) => (args: unknown) => call(model, operation, args)),
    ) as Records,
    async close() {
      await (await loading)?.$disconnect();
    },
  };
}

/** A read that a breaking connection swallowed is asked again on a new one. */
async function read(work: () => Promise<unknown>): Promise<unknown> {
  try {
    return await work().catch((error: unknown) => (isLost(error) ? work() : Promise.reject(error)));
  } catch (error) {
    throw translated(error);
  }
}

/** A write that was refused for what passes is tried again; one whose connection broke may stand. */
async function write(work: () => Promise<unknown>, patienceMs: number): Promise<unknown> {
  const deadline = performance.now() + patienceMs;
  for (let pause = SHORTEST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      if (isLost(error) && !isUnconnected(error)) throw new DatabaseUnavailableError('unsure', error);
      if (codeOf(error) === 'P2025') throw new StaleWriteError('There is no such record.', { cause: error });
      const refusal = translated(error);
      if (!isPassing(refusal) || performance.now() + pause > deadline) throw refusal;
      await delay(pause * (0.5 + Math.random()));
    }
  }
}

const isPassing = (error: unknown) =>
  error instanceof DatabaseUnavailableError && ['locked', 'exhausted', 'unreachable'].includes(error.reason);

/** An object that has a member of every name but `then`, so that it is no promise. */
function anything(member: (name: string) => unknown): object {
  const get = (_: object, name: string | symbol) =>
    typeof name === 'symbol' || name === 'then' ? undefined : member(name);
  return new Proxy({}, { get });
}
