import { getUser } from '@/lib/access/users';
import type { Outcome, Work } from '@/lib/jobs/types';
import { alertRuleBody } from '../alerting/body';
import { channelChoices, connectorOf } from '../alerting/channels';
import { rulesOf } from '../alerting/rows';
import { addAlertRule, changeAlertRule, removeAlertRule } from '../alerting/rules';
import type { PersonCtx } from '../alerting/settings';
import type { AppFacts } from '../app-facts';
import type { Ctx } from '../ctx';
import { RefusedError } from '../errors';
import { isSame } from '../resources/expectation';
import type { Programme } from './programme';
import type { ProgrammeStep } from './step';

type Place = Pick<AppFacts, 'accountId' | 'appId'>;

/** The alerts about an app of whoever asks, with the channels they may name; null for a machine, which has none. */
export async function alertsOf(ctx: Ctx, place: Place): Promise<Programme['alerts']> {
  const { actor, db } = ctx;
  if (actor.kind !== 'user') return null;
  const channels = (await channelChoices(db, actor)).map(({ channel, name }) => ({
    channel,
    word: connectorOf(channel) === null ? channel : name,
  }));
  const wordOf = (channel: string) => channels.find((one) => one.channel === channel)?.word ?? channel;
  const rules = (await ownRules(ctx, actor.id, place)).map((rule) => {
    const { id, version, kind, threshold, least, isEnabled } = rule;
    return { id, version, kind, threshold, least, isEnabled, channels: rule.channels.map(wordOf).toSorted() };
  });
  return { rules, channels };
}

async function ownRules({ db }: Pick<Ctx, 'db'>, userId: string, { accountId, appId }: Place) {
  return (await rulesOf(db, userId)).filter((rule) => rule.appId === appId && rule.accountId === accountId);
}

/** What is to become of a step about an alert, by what is there now. */
async function stateOf(
  ctx: Ctx,
  userId: string,
  place: Place,
  { operation, id, attributes, expect }: ProgrammeStep,
): Promise<'ready' | 'already' | 'gone' | 'stale'> {
  const rules = await ownRules(ctx, userId, place);
  const isSo = ({ channels, ...rule }: (typeof rules)[number]) => {
    const said: Readonly<Record<string, unknown>> = { ...rule, channels: channels.toSorted() };
    return Object.entries(attributes).every(([name, value]) => isSame(said[name], value));
  };
  if (operation === 'create') return rules.some(isSo) ? 'already' : 'ready';
  const rule = rules.find((one) => one.id === id);
  if (!rule) return operation === 'delete' ? 'already' : 'gone';
  if (operation === 'update' && isSo(rule)) return 'already';
  return rule.version === expect.version ? 'ready' : 'stale';
}

const NOBODY = {
  status: 'failed',
  code: 'FLIGHTDECK.NOBODY',
  detail: 'Whoever began this may not sign in any more, and an alert is a person’s own.',
} as const;

/** The person who began a job, with what they may by now; null where they may not sign in any more. */
async function personOf(work: Work<Ctx>): Promise<PersonCtx | null> {
  const { context, job } = work;
  const user = job.createdBy === null ? null : await getUser(context.db, job.createdBy);
  if (!user || user.disabledAt !== null) return null;
  const { id, email, name, role } = user;
  return { ...context, actor: { kind: 'user', id, email, name, role, sessionId: `job-${job.id}` } };
}

/** Whether what a step wants of an alert is so. */
export async function isAlertSo(work: Work<Ctx>, place: Place, step: ProgrammeStep): Promise<boolean> {
  const { createdBy } = work.job;
  return createdBy !== null && (await stateOf(work.context, createdBy, place, step)) === 'already';
}

/** Carries out a step about an alert, as the person who began the job. */
export async function applyAlert(
  work: Work<Ctx>,
  place: Place,
  step: ProgrammeStep,
): Promise<Outcome | 'already' | 'stale' | 'gone'> {
  const ctx = await personOf(work);
  if (!ctx) return NOBODY;
  const state = await stateOf(ctx, ctx.actor.id, place, step);
  if (state !== 'ready') return state;
  try {
    const { id, operation, attributes, expect } = step;
    if (operation === 'delete') await removeAlertRule(ctx, id ?? '');
    else {
      const { accountId, appId } = place;
      const body = alertRuleBody.parse({ ...attributes, app: { appId, accountId } });
      if (operation === 'create') await addAlertRule(ctx, body);
      else await changeAlertRule(ctx, id ?? '', { ...body, version: Number(expect.version) });
    }
    return { status: 'done' };
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    const detail = error.problems.map((problem) => problem.detail).join(' ');
    return { status: 'failed', code: error.problems[0]?.code ?? 'FLIGHTDECK.REFUSED', detail };
  }
}
