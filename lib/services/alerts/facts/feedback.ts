import { isolated } from '@/lib/format/isolated';
import { formatPlural } from '@/lib/format/numbers';
import { issueName } from '../../feedback/title';
import { gathered } from '../../gathered';
import { unreadOfApps } from '../../health/find-feedback';
import type { Ask, Course, Fact, Find, Told, Wanted } from './types';

const DAY_MS = 24 * 60 * 60_000;
/** A crash whose last report is older than this when it is first seen here is history that is taken in, ms. */
const NEWS_MS = 2 * DAY_MS;
/** Apple's clock and ours may differ by some minutes: what came in shortly before an account was connected is news. */
const CLOCKS_MS = 60 * 60_000;
const iso = (ms: number) => new Date(ms).toISOString();

interface CrashRow {
  readonly id: string;
  readonly accountId: string;
  readonly appId: string;
  readonly kind: string;
  readonly title: string;
  readonly number: number | null;
  readonly crashKind: string | null;
  readonly topFrame: string | null;
  readonly reportCount: number;
  readonly testerCount: number;
}

const crashes = ({ db: { build } }: Ask, app: Wanted['app']) =>
  build
    .selectFrom('issues as i')
    .select(['i.id', 'i.accountId', 'i.appId', 'i.kind', 'i.title', 'i.number', 'i.crashKind', 'i.topFrame'])
    .select(['i.reportCount', 'i.testerCount'])
    .where('i.kind', '=', 'crash')
    .where('i.mergedInto', 'is', null)
    .where('i.duplicateOf', 'is', null)
    .$if(app !== null, (of) =>
      of.where('i.accountId', '=', app?.accountId ?? '').where('i.appId', '=', app?.appId ?? ''),
    );

function crashFact(
  { places }: Ask,
  row: CrashRow,
  { kind, at, nth = '' }: { kind: Wanted['kind']; at: number; nth?: string },
  says: (name: string, app: string) => Pick<Told, 'title' | 'detail'>,
): Fact[] {
  const app = places.app(row.accountId, row.appId);
  if (!app) return [];
  const number = row.number === null ? '' : ` (#${row.number})`;
  return [
    {
      key: `${kind}/${row.accountId}/${row.id}${nth === '' ? '' : `/${nth}`}`,
      ...{ kind, at, accountId: row.accountId, appId: row.appId, app: app.name, level: 'bad' },
      ...says(`${isolated(issueName(row))}${number}`, app.name),
      path: `/issues/${encodeURIComponent(row.id)}`,
    },
  ];
}

const reach = ({ reportCount, testerCount }: CrashRow) =>
  `${formatPlural(reportCount, 'report')} of ${formatPlural(testerCount, 'tester')} so far.`;

/** Crashes that are like none before; one that was there before its account was connected is no news. */
export const newCrash: Find = async (ask, { from, until }, { kind, app }) => {
  const rows = await ask.db.read(
    crashes(ask, app)
      .innerJoin('Account as a', 'a.id', 'i.accountId')
      .select(['i.createdAt', 'i.firstDate', 'i.lastDate', 'a.createdAt as connectedAt'])
      .where('i.createdAt', '>', from)
      .where('i.createdAt', '<=', until),
  );
  const facts = rows.flatMap(({ createdAt, connectedAt, firstDate, lastDate, ...row }) => {
    const isSince = (at: number, date: string | null) => date !== null && Date.parse(date) - ask.ahead > at;
    if (!isSince(createdAt - NEWS_MS, lastDate) || !isSince(connectedAt - CLOCKS_MS, firstDate ?? lastDate))
      return [];
    return crashFact(ask, row, { kind, at: createdAt }, (name, appName) => ({
      title: `New crash in ${appName}: ${name}`,
      detail: reach(row),
    }));
  });
  return { facts, courses: [], tellsFrom: null };
};

