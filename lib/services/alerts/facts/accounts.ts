import { formatDuration } from '@/lib/format/durations';
import { gathered } from '../../gathered';
import { findKeysInTrouble, findRefusedKeys } from '../../health/find-accounts';
import type { Course, Find, Point, Told } from './types';

const MINUTE_MS = 60_000;

/** Accounts whose newest runs failed, for longer than so many minutes since the last that did not. */
export const syncFailing: Find = async (ask, { from, until }, { app, threshold }) => {
  const { build, read } = ask.db;
  const rows = await read(
    build
      .selectFrom('syncRuns')
      .select(['accountId', 'status', 'error', 'startedAt', 'finishedAt'])
      .where('status', 'in', ['succeeded', 'failed'])
      .where('finishedAt', 'is not', null)
      .where('finishedAt', '<=', until)
      .$if(app !== null, (of) => of.where('accountId', '=', app?.accountId ?? ''))
      .orderBy('finishedAt'),
  );
  const [first] = await read(
    build.selectFrom('syncRuns').select(({ fn }) => fn.min<number | null>('startedAt').as('at')),
  );
  const courses = [...gathered(rows, ({ accountId }) => accountId)].flatMap(([accountId, runs]): Course[] => {
    const name = ask.places.account(accountId);
    if (name === undefined) return [];
    let worked: number | null = null;
    let trouble: string | null = null;
    const points: Point[] = [];
    const judge = (at: number) => {
      const since = worked ?? runs[0]?.startedAt ?? at;
      const isOver = trouble !== null && at - since >= threshold * MINUTE_MS;
      points.push({ at, over: isOver ? failing(name, trouble, at - since) : null });
    };
    for (const run of runs) {
      if (run.status === 'succeeded') worked = run.finishedAt;
      trouble = run.status === 'failed' ? (run.error ?? '') : null;
      judge(run.finishedAt ?? run.startedAt);
    }
    judge(until);
    return [{ subject: `accounts/${accountId}`, accountId, appId: null, app: null, points }];
  });
  const since = first?.at ?? until;
  return { facts: [], courses, tellsFrom: since > from ? since : null };
};

const failing = (name: string, trouble: string | null, forMs: number): Told => ({
  title: `${name} could not be synced for ${formatDuration(forMs)}`,
  detail: `${trouble ? `${trouble} ` : ''}What is shown of it is as old as that.`,
  level: 'bad',
  path: '/settings/keys',
});

const WORDS: Readonly<Record<string, string>> = {
  unauthorized: 'App Store Connect does not accept it: it was revoked, or is no longer right.',
  forbidden: 'It may not do what is asked of it: its role is too small, or was changed.',
  agreement_missing: 'An agreement has to be accepted in App Store Connect before it works again.',
  clock_skew: 'The clock of this server is wrong, so App Store Connect does not take what it signs.',
};

/** Keys that App Store Connect refuses now, wholly or in part. */
export const keyRefused: Find = async ({ health, places }, { until }, { app }) => {
  const inTrouble = await findKeysInTrouble(health);
  const refused = [
    ...(await findRefusedKeys(health)),
    ...inTrouble.filter(({ facts }) => facts.state === 'forbidden'),
  ];
  const courses = refused.flatMap(({ accountId, since, facts }): Course[] => {
    const name = places.account(accountId);
    if (name === undefined || (app !== null && accountId !== app.accountId)) return [];
    const over: Told = {
      title: `The key of ${name} is refused`,
      detail: WORDS[facts.state] ?? null,
      level: 'bad',
      path: '/settings/keys',
    };
    const at = since === null ? until : Math.min(Date.parse(since), until);
    const points = [{ at, over }, ...(at < until ? [{ at: until, over }] : [])];
    return [{ subject: `accounts/${accountId}`, accountId, appId: null, app: null, points }];
  });
  return { facts: [], courses, tellsFrom: null };
};
