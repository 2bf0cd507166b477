import { z } from 'zod';
import { maskEmails } from '@/lib/access/mask';
import { authorise, may, type UserActor } from '@/lib/access/policy';
import { usersAmong } from '@/lib/access/users';
import { begin, finishStatement } from '@/lib/audit/trail';
import { isTracker } from '@/lib/connectors/connector';
import { ConnectorError, type Kind } from '@/lib/connectors/types';
import { DuplicateError } from '@/lib/store/errors';
import { auditActor } from '../audited';
import type { Ctx } from '../ctx';
import { badMember, conflict, notFound, type RefusedError, tooMany } from '../errors';
import { type Told, tell, type Which } from '../hand-over/told';
import { type Carried, goOn, send } from './carry-out';
import { asRefusal } from './connectors';
import { guardOf, type HandoverRow, handoverRow, handoversOf, TURN_MS } from './handover-rows';
import { type ConnectorRow, connectorRow, connectorRows, using } from './rows';
import { filled } from './template';

type PersonCtx = Ctx & { readonly actor: UserActor };

const id = z.string().min(1).max(200);
const whichBody = { kind: z.enum(['report', 'issue']), id, accountId: id.optional() };
export const handoverPreviewBody = z.strictObject({ connectorId: id, ...whichBody });
export const handoverBody = z.strictObject({
  connectorId: id,
  ...whichBody,
  /** Made once by the form: the same one a second time makes nothing. */
  attempt: z.uuid('The attempt needs a UUID.'),
  title: z.string().trim().min(1, 'It needs a title.').max(250, 'A title has at most 250 characters.'),
  body: z.string().trim().max(30_000, 'The text has at most 30,000 characters.'),
});
export const handoverDecisionBody = z.strictObject({
  /** `look` for it now; it has `arrived`; send it `again`; `drop` it. */
  decision: z.enum(['look', 'arrived', 'again', 'drop']),
});

/** What was handed over, as a page shows it; instants as ISO text. */
export interface HandoverView {
  readonly id: string;
  readonly kind: Kind;
  readonly connector: string;
  readonly isMessage: boolean;
  readonly state: 'sending' | 'unsure' | 'sent' | 'refused' | 'dropped';
  /** Whether only a person can say whether it arrived. */
  readonly needsPerson: boolean;
  readonly trouble: string | null;
  readonly key: string | null;
  readonly url: string | null;
  readonly remote: {
    readonly isClosed: boolean;
    readonly words: string;
    readonly at: string;
    readonly trouble: string | null;
  } | null;
  readonly stateTrouble: string | null;
  readonly at: string;
  readonly by: string | null;
}

export interface HandoverList {
  /** Where it can be handed over to. */
  readonly connectors: readonly {
    readonly id: string;
    readonly kind: Kind;
    readonly name: string;
    readonly isMessage: boolean;
  }[];
  readonly handovers: readonly HandoverView[];
}

/** What was handed over of a report's or an issue's issue, and where it can be. */
export async function listHandovers(ctx: Ctx, which: Which): Promise<HandoverList> {
  authorise(ctx.actor, 'feedback:read');
  const place = await placeOf(ctx, which);
  const connectors = await connectorRows(ctx.db);
  const rows = (await handoversOf(ctx.db, place.issueId)).filter(
    ({ state }) => state !== 'refused' && state !== 'dropped',
  );
  const view = await viewsOf(ctx, rows, connectors);
  const isFor = (row: ConnectorRow) =>
    row.removedAt === null &&
    (row.appId === null || (row.appId === place.appId && row.accountId === place.accountId));
  return {
    connectors: may(ctx.actor, 'feedback:write')
      ? connectors
          .filter(isFor)
          .map(({ id: one, kind, name }) => ({ id: one, kind, name, isMessage: !isTracker(kind) }))
      : [],
    handovers: view,
  };
}

/** What would be sent, before it is edited. @throws RefusedError 404 */
export async function previewHandover(
  ctx: Ctx,
  { connectorId, ...which }: z.infer<typeof handoverPreviewBody>,
): Promise<{ title: string; body: string }> {
  authorise(ctx.actor, 'feedback:write');
  const connector = await connectorRow(ctx.db, connectorId);
  const told = await tell(ctx, which);
  mustBeFor(connector, told);
  return filled(connector, told, may(ctx.actor, 'testers:identify'));
}

