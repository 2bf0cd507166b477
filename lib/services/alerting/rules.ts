import { randomUUID } from 'node:crypto';
import { authorise, may } from '@/lib/access/policy';
import { type AlertKind, alertSentence, alertWords } from '@/lib/format/alerts';
import { namesOfApps } from '@/lib/mirror/query';
import { StaleWriteError } from '@/lib/store/errors';
import { announced } from '@/lib/store/feed';
import { exactly } from '@/lib/store/store';
import { appColumns, GONE_APP } from '../app-facts';
import { audited } from '../audited';
import { badMember, conflict, notFound } from '../errors';
import type { AlertRuleBody } from './body';
import { type ChannelChoice, channelChoices } from './channels';
import { type AlertRuleRow, rulesOf } from './rows';
import type { PersonCtx } from './settings';

/** A rule as its owner sees it. */
export interface AlertRuleView {
  readonly id: string;
  readonly kind: AlertKind;
  readonly app: { readonly appId: string; readonly accountId: string; readonly name: string } | null;
  readonly threshold: number | null;
  readonly least: number | null;
  readonly channels: readonly string[];
  readonly isEnabled: boolean;
  readonly version: number;
}

const MOST = 100;

/** Every rule of whoever asks. */
export async function myRules(ctx: PersonCtx): Promise<AlertRuleView[]> {
  authorise(ctx.actor, 'alerts:own');
  const rows = await rulesOf(ctx.db, ctx.actor.id);
  const names = await namesOfApps(
    ctx.db,
    rows.map(({ appId }) => appId),
  );
  return rows.map(({ accountId, appId, userId: _, since: __, ...row }) => ({
    ...row,
    app:
      appId === null || accountId === null
        ? null
        : { appId, accountId, name: names(appId, accountId)?.name ?? GONE_APP },
  }));
}

/** Adds a rule of one's own; nothing that happened before is told. @throws RefusedError 400, 404 for no such app */
export async function addAlertRule(ctx: PersonCtx, given: AlertRuleBody): Promise<{ id: string }> {
  authorise(ctx.actor, 'alerts:own');
  const columns = await columnsOf(ctx, given, null);
  if ((await rulesOf(ctx.db, ctx.actor.id)).length >= MOST)
    throw badMember('/kind', `You have ${MOST} alerts already. Remove one first.`);
  const [id, now] = [randomUUID(), ctx.clock.now()];
  const told = await toldOf(ctx, columns);
  return audited(ctx, { ...draft(columns), action: 'create', resourceId: id, requested: told }, async () => ({
    result: { id },
    after: told,
    statements: [
      ctx.db.build.insertInto('alertRules').values({
        ...{ id, userId: ctx.actor.id, ...columns, since: now, createdAt: now, updatedAt: now },
      }),
    ],
  }));
}

/** Changes a rule of one's own as it was seen. @throws RefusedError 400, 404, 409 where it was changed meanwhile */
export async function changeAlertRule(
  ctx: PersonCtx,
  id: string,
  given: AlertRuleBody,
): Promise<{ id: string }> {
  authorise(ctx.actor, 'alerts:own');
  const row = await ownRule(ctx, id);
  if (given.version === undefined) throw badMember('/version', 'Say which version of the alert you saw.');
  if (row.version !== given.version) throw stale();
  const columns = await columnsOf(ctx, given, row);
  // Another question begins anew; another channel does not.
  const isOther =
    row.kind !== columns.kind ||
    row.appId !== columns.appId ||
    row.accountId !== columns.accountId ||
    row.threshold !== columns.threshold ||
    row.least !== columns.least ||
    (!row.isEnabled && given.isEnabled);
  const now = ctx.clock.now();
  const { build } = ctx.db;
  try {
    return await audited(
      ctx,
      {
        ...{ ...draft(columns), action: 'update', resourceId: id },
        ...{
          before: await toldOf(ctx, { ...row, channels: JSON.stringify(row.channels) }),
          requested: await toldOf(ctx, columns),
        },
      },
      async () => ({
        result: { id },
        after: await toldOf(ctx, columns),
        statements: [
          exactly(
            1,
            build
              .updateTable('alertRules')
              .set({
                ...{ ...columns, version: row.version + 1, updatedAt: now },
                ...(isOther ? { since: now } : {}),
              })
              .where('id', '=', id)
              .where('version', '=', row.version),
          ),
          ...(isOther ? [build.deleteFrom('alertMarks').where('ruleId', '=', id)] : []),
          ...announced('alerts', [id], now),
        ],
      }),
    );
  } catch (error) {
    if (error instanceof StaleWriteError) throw stale();
    throw error;
  }
}

