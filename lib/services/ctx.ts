import type { KeyStore } from '@/lib/access/key-store';
import type { Actor } from '@/lib/access/policy';
import type { AscClient } from '@/lib/asc/client-interface';
import type { AscFetch } from '@/lib/asc/transport/types';
import type { Clock } from '@/lib/clock';
import type { Env } from '@/lib/env';
import type { Log } from '@/lib/log';
import type { Database } from '@/lib/store/database';

export type ClientLane = 'interactive' | 'write' | 'sync';

/** What a service needs to do its work: who asks, and everything that varies. */
export interface Ctx {
  readonly actor: Actor;
  readonly db: Database;
  readonly clock: Clock;
  /** How far a simulated programme is ahead of `clock`, ms; see `programmeNow`. */
  readonly shiftMs?: (() => number) | undefined;
  readonly log: Log;
  readonly env: Env;
  readonly keys: KeyStore;
  /** The fetch that reaches App Store Connect; absent means the platform's own. */
  readonly fetch: AscFetch | undefined;
  readonly requestId: string;
  /** The client of an account; @throws UnknownAccountError when there is none of this id. */
  ascFor(accountId: string, lane?: ClientLane): Promise<AscClient>;
}
