import { Trail } from './next';
import type { ListPlan } from './plan';
import { ask, readList, store } from './read-list';
import type { Run } from './run-state';
import { lookedAtStatement } from './scopes';

const TABLES = {
  builds: 'builds',
  betaFeedbackCrashSubmissions: 'feedback',
  betaFeedbackScreenshotSubmissions: 'feedback',
} as const;

/** A list that Apple sorts by date, newest first. */
export type DatedPlan = ListPlan & { readonly type: keyof typeof TABLES };

/** Whether a list comes newest first. */
export function isDated(plan: ListPlan): plan is DatedPlan {
  return Object.hasOwn(TABLES, plan.type);
}

/** Reads from the top to the first page that holds something known; most often that is one request. */
export async function readNewest(run: Run, plan: DatedPlan): Promise<void> {
  const known = run.scopes.get(plan.scope);
  if (!known || known.completedAt === null || known.phase !== 'idle') return readList(run, plan);
  let seen = 0;
  const trail = new Trail();
  for (let url: string | null = null; ; ) {
    const fetchedAt = run.clock.now();
    const page = await ask(run, plan, url);
    const hasKnown = await anyKnown(
      run,
      plan,
      page.resources.map(({ id }) => id),
    );
    seen += page.resources.length;
    const looked = lookedAtStatement(run.accountId, plan.scope, run.clock.now());
    await store(run, plan, page, { generation: known.generation, fetchedAt }, [looked]);
    run.progress.at(plan.scope, plan.type, seen, seen);
    if (hasKnown) return;
    const next = trail.after(page, page.resources.length);
    if (next === undefined) return;
    url = next;
  }
}

async function anyKnown(run: Run, { type }: DatedPlan, ids: readonly string[]): Promise<boolean> {
  const { db, accountId } = run;
  const known = await db.read(
    db.build
      .selectFrom(TABLES[type])
      .select('id')
      .where('accountId', '=', accountId)
      .where((is) => db.dialect.among(is.ref('id'), ids))
      .limit(1),
  );
  return known.length > 0;
}
