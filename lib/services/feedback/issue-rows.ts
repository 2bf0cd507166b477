import type { Ctx } from '../ctx';

/** What triage changes of an issue, as its row holds it. */
export const TRIAGED = [
  ...(['status', 'assigneeId', 'priority', 'link', 'duplicateOf'] as const),
  ...(['resolvedBuildId', 'resolvedPlatform', 'resolvedDate', 'resolvedLabel'] as const),
  ...(['snoozedUntil', 'snoozedDate', 'snoozedPlatform', 'regressedAt'] as const),
  ...(['isAssignedByHand', 'isPrioritisedByHand'] as const),
];
export type Triaged = (typeof TRIAGED)[number];
export type Values = Readonly<Partial<Record<Triaged, string | number | null>>>;

/** An issue as triage reads it. */
export type IssueRow = Readonly<Record<Triaged, string | number | null>> & {
  readonly id: string;
  readonly accountId: string;
  readonly appId: string;
  readonly kind: string;
  readonly title: string;
  readonly crashKind: string | null;
  readonly topFrame: string | null;
  readonly version: number;
  readonly mergedInto: string | null;
  readonly updatedBy: string | null;
};

/** Issues by their ids. */
export async function issueRows({ db }: Pick<Ctx, 'db'>, ids: readonly string[]): Promise<IssueRow[]> {
  return db.read(
    db.build
      .selectFrom('issues')
      .select([
        'id',
        'accountId',
        'appId',
        'kind',
        'title',
        'crashKind',
        'topFrame',
        'version',
        'mergedInto',
        'updatedBy',
      ])
      .select(TRIAGED)
      .where(({ ref }) => db.dialect.among(ref('id'), ids))
      .orderBy('id'),
  );
}

/** More than this no chain of merges has. */
const MOST_MERGES = 20;

/** An issue, or the one that everything of it went to; undefined when there is none. */
export async function standingIssue(ctx: Pick<Ctx, 'db'>, issueId: string): Promise<IssueRow | undefined> {
  for (let at = issueId, step = 0; step < MOST_MERGES; step += 1) {
    const [issue] = await issueRows(ctx, [at]);
    if (!issue || issue.mergedInto === null) return issue;
    at = issue.mergedInto;
  }
  return undefined;
}

/** Which of the issues have which of the labels. */
export async function labelsOf(
  { db }: Pick<Ctx, 'db'>,
  ids: readonly string[],
  labels: readonly string[],
): Promise<Map<string, Set<string>>> {
  const found = new Map(labels.map((label) => [label, new Set<string>()]));
  if (labels.length === 0) return found;
  const rows = await db.read(
    db.build
      .selectFrom('issueLabels')
      .select(['issueId', 'label'])
      .where(({ ref }) => db.dialect.among(ref('issueId'), ids))
      .where(({ ref }) => db.dialect.among(ref('label'), labels)),
  );
  for (const { issueId, label } of rows) found.get(label)?.add(issueId);
  return found;
}
