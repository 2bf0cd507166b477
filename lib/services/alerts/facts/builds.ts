import { buildWords } from '@/lib/format/builds';
import { formatPlural } from '@/lib/format/numbers';
import { isTested, placeOf } from '../../builds/known-builds';
import { gathered } from '../../gathered';
import type { Ask, Course, Fact, Find, Point, Told, Wanted } from './types';

const DAY_MS = 24 * 60 * 60_000;

interface BuildRow {
  readonly accountId: string;
  readonly appId: string;
  readonly id: string;
  readonly platform: string | null;
  readonly trainVersion: string | null;
  readonly version: string | null;
}

const iso = (ms: number) => new Date(ms).toISOString();

/** A fact of a build; null where its app is gone. */
function factOf(
  { places }: Ask,
  row: BuildRow,
  { kind, at, nth = '' }: { kind: Wanted['kind']; at: number; nth?: string },
  says: (name: string) => Pick<Told, 'title' | 'detail' | 'level'>,
): Fact[] {
  const app = places.app(row.accountId, row.appId);
  if (!app) return [];
  const key = `${kind}/${row.accountId}/${row.id}${nth === '' ? '' : `/${nth}`}`;
  return [
    {
      ...{ key, kind, at, accountId: row.accountId, appId: row.appId, app: app.name },
      ...says(`${app.name} ${buildWords(row)}`),
      path: `${app.home}/builds/${encodeURIComponent(row.id)}`,
    },
  ];
}

/** Apple's column, the values that count, and the date by which one that was never seen otherwise is placed. */
interface State {
  readonly column: 'processingState' | 'betaReviewState';
  readonly values: readonly string[];
  readonly date: 'uploadedDate' | 'submittedDate';
  readonly says: (name: string, value: string) => Pick<Told, 'title' | 'detail' | 'level'>;
}

/** Builds that came into a state: as the change was seen, or as they were when they were first seen. */
function became({ column, values, date, says }: State): Find {
  return async (ask, { from, until }, { kind, app }) => {
    const { build, read } = ask.db;
    const columns = ['b.accountId', 'b.appId', 'b.id', 'b.platform', 'b.trainVersion', 'b.version'] as const;
    const changes = await read(
      build
        .selectFrom('buildEvents as e')
        .innerJoin('builds as b', (join) =>
          join.onRef('b.accountId', '=', 'e.accountId').onRef('b.id', '=', 'e.buildId'),
        )
        .select([...columns, 'e.id as eventId', 'e.at', 'e.after as value'])
        .where('e.kind', '=', column)
        .where('e.after', 'in', values)
        .where('e.at', '>', from)
        .where('e.at', '<=', until)
        .$if(app !== null, (of) =>
          of.where('b.accountId', '=', app?.accountId ?? '').where('b.appId', '=', app?.appId ?? ''),
        ),
    );
    const firsts = await read(
      build
        .selectFrom('builds as b')
        .select([...columns, `b.${date} as date`, `b.${column} as value`])
        .where(`b.${column}`, 'in', values)
        .where(`b.${date}`, '>', iso(from + ask.ahead))
        .where(`b.${date}`, '<=', iso(until + ask.ahead))
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('buildEvents as e')
                .select('e.id')
                .whereRef('e.accountId', '=', 'b.accountId')
                .whereRef('e.buildId', '=', 'b.id')
                .where('e.kind', '=', column),
            ),
          ),
        )
        .$if(app !== null, (of) =>
          of.where('b.accountId', '=', app?.accountId ?? '').where('b.appId', '=', app?.appId ?? ''),
        ),
    );
    return {
      facts: [
        ...changes.flatMap(({ eventId, at, value, ...row }) =>
          factOf(ask, row, { kind, at, nth: String(eventId) }, (name) => says(name, value)),
        ),
        ...firsts.flatMap(({ date: when, value, ...row }) =>
          factOf(ask, row, { kind, at: Date.parse(when ?? '') - ask.ahead }, (name) =>
            says(name, value ?? ''),
          ),
        ),
      ],
      courses: [],
      tellsFrom: null,
    };
  };
}

export const buildProcessed = became({
  ...{ column: 'processingState', values: ['VALID'], date: 'uploadedDate' },
  says: (name) => ({ title: `${name} is processed`, detail: null, level: 'good' }),
});

export const buildFailed = became({
  ...{ column: 'processingState', values: ['FAILED', 'INVALID'], date: 'uploadedDate' },
  says: (name, value) => ({
    title: value === 'INVALID' ? `${name} is invalid` : `${name} could not be processed`,
    detail: 'App Store Connect mailed the reason to whoever uploaded it.',
    level: 'bad',
  }),
});

export const buildApproved = became({
  ...{ column: 'betaReviewState', values: ['APPROVED'], date: 'submittedDate' },
  says: (name) => ({ title: `Beta review approved ${name}`, detail: null, level: 'good' }),
});

export const buildRejected = became({
  ...{ column: 'betaReviewState', values: ['REJECTED'], date: 'submittedDate' },
  says: (name) => ({ title: `Beta review rejected ${name}`, detail: null, level: 'bad' }),
});

/** Builds that testers of a platform have, and that end last: whether they are within so many days of their end. */
export const buildExpiring: Find = async (ask, { from, until }, { app, threshold }) => {
  const now = iso(until + ask.ahead);
  const theirs = (await ask.health.builds()).filter(
    // What somebody has expired before its time is no longer theirs.
    (row) => isTested(row) || (row.groups > 0 && row.at <= now),
  );
  const places = gathered(theirs, placeOf);
  const courses = theirs.flatMap((row): Course[] => {
    const place = ask.places.app(row.accountId, row.appId);
    const isElsewhere = app !== null && (row.accountId !== app.accountId || row.appId !== app.appId);
    const end = Date.parse(row.at) - ask.ahead;
    const near = end - threshold * DAY_MS;
    if (!place || isElsewhere || near > until || end <= from) return [];
    // From when on another that ends later was there.
    const replacedAt = (places.get(placeOf(row)) ?? [])
      .filter((other) => other.at > row.at)
      .reduce((first, other) => Math.min(first, uploadedAt(other) - ask.ahead), Number.POSITIVE_INFINITY);
    const point = (at: number): Point => ({
      at,
      over:
        near <= at && at < Math.min(end, replacedAt)
          ? {
              title: `${place.name} ${buildWords(row)} expires in ${formatPlural(Math.ceil((end - at) / DAY_MS), 'day')}`,
              detail: `It is the last build that testers of its platform have. On ${row.at.slice(0, 10)} (UTC) they can no longer open it.`,
              level: 'attention',
              path: `${place.home}/builds/${encodeURIComponent(row.id)}`,
            }
          : null,
    });
    const times = [near, end, replacedAt].filter((at) => at < until).sort((one, other) => one - other);
    const { accountId, appId, id } = row;
    const subject = `builds/${accountId}/${id}`;
    return [{ subject, accountId, appId, app: place.name, points: [...times, until].map(point) }];
  });
  return { facts: [], courses, tellsFrom: null };
};

/** When a build was uploaded, ms since 1970; the oldest of all where that is not known. */
const uploadedAt = ({ uploadedDate }: { readonly uploadedDate: string | null }): number =>
  uploadedDate === null ? Number.NEGATIVE_INFINITY : Date.parse(uploadedDate);
