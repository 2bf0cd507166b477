import type { NeededImage } from '@/lib/crash/own-names';
import { shapeOfRows } from '@/lib/store/rows';
import { shape } from '@/lib/store/shape';
import type { Write } from '@/lib/store/store';

interface Needed {
  readonly accountId: string;
  readonly appId: string;
  readonly feedbackId: string;
  readonly uuid: string;
  readonly name: string;
  readonly arch: string | null;
}

interface Read {
  readonly report: { readonly appId: string; readonly id: string };
  readonly reading: { readonly needed?: readonly NeededImage[] };
}

/** What is in the way is dropped: reports that were named stay so. */
const dropped = shape((build, given: { accountId: string; ids: readonly string[] }, { among }) =>
  build
    .deleteFrom('symbolNeeds')
    .where('accountId', '=', given.accountId)
    .where('state', '=', 'wanted')
    .where(({ ref }) => among(ref('feedbackId'), given.ids)),
);

const noted = shapeOfRows<Needed>(
  ['accountId', 'appId', 'feedbackId', 'uuid', 'name', 'arch'],
  (build, rows) =>
    build
      .insertInto('symbolNeeds')
      .values(rows.map((row) => ({ ...row, state: 'wanted' })))
      .onConflict((conflict) => conflict.columns(['accountId', 'feedbackId', 'uuid']).doNothing()),
);

/** Notes whose symbols would tell what these reports do not. */
export function neededWrites(accountId: string, reports: readonly Read[]): Write[] {
  const read = reports.filter(({ reading }) => reading.needed !== undefined);
  if (read.length === 0) return [];
  const rows = read.flatMap(({ report, reading }) =>
    (reading.needed ?? []).map(({ uuid, name, arch }) => ({
      ...{ accountId, appId: report.appId, feedbackId: report.id, uuid, name: name.slice(0, 300), arch },
    })),
  );
  return [dropped({ accountId, ids: read.map(({ report }) => report.id) }), ...noted(rows)];
}
