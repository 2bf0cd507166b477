import { randomUUID } from 'node:crypto';
import { shape } from '@/lib/store/shape';
import { exactly, type Store, type Write } from '@/lib/store/store';

/** A report that came to an issue when that was resolved, with its build. */
export interface Suspect {
  readonly id: string;
  readonly issueId: string;
  readonly appId: string;
  readonly buildId: string;
  readonly platform: string;
  readonly uploadedDate: string;
  readonly status: string;
  readonly resolvedBuildId: string | null;
  readonly resolvedPlatform: string | null;
  readonly resolvedDate: string | null;
  readonly resolvedLabel: string | null;
  readonly assigneeId: string | null;
  readonly title: string;
  readonly crashKind: string | null;
  readonly topFrame: string | null;
  readonly kind: string;
  readonly version: number;
}

/** Reports that are judged at once. */
const PORTION = 500;

/** Reports whose builds are known by now, and of which nobody knows yet whether they reopen their issue. */
export function suspects(db: Store, accountId: string): Promise<Suspect[]> {
  return db.read(marked({ accountId }));
}

const marked = shape((build, given: { accountId: string }) =>
  build
    .selectFrom('feedback as f')
    .innerJoin('issues as i', 'i.id', 'f.issueId')
    .innerJoin('builds as b', (join) =>
      join.onRef('b.accountId', '=', 'f.accountId').onRef('b.id', '=', 'f.buildId'),
    )
    .select(['f.id', 'i.id as issueId', 'i.appId', 'b.id as buildId', 'b.platform', 'b.uploadedDate'])
    .select(['i.status', 'i.resolvedBuildId', 'i.resolvedPlatform', 'i.resolvedDate', 'i.resolvedLabel'])
    .select(['i.assigneeId', 'i.title', 'i.crashKind', 'i.topFrame', 'i.kind', 'i.version'])
    .where('f.mayRegress', '=', 1)
    .where('f.accountId', '=', given.accountId)
    .where('b.uploadedDate', 'is not', null)
    .where('b.platform', 'is not', null)
    .orderBy('b.uploadedDate', (by) => by.desc().nullsLast())
    .limit(PORTION)
    .$narrowType<{ platform: string; uploadedDate: string }>(),
);

/**
 * Whether a report says that what was resolved is not: its build was uploaded after the one it was resolved in, for the
 * same platform. Version texts say nothing of that.
 */
export function isRegression(report: Suspect): boolean {
  const { status, resolvedDate, resolvedPlatform, resolvedBuildId } = report;
  if (status !== 'resolved' || resolvedDate === null || report.buildId === resolvedBuildId) return false;
  if (resolvedPlatform !== null && resolvedPlatform !== report.platform) return false;
  return Date.parse(report.uploadedDate) > Date.parse(resolvedDate);
}

/** What reopens an issue and tells whom it is assigned to. StaleWriteError says that it was changed meanwhile. */
export function reopened(report: Suspect, now: number): Write[] {
  const { issueId, buildId, assigneeId, version } = report;
  const notice = { id: randomUUID(), userId: assigneeId ?? '', kind: 'regressed', issueId, createdAt: now };
  return [
    exactly(1, reopening({ issueId, buildId, version, now })),
    ...(assigneeId === null ? [] : [notices(notice)]),
  ];
}

const reopening = shape((build, given: { issueId: string; buildId: string; version: number; now: number }) =>
  build
    .updateTable('issues')
    .set(({ eb }) => ({
      status: 'new',
      regressedAt: given.now,
      regressedBuildId: given.buildId,
      snoozedUntil: null,
      snoozedDate: null,
      snoozedPlatform: null,
      version: eb('version', '+', 1),
      updatedAt: given.now,
      updatedBy: null,
    }))
    .where('id', '=', given.issueId)
    .where('status', '=', 'resolved')
    .where('version', '=', given.version),
);
const notices = shape(
  (build, given: { id: string; userId: string; kind: string; issueId: string; createdAt: number }) =>
    build.insertInto('notices').values({
      id: given.id,
      userId: given.userId,
      kind: given.kind,
      issueId: given.issueId,
      createdAt: given.createdAt,
    }),
);

/** These reports need not be judged again. */
export const judged = shape((build, given: { accountId: string; ids: readonly string[] }, { among }) =>
  build
    .updateTable('feedback')
    .set({ mayRegress: 0 })
    .where('accountId', '=', given.accountId)
    .where(({ ref }) => among(ref('id'), given.ids)),
);

/** Brings issues back that sleep until a build, when there is a newer one of their platform than when they fell asleep. */
export const awakened = shape((build, given: { accountId: string }) =>
  build
    .updateTable('issues')
    .set({ snoozedDate: null, snoozedPlatform: null })
    .where('issues.accountId', '=', given.accountId)
    .where('issues.snoozedDate', 'is not', null)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('builds as b')
          .select('b.id')
          .whereRef('b.accountId', '=', 'issues.accountId')
          .whereRef('b.appId', '=', 'issues.appId')
          .whereRef('b.uploadedDate', '>', 'issues.snoozedDate')
          .where(({ or, eb }) =>
            or([
              eb('issues.snoozedPlatform', 'is', null),
              eb('b.platform', '=', eb.ref('issues.snoozedPlatform')),
            ]),
          ),
      ),
    ),
);
