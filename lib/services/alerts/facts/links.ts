import { APP_TESTER_LIMIT } from '@/lib/asc/catalogue/limits';
import { isolated } from '@/lib/format/isolated';
import { formatCount } from '@/lib/format/numbers';
import { dayOf } from '@/lib/format/utc-days';
import { gathered } from '../../gathered';
import { capacityAt } from '../../groups/capacity';
import { openLinks } from '../../health/open-links';
import { readDaysOfLimitedLinks } from '../../links/link-days';
import type { AppPlace } from './places';
import type { Ask, Course, Find, Point, Told, Wanted, Window } from './types';

const DAY_MS = 24 * 60 * 60_000;

/** When a UTC day was over: what was read last on it held then, ms since 1970. */
const endOf = (day: string) => Date.parse(`${day}T00:00:00Z`) + DAY_MS;

interface GroupRow {
  readonly accountId: string;
  readonly appId: string;
  readonly id: string;
  readonly name: string | null;
}

const groups = ({ db: { build } }: Ask, app: Wanted['app']) =>
  build
    .selectFrom('betaGroups as g')
    .select(['g.accountId', 'g.appId', 'g.id', 'g.name', 'g.testerCount', 'g.publicLinkEnabled'])
    .$if(app !== null, (of) =>
      of.where('g.accountId', '=', app?.accountId ?? '').where('g.appId', '=', app?.appId ?? ''),
    );

function courseOf(
  { places }: Ask,
  row: GroupRow,
  pointsOf: (link: string, page: string, place: AppPlace) => readonly Point[],
): Course[] {
  const { accountId, appId, id } = row;
  const place = places.app(accountId, appId);
  if (!place) return [];
  const link = `The public link of ${isolated(row.name ?? 'a group')} (${place.name})`;
  const points = pointsOf(link, `${place.home}/groups/${encodeURIComponent(id)}?tab=link`, place);
  return [{ subject: `betaGroups/${accountId}/${id}`, accountId, appId, app: place.name, points }];
}

/** Links with a limit: who came by them, now and day by day. */
export const slotsAbove: Find = async (ask, { from, until }, { app, threshold }) => {
  const links = (await openLinks(ask.health)).filter(
    ({ accountId, appId }) => app === null || (accountId === app.accountId && appId === app.appId),
  );
  const since = dayOf(from + ask.ahead - DAY_MS);
  const known = await readDaysOfLimitedLinks(ask.db, { accountId: app?.accountId, since });
  const [first] = await ask.db.read(
    ask.db.build.selectFrom('linkDays').select(({ fn }) => fn.min<string | null>('day').as('day')),
  );
  const courses = links.flatMap(({ used, limit, ...row }) =>
    courseOf(ask, row, (link, path) => {
      if (used === null || limit === null || limit <= 0) return [];
      const today = dayOf(until + ask.ahead);
      const past = (known.get(`${row.accountId} ${row.id}`) ?? []).flatMap(({ day, acceptedCount }) =>
        acceptedCount === null || day >= today ? [] : [{ day, acceptedCount }],
      );
      // People also leave: the days are shifted so that the last of them meets what is counted now.
      const shift = used - (past.at(-1)?.acceptedCount ?? 0);
      const point = (count: number, at: number): Point => ({
        at,
        over: count * 100 >= threshold * limit ? full(link, path, count, limit) : null,
      });
      return [
        ...past.map(({ day, acceptedCount }) => point(acceptedCount + shift, endOf(day) - ask.ahead)),
        point(used, until),
      ];
    }),
  );
  return { facts: [], courses, tellsFrom: toldFrom(first?.day, ask, { from, until }) };
};

/** Since when days are kept; null where that is longer than what is asked. */
function toldFrom(day: string | null | undefined, { ahead }: Ask, { from, until }: Window): number | null {
  const since = day ? Math.min(endOf(day) - ahead, until) : until;
  return since > from ? since : null;
}

