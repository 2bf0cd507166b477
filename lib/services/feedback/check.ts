import { authorise, authoriseApp } from '@/lib/access/policy';
import { issuesInBuild } from '@/lib/feedback/new-in-build';
import { buildWords } from '@/lib/format/builds';
import { feedbackPlan } from '@/lib/sync/plan';
import { appOf } from '../app-facts';
import { buildNamed } from '../build-named';
import type { Ctx } from '../ctx';
import { badParameter } from '../errors';

export interface CheckQuestion {
  readonly appId: string;
  readonly accountId?: string | undefined;
  /** Apple's id of the build, or version/number/platform such as `1.4/7/IOS`. */
  readonly build: string;
}

/** One crash issue of a build. */
export interface CheckedIssue {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  /** Reports of this build. */
  readonly reportCount: number;
  /** The page of it, below the installation's own address. */
  readonly path: string;
}

/** What is known of a build's crashes at this moment; instants as ISO text. */
export interface BuildCheck {
  readonly app: string;
  /** "iOS 1.4 (7)" */
  readonly build: string;
  readonly buildId: string;
  /** `clean`: no new crash issue. `new`: at least one. `unsure`: none so far, but not everything is read. */
  readonly verdict: 'clean' | 'new' | 'unsure';
  readonly newIssues: readonly CheckedIssue[];
  /** Resolved before, and back in this build. */
  readonly regressedIssues: readonly CheckedIssue[];
  /** Issues that older builds have too. */
  readonly knownCount: number;
  /** Crash reports of this build whose log is not read yet. */
  readonly unreadCount: number;
  /** When Apple was last asked for crash reports of this app; null when never. */
  readonly readAt: string | null;
}

/** How old the last look at Apple's list may be for a build to be called clean, ms. */
const FRESH_MS = 60 * 60_000;

/**
 * Whether a build has crash issues that no build before it has.
 * @throws RefusedError 404 for an app or build that is not here, 409 when the words fit several builds
 */
export async function checkBuild(ctx: Ctx, question: CheckQuestion): Promise<BuildCheck> {
  authorise(ctx.actor, 'feedback:read');
  if (question.appId === '') throw badParameter('app', 'Say which app: its id.');
  const app = await appOf(ctx, question.appId, question.accountId);
  authoriseApp(ctx.actor, 'feedback:read', app);
  const build = await buildNamed(ctx, app, question.build);
  const { scope } = feedbackPlan('betaFeedbackCrashSubmissions', app.appId);
  const [{ issues, unread }, looked] = await Promise.all([
    issuesInBuild(ctx.db, { ...app, ...build, buildId: build.id }),
    ctx.db.prisma.syncScope.findFirst({
      where: { accountId: app.accountId, scope },
      select: { completedAt: true },
    }),
  ]);
  const view = ({ id, title, status, reportCount }: (typeof issues)[number]) => ({
    ...{ id, title, status, reportCount },
    path: `/issues/${encodeURIComponent(id)}`,
  });
  const fresh = issues.filter(({ isNew }) => isNew);
  const readAt = looked?.completedAt ?? null;
  const isFresh = readAt !== null && ctx.clock.now() - readAt <= FRESH_MS;
  return {
    app: app.name,
    build: buildWords(build),
    buildId: build.id,
    verdict: fresh.length > 0 ? 'new' : unread > 0 || !isFresh ? 'unsure' : 'clean',
    newIssues: fresh.map(view),
    regressedIssues: issues.filter(({ isRegressed }) => isRegressed).map(view),
    knownCount: issues.length - fresh.length,
    unreadCount: unread,
    readAt: readAt === null ? null : new Date(readAt).toISOString(),
  };
}
