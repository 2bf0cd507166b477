import { dayOf } from '@/lib/format/utc-days';
import { deviceDays } from '@/lib/history/device-days';
import type { Ctx } from '../ctx';
import { programmeNow } from '../programme-time';
import { type BuildRef, refOf } from './build-ref';
import type { Reach } from './facts';
import { buildsBehind } from './standing';

/** How many devices had which build day by day, as our own readings have it. */
export interface Course {
  /** What most devices had at the end, the most first. */
  readonly lines: readonly {
    readonly number: string | null;
    readonly platform: string | null;
    readonly builds: readonly BuildRef[];
  }[];
  /** Oldest first; a figure for each line, and of all devices. */
  readonly days: readonly {
    readonly day: string;
    readonly devices: number;
    readonly counts: readonly number[];
  }[];
}

/** So many days are told; Apple lets a build be tested for as long. */
const DAYS = 90;
const LINES = 4;
const DAY_MS = 86_400_000;

interface Place {
  readonly accountId: string;
  readonly appId: string;
}

/** The course of an app's last days; empty before the first reading. */
export function courseOf(ctx: Ctx, app: Place, reach: Reach): Promise<Course> {
  const now = programmeNow(ctx);
  return courseWithin(ctx, app, reach, { from: dayOf(now - DAYS * DAY_MS), to: dayOf(now) });
}

/** The same from one UTC day to another, both among them. */
export async function courseWithin(
  ctx: Ctx,
  { accountId, appId }: Place,
  { builds }: Pick<Reach, 'builds'>,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<Course> {
  const all = await ctx.db.read(deviceDays({ accountId, appId, since: from }));
  const rows = all.filter(({ day }) => day <= to);
  const last = rows.at(-1)?.day;
  const shown = rows
    .filter(({ day }) => day === last)
    .sort((one, other) => other.devices - one.devices)
    .slice(0, LINES)
    .map(({ number, platform }) => ({ number, platform }));
  return {
    lines: shown.map((line) => {
      const device = { number: line.number || null, platform: line.platform || null };
      return { ...device, builds: buildsBehind(builds, device).map(refOf) };
    }),
    days: [...new Set(rows.map(({ day }) => day))].map((day) => {
      const own = rows.filter((row) => row.day === day);
      const of = (line: (typeof shown)[number]) =>
        own.find(({ number, platform }) => number === line.number && platform === line.platform)?.devices ??
        0;
      return { day, devices: own.reduce((sum, { devices }) => sum + devices, 0), counts: shown.map(of) };
    }),
  };
}