/**
 * Hands a report or an issue over: written down before anything is sent, so that a tracker gets one issue of it
 * whatever happens, and of two people who do it at once one is told of the other's.
 * @throws RefusedError 404, 409 when it was done already, 422 and 502 with the other side's reason, 429 when it asks for a pause
 */
export async function handOver(ctx: PersonCtx, given: z.infer<typeof handoverBody>): Promise<HandoverView> {
  authorise(ctx.actor, 'feedback:write');
  const to = await connectorRow(ctx.db, given.connectorId);
  const known = await handoverRow(ctx.db, given.attempt);
  if (known) return ownAttempt(ctx, known, given.connectorId);
  const told = await tell(ctx, given);
  mustBeFor(to, told);
  if (told.issueId === null)
    throw conflict('FLIGHTDECK.NOT_TAKEN_IN', 'This report is being taken in. Try again in a moment.');
  const intent = await begin(ctx.db, {
    ...auditActor(ctx.actor),
    ...{ at: ctx.clock.now(), requestId: ctx.requestId, accountId: told.accountId, appId: told.appId },
    ...{ action: 'handOver', type: 'issues', resourceId: told.issueId, label: told.title },
    requested: { connector: to.name, title: given.title },
  });
  const close = async (status: 'succeeded' | 'failed' | 'unknown', more: object) =>
    ctx.db.write([finishStatement(intent, { status, at: ctx.clock.now(), ...more })]).catch(() => undefined);
  try {
    // Its secret is opened first: without it nothing is written down.
    const carried = await using(ctx, to, async (connector) =>
      send(ctx, await writtenDown(ctx, given, { to, told }), { connector, to, facts: factsOf(told) }),
    );
    const view = await refusedOrView(ctx, carried, to);
    const { key } = carried.row;
    const after = { connector: to.name, isMessage: !isTracker(to.kind), ...(key === null ? {} : { key }) };
    if (carried.row.state === 'sent') await close('succeeded', { after });
    else
      await close('unknown', {
        after,
        errors: [{ detail: carried.row.trouble ?? 'It may have been done.' }],
      });
    return view;
  } catch (error) {
    await close('failed', { errors: [{ detail: error instanceof Error ? error.message : 'failed' }] });
    throw error;
  }
}

async function ownAttempt(ctx: PersonCtx, row: HandoverRow, connectorId: string): Promise<HandoverView> {
  if (row.createdBy !== ctx.actor.id || row.connectorId !== connectorId)
    throw badMember('/attempt', 'This attempt is somebody else’s.');
  if (row.state === 'refused')
    throw asRefusal(new ConnectorError('refused', row.trouble ?? 'It was refused.'));
  return viewOf(ctx, row);
}

/** The row stands before anything is sent. @throws RefusedError 409 when there is one already */
async function writtenDown(
  ctx: PersonCtx,
  given: z.infer<typeof handoverBody>,
  { to, told }: { to: ConnectorRow; told: Told },
): Promise<HandoverRow> {
  const now = ctx.clock.now();
  const issueId = told.issueId ?? '';
  if (isTracker(to.kind)) {
    // One that was merged into this one may have its issue there.
    const made = await madeBy(ctx, to, issueId);
    if (made) throw await already(ctx, made, to);
  }
  try {
    await ctx.db.write([
      ctx.db.build.insertInto('handovers').values({
        ...{ id: given.attempt, connectorId: to.id, issueId, state: 'sending' },
        feedbackId: given.kind === 'report' ? given.id : null,
        ...{ title: given.title, body: given.body, guard: guardOf(to, issueId) },
        ...{ turn: 1, turnUntil: now + TURN_MS, sentAt: now, sends: 1, looks: 0 },
        ...{ createdAt: now, createdBy: ctx.actor.id },
      }),
    ]);
  } catch (error) {
    if (!(error instanceof DuplicateError)) throw error;
    const other = await madeBy(ctx, to, issueId);
    throw other
      ? await already(ctx, other, to)
      : conflict('FLIGHTDECK.HANDED_OVER', 'Somebody is doing this at this moment.');
  }
  const row = await handoverRow(ctx.db, given.attempt);
  if (!row) throw notFound('What was written down is gone.');
  return row;
}

