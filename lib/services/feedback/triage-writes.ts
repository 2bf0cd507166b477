import { personId } from '@/lib/access/policy';
import { rulesDue } from '@/lib/feedback/rule-rows';
import { announced } from '@/lib/store/feed';
import { exactly, type Write } from '@/lib/store/store';
import type { Ctx } from '../ctx';
import type { IssueRow, Values } from './issue-rows';

/** Issues that get the same values. */
export interface Group {
  readonly rows: readonly Pick<IssueRow, 'id' | 'version'>[];
  readonly values: Values;
}

/** Who gets a label, and who loses it. */
export interface Labelling {
  readonly added: Readonly<Record<string, readonly string[]>>;
  readonly removed: Readonly<Record<string, readonly string[]>>;
}

/** The most issues named when a change is announced: whoever looks then reads the list anew. */
const MOST_TOLD = 200;

/**
 * What gives issues their values and labels, each with a new version; it insists on the version that was read:
 * StaleWriteError says that somebody else was faster.
 */
export function triageWrites(ctx: Ctx, groups: readonly Group[], labels: Labelling): Write[] {
  const { build, dialect } = ctx.db;
  const now = ctx.clock.now();
  const by = personId(ctx.actor);
  const all = groups.flatMap(({ rows }) => rows.map(({ id }) => id));
  return [
    ...groups
      .filter(({ rows }) => rows.length > 0)
      .map(({ rows, values }) =>
        exactly(
          rows.length,
          build
            .updateTable('issues')
            .set(
              ({ eb }) =>
                ({ ...values, version: eb('version', '+', 1), updatedAt: now, updatedBy: by }) as object,
            )
            .where(({ ref }) =>
              dialect.among(
                ref('id'),
                rows.map(({ id }) => id),
              ),
            )
            .where(({ eb, ref }) =>
              dialect.among(
                eb(eb.cast<string>(ref('version'), 'text'), '||', eb(eb.val(' '), '||', ref('id'))) as never,
                rows.map(({ id, version }) => `${version} ${id}`),
              ),
            ),
        ),
      ),
    ...Object.entries(labels.added).flatMap(([label, ids]) =>
      ids.length === 0
        ? []
        : [
            build
              .insertInto('issueLabels')
              .columns(['issueId', 'label', 'createdAt', 'createdBy'])
              .expression(
                build
                  .selectFrom('issues')
                  .select(({ eb }) => [
                    'id as issueId',
                    eb.cast<string>(eb.val(label), 'text').as('label'),
                    eb.cast<number>(eb.val(now), 'bigint').as('createdAt'),
                    eb.cast<string>(eb.val(by), 'text').as('createdBy'),
                  ])
                  .where((eb) => dialect.among(eb.ref('id'), ids)),
              )
              .onConflict((conflict) => conflict.columns(['issueId', 'label']).doNothing()),
          ],
    ),
    ...Object.entries(labels.removed).flatMap(([label, ids]) =>
      ids.length === 0
        ? []
        : [
            build
              .deleteFrom('issueLabels')
              .where('label', '=', label)
              .where((eb) => dialect.among(eb.ref('issueId'), ids)),
          ],
    ),
    // A label that a person gives may be what a rule waits for.
    ...(by === null ? [] : Object.values(labels.added).filter((ids) => ids.length > 0)).map(rulesDue),
    ...announced('feedback', all.slice(0, MOST_TOLD), now),
  ];
}
