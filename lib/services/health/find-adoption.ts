import type { Found } from '@/lib/format/lights';
import { dayOf } from '@/lib/format/utc-days';
import { type DatedBuild, nameOf, placeOf } from '../builds/known-builds';
import { type Ask, DAY_MS } from './ask';
import { newestTested } from './find-builds';

/** Readings older than this say nothing about now. */
const FRESH_DAYS = 3;

/** How many devices of a platform have the newest build that testers can have. */
export interface Share {
  readonly build: DatedBuild;
  readonly devices: number;
  readonly all: number;
  /** UTC day of the reading, `YYYY-MM-DD`. */
  readonly day: string;
}

/** Of each app and platform where a recent reading tells; a number that several builds share tells nothing. */
export function newestOnDevices(ask: Ask): Promise<readonly Share[]> {
  return ask.once('newest on devices', async () => {
    const since = dayOf(ask.now - FRESH_DAYS * DAY_MS);
    const rows = await ask.rows('builds on devices', { since }, (build, at, isOne) =>
      build
        .selectFrom('apps as a')
        .innerJoin('deviceDays as d', (join) =>
          join
            .onRef('d.accountId', '=', 'a.accountId')
            .onRef('d.appId', '=', 'a.id')
            .on('d.day', '=', ({ selectFrom }) =>
              selectFrom('deviceDays as n')
                .select(({ fn }) => fn.max('n.day').as('day'))
                .whereRef('n.accountId', '=', 'a.accountId')
                .whereRef('n.appId', '=', 'a.id'),
            ),
        )
        .select(['d.accountId', 'd.appId', 'd.day', 'd.platform', 'd.number', 'd.devices'])
        .where('d.day', '>=', at.since)
        .$if(isOne, (of) => of.where('a.accountId', '=', at.accountId)),
    );
    const byPlace = new Map<string, (typeof rows)[number][]>();
    for (const row of rows) {
      const key = placeOf(row);
      byPlace.set(key, [...(byPlace.get(key) ?? []), row]);
    }
    const shared = await sharedNumbers(ask);
    return [...(await newestTested(ask)).values()].flatMap((build) => {
      const readings = byPlace.get(placeOf(build)) ?? [];
      const [first] = readings;
      if (!first || build.version === null || shared.has(`${placeOf(build)} ${build.version}`)) return [];
      const all = readings.reduce((sum, { devices }) => sum + devices, 0);
      const devices = readings.find(({ number }) => number === build.version)?.devices ?? 0;
      return [{ build, devices, all, day: first.day }];
    });
  });
}

/** Numbers that several builds of an app and platform have. */
async function sharedNumbers(ask: Ask): Promise<ReadonlySet<string>> {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const build of await ask.builds()) {
    const key = `${placeOf(build)} ${build.version}`;
    if (seen.has(key)) shared.add(key);
    seen.add(key);
  }
  return shared;
}

interface Slow {
  /** After so many days. */
  readonly days: number;
  /** Below this share, from 0 to 1. */
  readonly share: number;
  /** Of so many devices at least: few say nothing. */
  readonly devices: number;
}

/** Newest builds that few of the devices have although they were uploaded days ago. */
export async function findSlowAdoption(
  ask: Ask,
  { days, share, devices: least }: Slow,
): Promise<Found<'adoption_slow'>[]> {
  const before = new Date(ask.now - days * DAY_MS).toISOString();
  return (await newestOnDevices(ask)).flatMap(({ build, devices, all, day }) =>
    all >= least && devices < all * share && build.uploadedDate !== null && build.uploadedDate <= before
      ? [
          {
            ...{ accountId: build.accountId, appId: build.appId, id: build.id, name: nameOf(build) },
            ...{ since: build.uploadedDate, facts: { devices, all, day } },
          },
        ]
      : [],
  );
}