/** What a connector was handed of an issue, arrived or on its way. */
async function madeBy(ctx: Ctx, to: ConnectorRow, issueId: string): Promise<HandoverRow | undefined> {
  return (await handoversOf(ctx.db, issueId)).find(
    ({ connectorId, state }) => connectorId === to.id && ['sending', 'unsure', 'sent'].includes(state),
  );
}

async function already(ctx: Ctx, row: HandoverRow, to: ConnectorRow): Promise<RefusedError> {
  const view = await viewOf(ctx, row);
  const who = view.by ?? 'Somebody';
  const words =
    row.state === 'sent'
      ? `${who} has made an issue of it in ${to.name} already: ${row.key ?? ''}.`
      : row.state === 'sending'
        ? `${who} is handing it over to ${to.name} at this moment.`
        : `It may have been handed over to ${to.name} already. Look first.`;
  return conflict('FLIGHTDECK.HANDED_OVER', words, { handover: view });
}

/** What a machine may want to know, with every address masked. */
function factsOf(told: Told) {
  const { kind, appName: app, title, comment, facts, url } = maskEmails(told);
  return { kind, app, url, report: { title, comment, facts: Object.fromEntries(facts) } };
}

async function refusedOrView(
  ctx: Ctx,
  { row, refusal, retryAt }: Carried,
  to: ConnectorRow,
): Promise<HandoverView> {
  if (refusal && retryAt !== undefined)
    throw tooMany(`${refusal.message} Nothing was made in ${to.name}.`, retryAt);
  if (refusal) throw asRefusal(refusal);
  return viewOf(ctx, row);
}

/**
 * What a person decides about what may have been sent.
 * @throws RefusedError 404, 409 when it is settled, or somebody is at it
 */
export async function decideHandover(
  ctx: PersonCtx,
  handoverId: string,
  { decision }: z.infer<typeof handoverDecisionBody>,
): Promise<HandoverView> {
  authorise(ctx.actor, 'feedback:write');
  const row = await handoverRow(ctx.db, handoverId);
  if (!row) throw notFound('There is no such hand-over.');
  const now = ctx.clock.now();
  if (row.state !== 'unsure' && !(row.state === 'sending' && row.turnUntil <= now)) {
    if (row.state === 'sending') throw conflict('FLIGHTDECK.BUSY', 'It is being sent at this moment.');
    throw conflict('FLIGHTDECK.SETTLED', 'This is settled already.');
  }
  const to = await connectorRow(ctx.db, row.connectorId);
  const isMessage = !isTracker(to.kind);
  if (decision === 'look' && isMessage)
    throw badMember('/decision', 'A message cannot be looked for. Look into the channel.');
  if (decision === 'again' && !isMessage)
    throw badMember('/decision', 'Flightdeck looks for it itself and sends it again when it is not there.');
  const mine = await inHand(ctx, row);
  await recordDecision(ctx, row, { to, decision });
  if (decision === 'look')
    return viewOf(ctx, (await using(ctx, to, (connector) => goOn(ctx, mine, { connector, to }))).row);
  if (decision === 'again') {
    const carried = await using(ctx, to, (connector) => send(ctx, mine, { connector, to }));
    return refusedOrView(ctx, carried, to);
  }
  const state = decision === 'arrived' ? 'sent' : 'dropped';
  // A tracker's issue that a person has seen there still stands for the only one.
  const guard = decision === 'arrived' && !isMessage ? guardOf(to, row.issueId) : null;
  await ctx.db.write([
    ctx.db.build
      .updateTable('handovers')
      .set({ state, guard, trouble: null })
      .where('id', '=', row.id)
      .where('turn', '=', mine.turn),
  ]);
  return viewOf(ctx, (await handoverRow(ctx.db, row.id)) ?? row);
}

