import { buildWords } from '@/lib/format/builds';
import { crashFree, crashFreeWords } from '@/lib/format/crash-free';
import { gathered } from '../../gathered';
import type { Course, Find, Point } from './types';

interface Figures {
  readonly sessionCount: number | null;
  readonly crashCount: number | null;
}

/** Whether less than so many percent of enough sessions were free of crashes. */
function isBelow({ sessionCount, crashCount }: Figures, percent: number, least: number): boolean {
  if (sessionCount === null || crashCount === null || sessionCount < Math.max(1, least)) return false;
  return (sessionCount - crashCount) * 100 < percent * sessionCount;
}

/** Builds that testers can use, by the sums that App Store Connect gave on each day they were read. */
export const crashFreeBelow: Find = async (ask, { from, until }, { app, threshold, least }) => {
  const { build, read } = ask.db;
  const rows = await read(
    build
      .selectFrom('builds as b')
      .select(['b.accountId', 'b.appId', 'b.id', 'b.platform', 'b.trainVersion', 'b.version'])
      .select(['b.sessionCount', 'b.crashCount'])
      .where('b.expired', 'is distinct from', 1)
      .where('b.sessionCount', 'is not', null)
      .$if(app !== null, (of) =>
        of.where('b.accountId', '=', app?.accountId ?? '').where('b.appId', '=', app?.appId ?? ''),
      ),
  );
  const days = await read(
    build
      .selectFrom('buildDays')
      .select(['accountId', 'buildId', 'sessionCount', 'crashCount', 'readAt'])
      .where('readAt', '>', from)
      .where('readAt', '<=', until)
      .orderBy('readAt'),
  );
  const [first] = await read(
    build.selectFrom('buildDays').select(({ fn }) => fn.min<number | null>('readAt').as('at')),
  );
  const readings = gathered(days, ({ accountId, buildId }) => `${accountId} ${buildId}`);
  const courses = rows.flatMap((row): Course[] => {
    const { accountId, appId, id } = row;
    const place = ask.places.app(accountId, appId);
    if (!place) return [];
    const point = (figures: Figures, at: number): Point => ({
      at,
      over: isBelow(figures, threshold, least)
        ? {
            title: `${place.name} ${buildWords(row)}: ${crashFree(figures)} of sessions are free of crashes`,
            detail: `${crashFreeWords(figures)}; ${threshold}% are wanted.`,
            level: 'bad',
            path: `${place.home}/builds/${encodeURIComponent(id)}`,
          }
        : null,
    });
    const points = (readings.get(`${accountId} ${id}`) ?? []).map((day) => point(day, day.readAt));
    const subject = `builds/${accountId}/${id}`;
    return [{ subject, accountId, appId, app: place.name, points: [...points, point(row, until)] }];
  });
  const since = first?.at ?? until;
  return { facts: [], courses, tellsFrom: since > from ? since : null };
};