/** Crashes that were resolved, and came again in a newer build. */
export const regressedCrash: Find = async (ask, { from, until }, { kind, app }) => {
  const rows = await ask.db.read(
    crashes(ask, app)
      .select('i.regressedAt')
      .where('i.regressedAt', '>', from)
      .where('i.regressedAt', '<=', until),
  );
  const facts = rows.flatMap(({ regressedAt, ...row }) =>
    crashFact(ask, row, { kind, at: regressedAt ?? until, nth: String(regressedAt) }, (name, appName) => ({
      title: `Back in ${appName}: ${name}`,
      detail: `It was resolved, and a newer build has it again. ${reach(row)}`,
    })),
  );
  return { facts, courses: [], tellsFrom: null };
};

/** Crashes with more reports on a UTC day than so many, when the one too many was sent in. */
export const issueAbove: Find = async (ask, { from, until }, { kind, app, threshold }) => {
  const { build, read } = ask.db;
  // What a report of the first day counts with may have come before the window.
  const since = `${iso(from + ask.ahead).slice(0, 10)}T00:00:00.000Z`;
  const many = await read(
    crashes(ask, app)
      .innerJoin('feedback as f', 'f.issueId', 'i.id')
      .where('f.createdDate', '>=', since)
      .where('f.createdDate', '<=', iso(until + ask.ahead))
      .groupBy([
        'i.id',
        'i.accountId',
        'i.appId',
        'i.kind',
        'i.title',
        'i.number',
        'i.crashKind',
        'i.topFrame',
      ])
      .groupBy(['i.reportCount', 'i.testerCount'])
      .having(({ fn }) => fn.countAll(), '>', threshold),
  );
  if (many.length === 0) return { facts: [], courses: [], tellsFrom: null };
  const reports = await read(
    build
      .selectFrom('feedback as f')
      .select(['f.issueId', 'f.createdDate'])
      .where(({ ref }) =>
        ask.db.dialect.among(
          ref('f.issueId'),
          many.map(({ id }) => id),
        ),
      )
      .where('f.createdDate', '>=', since)
      .where('f.createdDate', '<=', iso(until + ask.ahead))
      .orderBy('f.createdDate'),
  );
  const byDay = gathered(reports, ({ issueId, createdDate }) => `${issueId} ${createdDate?.slice(0, 10)}`);
  const facts = many.flatMap((row) =>
    [...byDay].flatMap(([of, those]) => {
      const [issueId, day = ''] = of.split(' ');
      const oneTooMany = those[threshold]?.createdDate;
      const at = Date.parse(oneTooMany ?? '') - ask.ahead;
      if (issueId !== row.id || Number.isNaN(at) || at <= from || at > until) return [];
      return crashFact(ask, row, { kind, at, nth: `${threshold}/${day}` }, (name, appName) => ({
        title: `More than ${formatPlural(threshold, 'report')} of one crash of ${appName} on ${day}: ${name}`,
        detail: `${reach(row)} A day is told in UTC.`,
      }));
    }),
  );
  return { facts, courses: [], tellsFrom: null };
};

/** Apps with feedback that has waited so many days for somebody to look at it. */
export const feedbackUnread: Find = async (ask, { until }, { app, threshold }) => {
  const waitMs = threshold * DAY_MS;
  const courses = (await unreadOfApps(ask.health)).flatMap(
    ({ accountId, appId, reports, oldest }): Course[] => {
      const place = ask.places.app(accountId, appId);
      const isElsewhere = app !== null && (accountId !== app.accountId || appId !== app.appId);
      const at = Date.parse(oldest ?? '') + waitMs - ask.ahead;
      if (!place || isElsewhere || !(at <= until)) return [];
      const over: Told = {
        title: `${place.name} has feedback that has been new for ${formatPlural(threshold, 'day')}`,
        detail: `${formatPlural(reports, 'report')} nobody has decided about, the oldest of ${oldest?.slice(0, 10)} (UTC).`,
        level: 'attention',
        path: `${place.home}/feedback`,
      };
      const points = [
        { at, over },
        { at: until, over },
      ];
      return [{ subject: `feedback/${accountId}/${appId}`, accountId, appId, app: place.name, points }];
    },
  );
  return { facts: [], courses, tellsFrom: null };
};
