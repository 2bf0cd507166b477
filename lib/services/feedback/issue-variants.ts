import { maskEmails } from '@/lib/access/mask';
import { authorise, may } from '@/lib/access/policy';
import { sharesOf } from '@/lib/feedback/issue-figures';
import { keptLog } from '@/lib/feedback/logs';
import { shownReport } from '@/lib/feedback/shown-report';
import { teamRules } from '@/lib/feedback/team-rules';
import { shape } from '@/lib/store/shape';
import type { Ctx } from '../ctx';
import { readIssueKey } from './issue';

/** One way into a crash issue. */
export interface Variant {
  readonly hash: string;
  readonly count: number;
  readonly lastDate: string | null;
  /** The calls of the app's own code that lead there, the innermost first; empty where no log is at hand. */
  readonly frames: readonly string[];
  /** A report of it. */
  readonly example: string | null;
}

const MOST = 30;
/** What tells two ways apart. */
const FRAMES = 5;

const examples = shape((build, given: { issueId: string; hash: string }) =>
  build
    .selectFrom('feedback as f')
    .innerJoin('crashLogs as l', (join) =>
      join.onRef('l.accountId', '=', 'f.accountId').onRef('l.feedbackId', '=', 'f.id'),
    )
    .select(['f.accountId', 'f.id'])
    .where('f.issueId', '=', given.issueId)
    .where('f.variantHash', '=', given.hash)
    .orderBy('f.createdDate', (by) => by.desc().nullsLast())
    .limit(1),
);

/** The most frequent ways into a crash issue, each with the calls of an example. @throws RefusedError 404 */
export async function readIssueVariants(ctx: Ctx, issueId: string): Promise<readonly Variant[]> {
  authorise(ctx.actor, 'feedback:read');
  const { id } = await readIssueKey(ctx, issueId);
  const shares = (await sharesOf(ctx.db, id, 'variantHash', MOST)).filter(({ value }) => value !== null);
  const rules = await teamRules(ctx.db);
  const variants: Variant[] = [];
  for (const { value, count, lastDate } of shares) {
    const hash = value ?? '';
    const [key] = await ctx.db.read(examples({ issueId: id, hash }));
    const log = key ? await keptLog(ctx.db, key) : null;
    const { stack } = log === null ? { stack: [] } : shownReport(log.text, rules);
    const own = stack.filter(({ isInApp }) => isInApp);
    const frames = (own.length > 0 ? own : stack)
      .slice(0, FRAMES)
      .map(({ name, binary, offset, address }) => name ?? `${binary ?? '?'} + ${offset ?? address ?? '?'}`);
    variants.push({ hash, count, lastDate, frames, example: key?.id ?? null });
  }
  return may(ctx.actor, 'testers:identify') ? variants : maskEmails(variants);
}
