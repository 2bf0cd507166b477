import { type RawBuilder, sql } from 'kysely';
import type { Condition } from './condition';
import type { FilterFact } from './fact-types';

/** So long an approved build stays in the queue of reviews, as news. */
const NEWS_MS = 30 * 86_400_000;

/**
 * How a build `t` stands with beta review, in the submission's words: the build's own state is the newer one where the two
 * disagree. Null for one that was never submitted or has expired, whose submission keeps the state it had.
 */
export const REVIEW: RawBuilder<string | null> = sql`CASE
  WHEN t."expired" IS TRUE OR t."externalBuildState" = 'EXPIRED' THEN NULL
  WHEN t."externalBuildState" = 'BETA_REJECTED' THEN 'REJECTED'
  WHEN t."externalBuildState" = 'IN_BETA_REVIEW' THEN 'IN_REVIEW'
  WHEN t."externalBuildState" = 'WAITING_FOR_BETA_REVIEW' THEN 'WAITING_FOR_REVIEW'
  ELSE t."betaReviewState" END`;

/** What somebody has to do something about first, then what Apple is at, then what waits, then news. */
export const REVIEW_RANK: RawBuilder<number> = sql`CASE ${REVIEW} WHEN 'REJECTED' THEN 0 WHEN 'IN_REVIEW' THEN 1
  WHEN 'WAITING_FOR_REVIEW' THEN 2 WHEN 'APPROVED' THEN 3 ELSE 4 END`;

/** When it was submitted, as a number: what waits longest comes first, of what was approved the newest. */
export const REVIEW_AGE: RawBuilder<number | null> = sql`CASE ${REVIEW} WHEN 'APPROVED' THEN -1 ELSE 1 END
  * CAST(replace(replace(replace(substr(t."submittedDate", 1, 19), '-', ''), ':', ''), 'T', '') AS BIGINT)`;

/** What stands in the queue of beta review: rejected, in review, waiting, and what was approved lately. */
export const IN_REVIEW_QUEUE: FilterFact = {
  made: (_, now): Condition => ({
    form: 'review queue',
    values: [new Date(now - NEWS_MS).toISOString(), now - NEWS_MS],
    is: ([submitted, seen]) => sql`(${REVIEW} IN ('REJECTED', 'IN_REVIEW', 'WAITING_FOR_REVIEW')
      OR (${REVIEW} = 'APPROVED' AND (t."submittedDate" >= ${submitted} OR EXISTS (SELECT 1 FROM "buildEvents" AS e
        WHERE e."accountId" = t."accountId" AND e."buildId" = t."id" AND e."kind" = 'betaReviewState'
          AND e."after" = 'APPROVED' AND e."at" >= ${seen}))))`,
  }),
};