/** Takes a rule of one's own away. @throws RefusedError 404 */
export async function removeAlertRule(ctx: PersonCtx, id: string): Promise<void> {
  authorise(ctx.actor, 'alerts:own');
  const row = await ownRule(ctx, id);
  const before = await toldOf(ctx, { ...row, channels: JSON.stringify(row.channels) });
  await audited(ctx, { ...draft(row), action: 'delete', resourceId: id, before }, async () => ({
    result: undefined,
    statements: [
      ctx.db.build.deleteFrom('alertRules').where('id', '=', id),
      ctx.db.build.deleteFrom('alertMarks').where('ruleId', '=', id),
    ],
  }));
}

/** What most people want to be told of, in one click; what is there already stays as it is. */
const USUAL: readonly AlertKind[] = [
  ...(['buildProcessed', 'buildFailed', 'buildApproved', 'buildRejected', 'buildExpiring'] as const),
  ...(['slotsAbove', 'newCrash', 'regressedCrash', 'shipWaiting', 'syncFailing', 'keyRefused'] as const),
];

/** Adds the usual rules that one has not, for all apps. */
export async function addUsualRules(
  ctx: PersonCtx,
  { channels }: { readonly channels: readonly ('bell' | 'mail')[] },
): Promise<{ added: number }> {
  authorise(ctx.actor, 'alerts:own');
  const known = new Set((await rulesOf(ctx.db, ctx.actor.id)).map(({ kind }) => kind));
  let added = 0;
  for (const kind of USUAL) {
    const { threshold, sessions, needs } = alertWords(kind);
    if (known.has(kind) || (needs !== undefined && !may(ctx.actor, needs))) continue;
    await addAlertRule(ctx, {
      ...{ kind, app: null, channels: [...channels], isEnabled: true },
      ...{ threshold: threshold?.usual ?? null, least: sessions?.usual ?? null },
    });
    added += 1;
  }
  return { added };
}

const stale = () =>
  conflict(
    'FLIGHTDECK.STALE',
    'This alert was changed meanwhile. Nothing was changed; look and decide again.',
  );

async function ownRule(ctx: PersonCtx, id: string): Promise<AlertRuleRow> {
  const row = (await rulesOf(ctx.db, ctx.actor.id)).find((one) => one.id === id);
  if (!row) throw notFound('There is no such alert any more.');
  return row;
}

type Columns = Pick<AlertRuleRow, 'kind' | 'accountId' | 'appId' | 'threshold' | 'least'>;

const draft = ({ kind, accountId, appId }: Columns) => ({
  ...{ type: 'alertRules', label: alertWords(kind).name },
  ...(accountId === null || appId === null ? {} : { accountId, appId }),
});

/** How a rule stands in the trail: by its sentence and by names. */
async function toldOf(
  ctx: PersonCtx,
  { channels, isEnabled, ...rule }: Columns & { channels: string; isEnabled: boolean | number },
) {
  const names = await namesOfApps(ctx.db, [rule.appId]);
  const known = new Map(
    (await channelChoices(ctx.db, ctx.actor)).map(({ channel, name, kind }) => [
      channel,
      kind === 'mail' ? 'E-mail' : name,
    ]),
  );
  const { appId, accountId } = rule;
  return {
    ...{ rule: alertSentence(rule), isOn: Boolean(isEnabled) },
    app: appId === null || accountId === null ? null : (names(appId, accountId)?.name ?? GONE_APP),
    channels: (JSON.parse(channels) as string[]).map((one) => known.get(one) ?? 'A channel that is gone'),
  };
}

async function columnsOf(ctx: PersonCtx, given: AlertRuleBody, before: AlertRuleRow | null) {
  const { kind, app, threshold, least, channels, isEnabled } = given;
  const { needs } = alertWords(kind);
  if (needs !== undefined && !may(ctx.actor, needs))
    throw badMember('/kind', 'Your role does not let you see such a thing.');
  const choices = await channelChoices(ctx.db, ctx.actor);
  for (const channel of channels) {
    // One that is there already may be gone, or not work now, while something else is changed.
    if (before?.channels.includes(channel)) continue;
    const problem = problemOf(
      choices.find((one) => one.channel === channel),
      app,
    );
    if (problem !== null) throw badMember('/channels', problem);
  }
  return {
    ...{ kind, threshold, least, channels: JSON.stringify(channels), isEnabled: isEnabled ? 1 : 0 },
    ...(await appColumns(ctx, app, before)),
  };
}

function problemOf(choice: ChannelChoice | undefined, app: AlertRuleBody['app']): string | null {
  if (!choice) return 'There is no such channel, or your role does not let you use it.';
  if (choice.problem !== null) return choice.problem;
  const isOther = choice.app !== null && app !== null && choice.app.appId !== app.appId;
  return isOther ? `“${choice.name}” is for another app.` : null;
}
