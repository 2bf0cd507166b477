import { dayOf } from '@/lib/format/utc-days';
import type { Store } from '@/lib/store/store';
import type { Scope } from './readings';

type Db = Pick<Store, 'read' | 'build'>;

const WEEK_MS = 7 * 86_400_000;
/** 1 January 1970 was a Thursday: weeks that begin on a Monday are counted from three days before. */
const TO_MONDAY_MS = 3 * 86_400_000;

/** The Monday of a week by its number. */
export const weekOf = (number: number): string => dayOf(number * WEEK_MS - TO_MONDAY_MS);

/** Of each tester the first thing that was noted. */
const firsts = (build: Db['build'], { accountIds, appId }: Scope) =>
  build
    .selectFrom('testerEvents')
    .select(({ fn }) => fn.min('id').as('id'))
    .where('accountId', 'in', accountIds)
    .$if(appId !== undefined, (of) => of.where('appId', '=', appId ?? ''))
    .groupBy(['accountId', 'appId', 'testerId']);

/**
 * Those of whom the first thing noted is that they came: seen by a sync, or brought in here. Whoever was only invited
 * again was there before.
 */
const arrivals = (build: Db['build'], scope: Scope) =>
  build
    .selectFrom('testerEvents as e')
    .where('e.id', 'in', firsts(build, scope))
    .where((is) =>
      is.or([
        is('e.kind', '=', 'joined'),
        is.and([is('e.kind', 'in', ['invited', 'restored']), is('e.after', 'is not', null)]),
      ]),
    );

/** How many came in which week. */
export function joinedByWeek({ read, build }: Db, scope: Scope) {
  return read(
    arrivals(build, scope)
      .select((is) => is(is.parens('e.at', '+', is.lit(TO_MONDAY_MS)), '/', is.lit(WEEK_MS)).as('week'))
      .select(({ fn }) => fn.countAll<number>().as('n'))
      .groupBy('week'),
  );
}

/** How many of a week had a session in the window that was read on each of some days. */
export function activeByWeek({ read, build }: Db, scope: Scope, days: readonly string[]) {
  return read(
    arrivals(build, scope)
      .innerJoin('testerDays as d', (join) =>
        join
          .onRef('d.accountId', '=', 'e.accountId')
          .onRef('d.appId', '=', 'e.appId')
          .onRef('d.testerId', '=', 'e.testerId'),
      )
      .where('d.day', 'in', days)
      .where('d.sessionCount', '>', 0)
      .select((is) => is(is.parens('e.at', '+', is.lit(TO_MONDAY_MS)), '/', is.lit(WEEK_MS)).as('week'))
      .select(['d.day', ({ fn }) => fn.countAll<number>().as('n')])
      .groupBy(['week', 'd.day']),
  );
}

/** How many testers had a session in the window that was read on each of some days. */
export function activeOn({ read, build }: Db, { accountIds, appId }: Scope, days: readonly string[]) {
  return read(
    build
      .selectFrom('testerDays')
      .select(['day', ({ fn }) => fn.countAll<number>().as('n')])
      .where('accountId', 'in', accountIds)
      .$if(appId !== undefined, (of) => of.where('appId', '=', appId ?? ''))
      .where('day', 'in', days)
      .where('sessionCount', '>', 0)
      .groupBy('day'),
  );
}

/** How many were there when Flightdeck first looked: they are there, or have left, and never came. */
export async function thereBefore({ read, build }: Db, scope: Scope): Promise<number> {
  const { accountIds, appId } = scope;
  const came = arrivals(build, scope).select(['e.id', 'e.accountId', 'e.appId', 'e.testerId']);
  const [there] = await read(
    build
      .selectFrom('betaTesters as t')
      .leftJoin(came.as('a'), (join) =>
        join
          .onRef('a.accountId', '=', 't.accountId')
          .onRef('a.appId', '=', 't.appId')
          .onRef('a.testerId', '=', 't.id'),
      )
      .select(({ fn }) => fn.countAll<number>().as('n'))
      .where('t.accountId', 'in', accountIds)
      .$if(appId !== undefined, (of) => of.where('t.appId', '=', appId ?? ''))
      .where('a.id', 'is', null),
  );
  const [left] = await read(
    build
      .selectFrom('testerEvents as f')
      .leftJoin(came.as('a'), (join) => join.onRef('a.id', '=', 'f.id'))
      .leftJoin('betaTesters as t', (join) =>
        join
          .onRef('t.accountId', '=', 'f.accountId')
          .onRef('t.appId', '=', 'f.appId')
          .onRef('t.id', '=', 'f.testerId'),
      )
      .select(({ fn }) => fn.countAll<number>().as('n'))
      .where('f.id', 'in', firsts(build, scope))
      .where('a.id', 'is', null)
      .where('t.id', 'is', null),
  );
  return (there?.n ?? 0) + (left?.n ?? 0);
}
