import { isTracker } from '@/lib/connectors/connector';
import { shape } from '@/lib/store/shape';
import { exactly, type Write } from '@/lib/store/store';
import type { Ctx } from '../ctx';
import type { ConnectorRow } from './rows';

/** What was handed over, as it is kept. */
export interface HandoverRow {
  readonly id: string;
  readonly connectorId: string;
  readonly issueId: string;
  readonly feedbackId: string | null;
  /** `sending`, `unsure`, `sent`, `refused` or `dropped` */
  readonly state: string;
  readonly title: string;
  readonly body: string;
  readonly turn: number;
  readonly turnUntil: number;
  readonly sentAt: number;
  readonly sends: number;
  readonly looks: number;
  readonly trouble: string | null;
  readonly key: string | null;
  readonly remoteId: string | null;
  readonly url: string | null;
  readonly isClosed: number | null;
  readonly remoteState: string | null;
  readonly stateAt: number | null;
  readonly stateAfter: number | null;
  readonly stateTrouble: string | null;
  readonly createdAt: number;
  readonly createdBy: string | null;
}

/** For so long nobody else takes on what somebody is sending, ms: longer than any request may last. */
export const TURN_MS = 90_000;

const one = shape((build, given: { id: string }) =>
  build.selectFrom('handovers').selectAll().where('id', '=', given.id).$castTo<HandoverRow>(),
);

export async function handoverRow(db: Ctx['db'], id: string): Promise<HandoverRow | undefined> {
  const [row] = await db.read(one({ id }));
  return row;
}

const ofIssues = shape((build, given: { issueIds: readonly string[] }, { among }) =>
  build
    .selectFrom('handovers')
    .selectAll()
    .where(({ ref }) => among(ref('issueId'), given.issueIds))
    .orderBy('createdAt', 'desc')
    .orderBy('id')
    .$castTo<HandoverRow>(),
);

/** What was handed over of an issue, and of those that were merged into it, the newest first. */
export async function handoversOf(db: Ctx['db'], issueId: string): Promise<HandoverRow[]> {
  return db.read(ofIssues({ issueIds: await withMerged(db, issueId) }));
}

const mergedInto = shape((build, given: { issueIds: readonly string[] }, { among }) =>
  build
    .selectFrom('issues')
    .select('id')
    .where(({ ref }) => among(ref('mergedInto'), given.issueIds)),
);

async function withMerged(db: Ctx['db'], issueId: string): Promise<string[]> {
  const all = new Set([issueId]);
  for (let fresh = [issueId]; fresh.length > 0; ) {
    const found = await db.read(mergedInto({ issueIds: fresh }));
    fresh = found.map(({ id }) => id).filter((id) => !all.has(id));
    for (const id of fresh) all.add(id);
  }
  return [...all];
}

/** While it stands no second one is made: for a tracker ever, for a message until it is known to be sent. */
export const guardOf = (connector: ConnectorRow, issueId: string): string => `${connector.id} ${issueId}`;

/** What becomes of the guard when it is sent. */
export const guardWhenSent = (connector: ConnectorRow, { issueId }: HandoverRow): string | null =>
  isTracker(connector.kind) ? guardOf(connector, issueId) : null;

const open = shape((build, given: { now: number }) =>
  build
    .selectFrom('handovers as h')
    .innerJoin('connectors as c', 'c.id', 'h.connectorId')
    .selectAll('h')
    .where('h.state', 'in', ['sending', 'unsure'])
    .where('h.turnUntil', '<=', given.now)
    .where('c.removedAt', 'is', null)
    .orderBy('h.turnUntil')
    .orderBy('h.id')
    .limit(50)
    .$castTo<HandoverRow>(),
);

/** What is not settled, and nobody is at. */
export const openHandovers = (db: Ctx['db'], now: number): Promise<HandoverRow[]> => db.read(open({ now }));

type Change = Partial<
  Pick<
    HandoverRow,
    | 'state'
    | 'turn'
    | 'turnUntil'
    | 'sentAt'
    | 'sends'
    | 'looks'
    | 'trouble'
    | 'key'
    | 'remoteId'
    | 'url'
    | 'stateAfter'
  >
> & { readonly guard?: string | null };

/** Changes what one holds; StaleWriteError says that somebody else has taken it on. */
export function changeHandover({ db }: Pick<Ctx, 'db'>, row: HandoverRow, change: Change): Write {
  return exactly(
    1,
    db.build
      .updateTable('handovers')
      .set(change)
      .where('id', '=', row.id)
      .where('turn', '=', row.turn)
      .where('state', 'in', ['sending', 'unsure']),
  );
}

/** Takes on what nobody is at; null when somebody was faster. */
export async function takeOn(ctx: Pick<Ctx, 'db' | 'clock'>, row: HandoverRow): Promise<HandoverRow | null> {
  const now = ctx.clock.now();
  const [taken] = await ctx.db.change(
    ctx.db.build
      .updateTable('handovers')
      .set({ turn: row.turn + 1, turnUntil: now + TURN_MS })
      .where('id', '=', row.id)
      .where('turn', '=', row.turn)
      .where('turnUntil', '<=', now)
      .where('state', 'in', ['sending', 'unsure'])
      .returningAll()
      .$castTo<HandoverRow>(),
  );
  return taken ?? null;
}
