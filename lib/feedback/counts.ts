import { shape } from '@/lib/store/shape';
import type { Store, Write } from '@/lib/store/store';
import { numbered } from './numbers';

/**
 * Writes that move reports between issues, for one transaction. What is counted must not change meanwhile, so of one
 * account they run one after the other. Crash issues that came of it have their numbers with it.
 */
export function inTurn(db: Store, accountId: string, writes: readonly Write[]): Write[] {
  return [...db.dialect.inTurn(`feedback/${accountId}`), ...writes, ...numbered(accountId)];
}

/** Carries out writes that move reports between issues. */
export async function movingReports(db: Store, accountId: string, writes: readonly Write[]): Promise<void> {
  if (writes.length > 0) await db.write(inTurn(db, accountId, writes));
}

interface Counted {
  readonly issueIds: readonly string[];
  /** Reports whose issues are counted, whichever they are by then. */
  readonly accountId: string;
  readonly reportIds: readonly string[];
}

/** Counts the reports of issues anew: the one place where these figures come from. */
export function recounted({ issueIds, accountId = '', reportIds = [] }: Partial<Counted>): Write {
  return counts({ issueIds: issueIds ?? [], accountId, reportIds });
}

const counts = shape((build, given: Counted, { among }) =>
  build
    .updateTable('issues')
    .set(({ selectFrom }) => {
      const reports = selectFrom('feedback').whereRef('feedback.issueId', '=', 'issues.id');
      return {
        reportCount: reports.select(({ fn }) => fn.countAll<number>().as('n')),
        // Who is not known by name or address is not counted.
        testerCount: reports.select(({ fn }) =>
          fn.count<number>(fn.coalesce('feedback.testerId', 'feedback.email')).distinct().as('n'),
        ),
        firstDate: reports.select(({ fn }) => fn.min<string | null>('feedback.createdDate').as('date')),
        lastDate: reports.select(({ fn }) => fn.max<string | null>('feedback.createdDate').as('date')),
      };
    })
    .where(({ or, eb, ref, selectFrom }) =>
      or([
        among(ref('issues.id'), given.issueIds),
        eb(
          'issues.id',
          'in',
          selectFrom('feedback as f')
            .select('f.issueId')
            .where('f.accountId', '=', given.accountId)
            .where(among(ref('f.id' as 'issues.id'), given.reportIds))
            .where('f.issueId', 'is not', null)
            .$narrowType<{ issueId: string }>(),
        ),
      ]),
    ),
);