/** Takes it on whatever time it waits for. @throws RefusedError 409 when somebody else is at it */
async function inHand(ctx: Ctx, row: HandoverRow): Promise<HandoverRow> {
  const now = ctx.clock.now();
  const [mine] = await ctx.db.change(
    ctx.db.build
      .updateTable('handovers')
      .set({ turn: row.turn + 1, turnUntil: now + TURN_MS })
      .where('id', '=', row.id)
      .where('turn', '=', row.turn)
      .where('state', 'in', ['sending', 'unsure'])
      .returningAll()
      .$castTo<HandoverRow>(),
  );
  if (!mine) throw conflict('FLIGHTDECK.BUSY', 'Somebody else is at it at this moment.');
  return mine;
}

async function recordDecision(
  ctx: PersonCtx,
  row: HandoverRow,
  { to, decision }: { to: ConnectorRow; decision: string },
) {
  if (decision === 'look') return;
  const intent = await begin(ctx.db, {
    ...auditActor(ctx.actor),
    ...{ at: ctx.clock.now(), requestId: ctx.requestId, accountId: to.accountId, appId: to.appId },
    ...{ action: 'handOver', type: 'issues', resourceId: row.issueId, label: row.title },
    requested: { connector: to.name, decision },
  });
  const after = { connector: to.name, isMessage: !isTracker(to.kind), decision };
  await ctx.db.write([finishStatement(intent, { status: 'succeeded', at: ctx.clock.now(), after })]);
}

function mustBeFor(connector: ConnectorRow, { accountId, appId }: Pick<Told, 'accountId' | 'appId'>): void {
  if (connector.appId === null || (connector.appId === appId && connector.accountId === accountId)) return;
  throw badMember('/connectorId', 'This connector is for another app.');
}

/** The issue that is meant, with its app. @throws RefusedError 404 */
async function placeOf(
  ctx: Ctx,
  which: Which,
): Promise<{ issueId: string; accountId: string; appId: string }> {
  const { build } = ctx.db;
  const row =
    which.kind === 'issue'
      ? (
          await ctx.db.read(
            build
              .selectFrom('issues')
              .select(['id as issueId', 'accountId', 'appId'])
              .where('id', '=', which.id),
          )
        )[0]
      : (
          await ctx.db.read(
            build.selectFrom('feedback').select(['issueId', 'accountId', 'appId']).where('id', '=', which.id),
          )
        ).find(({ accountId }) => which.accountId === undefined || accountId === which.accountId);
  if (!row) throw notFound('There is no such report or issue here.');
  return { issueId: row.issueId ?? '', accountId: row.accountId, appId: row.appId };
}

async function viewOf(ctx: Ctx, row: HandoverRow): Promise<HandoverView> {
  const [view] = await viewsOf(ctx, [row], await connectorRows(ctx.db));
  if (!view) throw notFound('There is no such hand-over.');
  return view;
}

async function viewsOf(
  ctx: Ctx,
  rows: readonly HandoverRow[],
  connectors: readonly ConnectorRow[],
): Promise<HandoverView[]> {
  const people = await usersAmong(ctx.db, [...new Set(rows.flatMap(({ createdBy }) => createdBy ?? []))]);
  const isPlain = may(ctx.actor, 'testers:identify');
  const views = rows.flatMap((row): HandoverView[] => {
    const to = connectors.find(({ id: one }) => one === row.connectorId);
    if (!to) return [];
    const who = row.createdBy === null ? undefined : people.get(row.createdBy);
    const isMessage = !isTracker(to.kind);
    return [
      {
        ...{ id: row.id, kind: to.kind, connector: to.name, isMessage },
        state: row.state as HandoverView['state'],
        needsPerson: row.state === 'unsure' && isMessage,
        ...{ trouble: row.trouble, key: row.key, url: safeUrl(row.url), stateTrouble: row.stateTrouble },
        remote:
          row.stateAt === null || row.isClosed === null
            ? null
            : {
                ...{ isClosed: row.isClosed === 1, words: row.remoteState ?? '', trouble: row.stateTrouble },
                at: new Date(row.stateAt).toISOString(),
              },
        at: new Date(row.createdAt).toISOString(),
        by: who ? who.name || who.email : null,
      },
    ];
  });
  return isPlain ? views : maskEmails(views);
}

/** What the other side calls an address may be anything; only pages are linked. */
const safeUrl = (url: string | null) => (url !== null && /^https?:\/\//i.test(url) ? url : null);