const full = (link: string, path: string, count: number, limit: number): Told => ({
  title: `${link} has ${formatCount(count)} of ${formatCount(limit)} places taken`,
  detail:
    count >= limit
      ? 'Nobody can join any more until the limit is raised.'
      : 'Raise the limit, or remove testers who do not test.',
  level: count >= limit ? 'bad' : 'attention',
  path,
});

/** Links that were on and are off, day by day and now. */
export const linkClosed: Find = async (ask, { from, until }, { app }) => {
  const { build, read } = ask.db;
  const rows = await read(groups(ask, app).where('g.isInternalGroup', 'is distinct from', 1));
  const days = await read(
    build
      .selectFrom('groupDays')
      .select(['accountId', 'groupId', 'day', 'isLinkOn'])
      .where('day', '>=', dayOf(from + ask.ahead - DAY_MS))
      .where('day', '<', dayOf(until + ask.ahead))
      .where('isLinkOn', 'is not', null)
      .orderBy('day'),
  );
  const [first] = await read(
    build
      .selectFrom('groupDays')
      .select(({ fn }) => fn.min<string | null>('day').as('day'))
      .where('isLinkOn', 'is not', null),
  );
  const known = gathered(days, ({ accountId, groupId }) => `${accountId} ${groupId}`);
  const courses = rows.flatMap((row) =>
    courseOf(ask, row, (link, path) => {
      const point = (isOn: boolean, at: number): Point => ({
        at,
        over: isOn
          ? null
          : {
              title: `${link} is switched off`,
              detail:
                'Whoever opens it cannot join. Who switched it off stands in the activity, if it was done here.',
              level: 'attention',
              path,
            },
      });
      return [
        ...(known.get(`${row.accountId} ${row.id}`) ?? []).map(({ day, isLinkOn }) =>
          point(isLinkOn === 1, endOf(day) - ask.ahead),
        ),
        point(row.publicLinkEnabled === 1, until),
      ];
    }),
  );
  return { facts: [], courses, tellsFrom: toldFrom(first?.day, ask, { from, until }) };
};

/** Apps with nearly as many external testers as an app may have. */
export const testersNear: Find = async (ask, { from, until }, { app, threshold }) => {
  const { build, read } = ask.db;
  const least = (APP_TESTER_LIMIT * threshold) / 100;
  // Counting people takes long where there are many, and whoever is in a group is among the app's testers.
  const many = await read(
    build
      .selectFrom('betaTesterCounts')
      .select(['accountId', 'appId'])
      .$if(app !== null, (of) =>
        of.where('accountId', '=', app?.accountId ?? '').where('appId', '=', app?.appId ?? ''),
      )
      .groupBy(['accountId', 'appId'])
      .having(({ eb, fn }) => eb(fn.sum<number>('count'), '>=', least)),
  );
  const courses: Course[] = [];
  let first: string | undefined;
  for (const { accountId, appId } of many) {
    const place = ask.places.app(accountId, appId);
    if (!place) continue;
    const { used, limit, days } = await capacityAt(ask.health.db, { accountId, appId }, until + ask.ahead);
    const today = dayOf(until + ask.ahead);
    const point = (count: number, at: number): Point => ({
      at,
      over:
        count * 100 >= threshold * limit
          ? {
              title: `${place.name} has ${formatCount(count)} of ${formatCount(limit)} external testers`,
              detail: 'Remove those who do not test, so that others can join.',
              level: count >= limit ? 'bad' : 'attention',
              path: `${place.home}/testers/prune`,
            }
          : null,
    });
    const past = days.filter(({ day }) => day < today);
    first = [first, past[0]?.day].filter((day) => day !== undefined).sort()[0];
    const points = [
      ...past.map(({ day, count }) => point(count, endOf(day) - ask.ahead)),
      point(used, until),
    ];
    courses.push({ subject: `apps/${accountId}/${appId}`, accountId, appId, app: place.name, points });
  }
  return { facts: [], courses, tellsFrom: many.length === 0 ? null : toldFrom(first, ask, { from, until }) };
};
