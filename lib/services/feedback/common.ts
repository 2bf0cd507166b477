import { type Circumstances, circumstancesOf } from '@/lib/feedback/issue-figures';
import { type Counted, significant } from '@/lib/feedback/significance';
import { hardwareIdentifier } from '@/lib/format/devices';
import type { Ctx } from '../ctx';

/** Something that the reports of an issue have in common, far more often than other crashes of the app. */
export interface Common extends Counted {
  /** Which circumstance: `disk`, `battery`, `uptime`, `osVersion`, `deviceFamily`, `deviceModel`, `locale`, `connection`. */
  readonly what: string;
  /** Apple's own value; for `disk`, `battery` and `uptime` the bound: `1000000000`, `20`, `5000`. */
  readonly value: string;
  /** How likely it is by chance, over all that was compared. */
  readonly chance: number;
}

const LOW_DISK = 1_000_000_000;
const LOW_BATTERY = 20;
const JUST_LAUNCHED_MS = 5_000;

const below = (value: number | null, bound: number): string | null =>
  value === null ? null : value < bound ? String(bound) : '';

/** What is told of a report by each circumstance: null where Apple does not say, '' where there is nothing to it. */
const SAYS: Readonly<Record<string, (report: Circumstances) => string | null>> = {
  disk: ({ diskBytesAvailable }) => below(diskBytesAvailable, LOW_DISK),
  battery: ({ batteryPercentage }) => below(batteryPercentage, LOW_BATTERY),
  uptime: ({ appUptimeInMilliseconds }) => below(appUptimeInMilliseconds, JUST_LAUNCHED_MS),
  osVersion: ({ osVersion }) => osVersion,
  deviceFamily: ({ deviceFamily }) => deviceFamily,
  deviceModel: ({ deviceModel }) => (deviceModel === null ? null : hardwareIdentifier(deviceModel)),
  locale: ({ locale }) => locale,
  connection: ({ connectionType }) => connectionType,
};

/** What the crashes of an issue have in common against all others of the app; only what is no chance. */
export async function commonOf(
  ctx: Pick<Ctx, 'db'>,
  issue: { readonly id: string; readonly accountId: string; readonly appId: string },
): Promise<Common[]> {
  const reports = await circumstancesOf(ctx.db, issue.accountId, issue.appId);
  return commonAmong(reports, issue.id);
}

/** The same of reports that were read. */
export function commonAmong(reports: readonly Circumstances[], issueId: string): Common[] {
  const facts: (Counted & { what: string; value: string })[] = [];
  for (const [what, says] of Object.entries(SAYS)) {
    // Only those are counted of which it is known.
    const told = reports.flatMap((report) => {
      const value = says(report);
      return value === null ? [] : [{ value, isOne: report.issueId === issueId }];
    });
    const ofSome = told.filter(({ isOne }) => isOne).length;
    const counts = new Map<string, { some: number; others: number }>();
    for (const { value, isOne } of told) {
      const count = counts.get(value) ?? { some: 0, others: 0 };
      counts.set(value, count);
      if (isOne) count.some += 1;
      else count.others += 1;
    }
    for (const [value, count] of counts) {
      if (value === '' || count.some === 0) continue;
      facts.push({ what, value, ...count, ofSome, ofOthers: told.length - ofSome });
    }
  }
  return significant(facts);
}
