import { record } from '@/lib/audit/trail';
import { isTracker } from '@/lib/connectors/connector';
import { ConnectorError } from '@/lib/connectors/types';
import { announced } from '@/lib/store/feed';
import { auditActor } from '../audited';
import type { Ctx } from '../ctx';
import { standingIssue } from '../feedback/issue-rows';
import { triage } from '../feedback/triage';
import { goOn } from './carry-out';
import { type HandoverRow, openHandovers, takeOn } from './handover-rows';
import { type ConnectorRow, connectorRows, using } from './rows';

/** How often a tracker is asked how an issue stands, ms: one that is open here, and one that is settled. */
const OPEN_EVERY_MS = 10 * 60_000;
const SETTLED_EVERY_MS = 6 * 60 * 60_000;
/** After a failure nothing more of the connector is asked for so long, ms. */
const TROUBLE_MS = 5 * 60_000;
/** So many issues of a connector are asked for in one round. */
const AT_ONCE = 20;

/** Goes on with everything that was not settled: what a process was stopped at, and what may have been done. */
export async function settleHandovers(ctx: Ctx, signal: AbortSignal): Promise<void> {
  const connectors = new Map((await connectorRows(ctx.db)).map((row) => [row.id, row]));
  for (const open of await openHandovers(ctx.db, ctx.clock.now())) {
    if (signal.aborted) return;
    const to = connectors.get(open.connectorId);
    const row = to && (await takeOn(ctx, open));
    if (!to || !row) continue;
    try {
      const carried = await using(ctx, to, (connector) => goOn(ctx, row, { connector, to }));
      if (carried.row.state === 'sent') await recordFound(ctx, carried.row, to);
    } catch (error) {
      // Others need not wait for one; it is taken on again when its turn is over.
      ctx.log.warn({ error, handoverId: row.id }, 'What was handed over could not be settled now.');
    }
  }
}

async function recordFound(ctx: Ctx, row: HandoverRow, to: ConnectorRow): Promise<void> {
  const issue = await ctx.db.prisma.issue.findUnique({ where: { id: row.issueId } });
  await record(
    ctx.db,
    {
      ...auditActor(ctx.actor),
      ...{
        at: ctx.clock.now(),
        action: 'handOver',
        type: 'issues',
        resourceId: row.issueId,
        label: row.title,
      },
      ...{ accountId: issue?.accountId ?? null, appId: issue?.appId ?? null, requestId: ctx.requestId },
    },
    { status: 'succeeded', after: { connector: to.name, isMessage: !isTracker(to.kind), key: row.key } },
  );
}

/** Asks trackers how what was made there stands; what is closed there is resolved here, where the connector says so. */
export async function readStates(ctx: Ctx, signal: AbortSignal): Promise<void> {
  for (const to of await connectorRows(ctx.db)) {
    if (signal.aborted) return;
    if (to.removedAt !== null || !isTracker(to.kind)) continue;
    const due = await dueOf(ctx, to.id);
    if (due.length === 0) continue;
    await using(ctx, to, async (connector) => {
      for (const row of due) {
        if (signal.aborted) return;
        try {
          const made = { key: row.key ?? '', remoteId: row.remoteId ?? '', url: row.url ?? '' };
          await keepState(ctx, { row, to }, (await connector.state?.(made)) ?? null);
        } catch (error) {
          if (!(error instanceof ConnectorError)) throw error;
          // What is wrong with one is mostly wrong with all.
          await putOff(ctx, to, error);
          return;
        }
      }
    });
  }
}

async function dueOf({ db, clock }: Ctx, connectorId: string): Promise<HandoverRow[]> {
  return db.read(
    db.build
      .selectFrom('handovers as h')
      .innerJoin('issues as i', 'i.id', 'h.issueId')
      .selectAll('h')
      .where('h.connectorId', '=', connectorId)
      .where('h.state', '=', 'sent')
      .where('h.remoteId', 'is not', null)
      .where('h.stateAfter', '<=', clock.now())
      .orderBy('h.stateAfter')
      .orderBy('h.id')
      .limit(AT_ONCE)
      .$castTo<HandoverRow>(),
  );
}

const OPEN = ['new', 'triaged', 'inProgress'];

async function keepState(
  ctx: Ctx,
  { row, to }: { row: HandoverRow; to: ConnectorRow },
  remote: { isClosed: boolean; words: string } | null,
): Promise<void> {
  const now = ctx.clock.now();
  // Merged into another, it is that one that the tracker's issue is about.
  const issue = await standingIssue(ctx, row.issueId);
  const isOpen = issue !== undefined && OPEN.includes(String(issue.status));
  const everyMs = isOpen ? OPEN_EVERY_MS : SETTLED_EVERY_MS;
  const isNew =
    remote !== null && (row.isClosed !== (remote.isClosed ? 1 : 0) || row.remoteState !== remote.words);
  const { build } = ctx.db;
  await ctx.db.write([
    build
      .updateTable('handovers')
      .set(
        remote
          ? {
              ...{ isClosed: remote.isClosed ? 1 : 0, remoteState: remote.words.slice(0, 100), stateAt: now },
              ...{ stateAfter: now + everyMs, stateTrouble: null },
            }
          : {
              stateAfter: now + SETTLED_EVERY_MS,
              stateTrouble: 'It is not there any more, or the secret may not see it.',
            },
      )
      .where('id', '=', row.id),
    ...(isNew ? announced('feedback', [issue?.id ?? row.issueId], now) : []),
  ]);
  // Only the closing itself resolves: who opens it again here has decided otherwise.
  if (to.doesResolve === 1 && remote?.isClosed && row.isClosed !== 1 && isOpen)
    await triage(ctx, { target: { issues: [issue.id] }, change: { status: 'resolved' } });
}

async function putOff({ db, clock }: Ctx, to: ConnectorRow, error: ConnectorError): Promise<void> {
  const now = clock.now();
  await db.write([
    db.build
      .updateTable('handovers')
      .set({ stateAfter: now + Math.max(error.afterMs ?? 0, TROUBLE_MS), stateTrouble: error.message })
      .where('connectorId', '=', to.id)
      .where('state', '=', 'sent')
      .where('stateAfter', '<=', now),
  ]);
}
