import { shape } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';

export interface BuildPlace {
  readonly accountId: string;
  readonly appId: string;
  readonly buildId: string;
  /** Apple's words; null where they are not known. */
  readonly platform: string | null;
  readonly uploadedDate: string | null;
}

/** A crash issue as a build meets it. */
export interface IssueInBuild {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  /** Reports of this build. */
  readonly reportCount: number;
  /** Whether no build before this one has it. */
  readonly isNew: boolean;
  /** Whether it was resolved before and this build brought it back. */
  readonly isRegressed: boolean;
}

const CRASHES = 'betaFeedbackCrashSubmissions';

const inBuild = shape((build, given: { accountId: string; appId: string; buildId: string }) =>
  build
    .selectFrom('feedback')
    .innerJoin('issues', 'issues.id', 'feedback.issueId')
    .select(['issues.id', 'issues.title', 'issues.status', 'issues.regressedBuildId'])
    .select(({ fn }) => fn.countAll<number>().as('reportCount'))
    .where('feedback.accountId', '=', given.accountId)
    .where('feedback.appId', '=', given.appId)
    .where('feedback.buildId', '=', given.buildId)
    .where('feedback.type', '=', CRASHES)
    .where('issues.kind', '=', 'crash')
    .groupBy(['issues.id', 'issues.title', 'issues.status', 'issues.regressedBuildId'])
    .orderBy('reportCount', 'desc')
    .orderBy('issues.id'),
);

// A report that is older than the build is of an older build, whatever else is known of it.
const before = shape(
  (build, given: { accountId: string; buildId: string; platform: string; uploadedDate: string }) =>
    build
      .selectFrom('feedback as there')
      .innerJoin('feedback as here', 'here.issueId', 'there.issueId')
      .leftJoin('builds', (join) =>
        join.onRef('builds.accountId', '=', 'there.accountId').onRef('builds.id', '=', 'there.buildId'),
      )
      .select('there.issueId')
      .distinct()
      .where('here.accountId', '=', given.accountId)
      .where('here.buildId', '=', given.buildId)
      .where('there.accountId', '=', given.accountId)
      .where(({ or, and, eb }) =>
        or([
          and([
            eb('builds.platform', '=', given.platform),
            eb('builds.uploadedDate', '<', given.uploadedDate),
          ]),
          and([eb('builds.id', 'is', null), eb('there.createdDate', '<', given.uploadedDate)]),
        ]),
      ),
);

const unread = shape((build, given: { accountId: string; appId: string; buildId: string }) =>
  build
    .selectFrom('feedback')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('accountId', '=', given.accountId)
    .where('appId', '=', given.appId)
    .where('buildId', '=', given.buildId)
    .where('type', '=', CRASHES)
    .where('goneAt', 'is', null)
    .where(({ or, eb, not }) =>
      or([eb('logState', 'is', null), not(eb('logState', 'in', ['stored', 'absent', 'erased']))]),
    ),
);

/**
 * The crash issues that a build has reports of, the most reported first, and how many of its crash reports wait for
 * their log: what those are is not known yet.
 */
export async function issuesInBuild(
  db: Store,
  { accountId, appId, buildId, platform, uploadedDate }: BuildPlace,
): Promise<{ issues: IssueInBuild[]; unread: number }> {
  const place = { accountId, appId, buildId };
  const [rows, older, [waiting]] = await Promise.all([
    db.read(inBuild(place)),
    platform === null || uploadedDate === null
      ? []
      : db.read(before({ accountId, buildId, platform, uploadedDate })),
    db.read(unread(place)),
  ]);
  const known = new Set(older.map(({ issueId }) => issueId));
  const issues = rows.map(({ regressedBuildId, ...row }) => ({
    ...row,
    isNew: !known.has(row.id),
    isRegressed: regressedBuildId === buildId,
  }));
  return { issues, unread: waiting?.count ?? 0 };
}
