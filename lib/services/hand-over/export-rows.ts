import { maskEmails } from '@/lib/access/mask';
import { may } from '@/lib/access/policy';
import { deviceName } from '@/lib/format/devices';
import { kindWord, priorityWord, stateWords } from '@/lib/format/feedback';
import { personName } from '@/lib/format/people';
import { queryMirror } from '@/lib/mirror/query';
import type { ResourceObject } from '@/lib/mirror/resource';
import { shape } from '@/lib/store/shape';
import type { Ctx } from '../ctx';
import { worded } from '../feedback/title';
import type { Cell } from '../sheets';

/** Which report, in one account. */
export type ReportKey = readonly [accountId: string, id: string];

/** Every column of a file with reports: the name in JSON and the words above it in a spreadsheet. */
const COLUMNS = [
  ['number', 'Number'],
  ['receivedAt', 'Received'],
  ['kind', 'Kind'],
  ['app', 'App'],
  ['version', 'Version'],
  ['build', 'Build'],
  ['platform', 'Platform'],
  ['comment', 'Comment'],
  ['tester', 'Tester'],
  ['email', 'Email'],
  ['device', 'Device'],
  ['deviceModel', 'Device Model'],
  ['osVersion', 'OS'],
  ['locale', 'Language'],
  ['timeZone', 'Time Zone'],
  ['connection', 'Connection'],
  ['battery', 'Battery (%)'],
  ['diskAvailable', 'Free Storage (Bytes)'],
  ['diskTotal', 'Storage (Bytes)'],
  ['uptimeMs', 'App Was Open For (ms)'],
  ['architecture', 'Architecture'],
  ['state', 'State'],
  ['assignee', 'Assignee'],
  ['priority', 'Priority'],
  ['labels', 'Labels'],
  ['issue', 'Issue'],
  ['exception', 'Exception'],
  ['topFrame', 'Top Frame'],
  ['log', 'Crash Log'],
  ['pictures', 'Pictures'],
  ['goneAt', 'Gone at Apple'],
  ['page', 'Page'],
  ['link', 'Link'],
  ['id', 'Report Id'],
  ['issueId', 'Issue Id'],
  ['appId', 'App Id'],
  ['accountId', 'Account Id'],
] as const;
export const REPORT_HEADER = COLUMNS.map(([name]) => name);
export const REPORT_WORDS = COLUMNS.map(([, words]) => words);
type Cells = Readonly<Record<(typeof COLUMNS)[number][0], Cell>>;

const AT_ONCE = 500;

/** The reports as rows, with what who asks may see of them; those that are gone meanwhile are left out. */
export async function* reportRows(
  ctx: Ctx,
  reports: readonly ReportKey[],
): AsyncGenerator<readonly (readonly Cell[])[]> {
  const isPlain = may(ctx.actor, 'testers:identify');
  for (let at = 0; at < reports.length; at += AT_ONCE) {
    const wanted = reports.slice(at, at + AT_ONCE);
    const [listed, rows] = [await listedOf(ctx, wanted), await wholeOf(ctx, wanted)];
    yield wanted.flatMap((key, index) => {
      const [resource, row] = [listed.get(key.join(' ')), rows.get(key.join(' '))];
      if (!resource || !row) return [];
      const cells = cellsOf(ctx, worded(resource), row, at + index + 1);
      const shown = isPlain ? cells : maskEmails(cells);
      return [REPORT_HEADER.map((name) => shown[name])];
    });
  }
}

async function listedOf(ctx: Ctx, keys: readonly ReportKey[]): Promise<Map<string, ResourceObject>> {
  const found = new Map<string, ResourceObject>();
  for (const accountId of new Set(keys.map(([account]) => account))) {
    const ids = keys.filter(([account]) => account === accountId).map(([, id]) => id);
    const page = await queryMirror(ctx.db, 'feedback', { accountId, filter: { id: ids }, limit: AT_ONCE });
    for (const resource of page.data) found.set(`${accountId} ${resource.id}`, resource);
  }
  return found;
}

