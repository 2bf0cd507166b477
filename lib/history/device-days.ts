import { shapeOfRows } from '@/lib/store/rows';
import { shape } from '@/lib/store/shape';
import type { Write } from '@/lib/store/store';

// Apple tells what is on devices now and keeps nothing: what is not noted on its day is lost.

/** How many devices have a build, as far as a number and a platform tell one; '' where Apple tells none. */
export interface DeviceCount {
  readonly platform: string;
  readonly number: string;
  readonly devices: number;
}

interface Place {
  readonly accountId: string;
  readonly appId: string;
  /** UTC day, `YYYY-MM-DD`. */
  readonly day: string;
}

const noted = shapeOfRows<DeviceCount, Place>(
  ['platform', 'number', 'devices'],
  (build, rows, _, { accountId, appId, day }) =>
    build
      .insertInto('deviceDays')
      .values(rows.map((row) => ({ accountId, appId, day, ...row })))
      .onConflict((conflict) =>
        conflict
          .columns(['accountId', 'appId', 'day', 'platform', 'number'])
          .doUpdateSet((set) => ({ devices: set.ref('excluded.devices') })),
      ),
);

/** What an app's devices have on a day: a record, which a later reading of the day replaces. */
export function deviceDayStatements(place: Place, counts: readonly DeviceCount[]): Write[] {
  return counts.length === 0 ? [] : [...noted(counts, place)];
}

/** The readings of an app since a day, oldest first. */
export const deviceDays = shape(
  (build, { accountId, appId, since }: { accountId: string; appId: string; since: string }) =>
    build
      .selectFrom('deviceDays')
      .select(['day', 'platform', 'number', 'devices'])
      .where('accountId', '=', accountId)
      .where('appId', '=', appId)
      .where('day', '>=', since)
      .orderBy('day')
      .orderBy('platform')
      .orderBy('number'),
);