const whole = shape((build, given: { accountIds: readonly string[]; ids: readonly string[] }, { among }) =>
  build
    .selectFrom('feedback as f')
    .leftJoin('issues as i', 'i.id', 'f.issueId')
    .leftJoin('apps as a', (join) =>
      join.onRef('a.accountId', '=', 'f.accountId').onRef('a.id', '=', 'f.appId'),
    )
    .select('a.name as appName')
    .select(['f.accountId', 'f.id', 'f.type', 'f.createdDate', 'f.comment', 'f.email', 'f.deviceModel'])
    .select(['f.osVersion', 'f.locale', 'f.timeZone', 'f.connectionType', 'f.batteryPercentage'])
    .select(['f.diskBytesAvailable', 'f.diskBytesTotal', 'f.appUptimeInMilliseconds', 'f.architecture'])
    .select(['f.exceptionType', 'f.topFrame', 'f.logState', 'f.goneAt', 'i.link'])
    .where(({ ref }) => among(ref('f.accountId'), given.accountIds))
    .where(({ ref }) => among(ref('f.id'), given.ids)),
);

async function wholeOf(ctx: Ctx, keys: readonly ReportKey[]) {
  const accountIds = [...new Set(keys.map(([account]) => account))];
  const rows = await ctx.db.read(whole({ accountIds, ids: keys.map(([, id]) => id) }));
  return new Map(rows.map((row) => [`${row.accountId} ${row.id}`, row]));
}

type Whole = Awaited<ReturnType<typeof wholeOf>> extends Map<string, infer Row> ? Row : never;

interface Meta {
  readonly appId?: string | null;
  readonly build?: { version: string | null; trainVersion: string | null; platform: string | null } | null;
  readonly tester?: { firstName: string | null; lastName: string | null; email: string | null } | null;
  readonly issue?:
    | (Parameters<typeof stateWords>[0] & {
        readonly id: string;
        readonly title: string;
        readonly assigneeName: string | null;
        readonly priority: number;
        readonly labels: readonly string[];
      })
    | null;
  readonly pictures?: Readonly<Record<string, number>>;
}

function cellsOf(ctx: Ctx, { id, meta }: ResourceObject, row: Whole, number: number): Cells {
  const { appId = null, build, tester, issue, pictures = {} } = (meta ?? {}) as Meta;
  return {
    ...{ number, id, accountId: row.accountId, appId, app: row.appName, receivedAt: row.createdDate },
    kind: kindWord(row.type),
    version: build?.trainVersion ?? null,
    build: build?.version ?? null,
    platform: build?.platform ?? null,
    comment: row.comment,
    tester: tester ? personName(tester) : null,
    email: tester?.email ?? row.email,
    device: row.deviceModel === null ? null : deviceName(row.deviceModel),
    ...{ deviceModel: row.deviceModel, osVersion: row.osVersion, locale: row.locale, timeZone: row.timeZone },
    ...{ connection: row.connectionType, battery: row.batteryPercentage, architecture: row.architecture },
    ...{ diskAvailable: row.diskBytesAvailable, diskTotal: row.diskBytesTotal },
    uptimeMs: row.appUptimeInMilliseconds,
    state: issue ? stateWords(issue) : 'New',
    assignee: issue?.assigneeName ?? null,
    priority: issue && issue.priority > 0 ? priorityWord(issue.priority) : null,
    labels: issue?.labels.join(', ') || null,
    ...{ issue: issue?.title ?? null, issueId: issue?.id ?? null, link: row.link },
    ...{ exception: row.exceptionType, topFrame: row.topFrame, log: row.logState },
    pictures: Object.values(pictures).reduce((sum, count) => sum + count, 0),
    goneAt: row.goneAt === null ? null : new Date(row.goneAt).toISOString(),
    page: `${ctx.env.NEXTAUTH_URL}/feedback/${encodeURIComponent(id)}?account=${encodeURIComponent(row.accountId)}`,
  };
}
