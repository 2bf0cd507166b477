import { built } from '@/lib/store/rows';
import { shape } from '@/lib/store/shape';
import type { Store, Write } from '@/lib/store/store';
import type { RuledIssue, TriageRule } from './rules';

/** A rule as it is kept. */
export interface RuleRow extends TriageRule {
  readonly position: number;
  readonly version: number;
  readonly createdAt: number;
  readonly createdBy: string | null;
  readonly updatedAt: number;
  readonly updatedBy: string | null;
}

const rules = shape((build) =>
  build.selectFrom('triageRules').selectAll().orderBy('position').orderBy('id').$castTo<RuleRow>(),
);

/** All rules, in the order in which they are asked. */
export const ruleRows = (db: Store): Promise<RuleRow[]> => db.read(rules({}));

const dueOf = shape((build, given: { accountId: string; reportIds: readonly string[] }, { among }) =>
  build
    .updateTable('issues')
    .set(({ eb }) => ({ areRulesDue: eb('areRulesDue', '+', 1) }))
    .where('issues.id', 'in', ({ selectFrom }) =>
      selectFrom('feedback as f')
        .select('f.issueId')
        .where('f.accountId', '=', given.accountId)
        .where(({ ref }) => among(ref('f.id'), given.reportIds))
        .where('f.issueId', 'is not', null)
        .$narrowType<{ issueId: string }>(),
    ),
);

/** Asks for the rules to be asked of the issues that reports are in. */
export const rulesDueOf = (given: { accountId: string; reportIds: readonly string[] }): Write => dueOf(given);

/** Asks for the rules to be asked of issues. */
export const rulesDue = (ids: readonly string[]): Write =>
  built((build, { among }) =>
    build
      .updateTable('issues')
      .set(({ eb }) => ({ areRulesDue: eb('areRulesDue', '+', 1) }))
      .where(({ ref }) => among(ref('id'), ids)),
  );

/** An issue of which rules are to be asked; the number tells whether they are to be asked again meanwhile. */
export interface DueIssue {
  readonly id: string;
  readonly areRulesDue: number;
}

/** A crash is asked about when its log was read, or after so long without one, ms. */
const LOG_PATIENCE_MS = 10 * 60_000;

const due = shape((build, given: { accountId: string; before: number; most: number }) =>
  build
    .selectFrom('issues as i')
    .select(['i.id', 'i.areRulesDue'])
    .where('i.accountId', '=', given.accountId)
    .where('i.areRulesDue', '>', 0)
    // Those that wait for a log are found once: asked issue by issue, each would look through all that is wanted.
    .where(({ or, eb, selectFrom }) =>
      or([
        eb('i.kind', '=', 'crash'),
        eb('i.createdAt', '<', given.before),
        eb(
          'i.id',
          'not in',
          selectFrom('feedback as f')
            .select('f.issueId')
            .where('f.logState', '=', 'wanted')
            .where('f.issueId', 'is not', null)
            .$narrowType<{ issueId: string }>(),
        ),
      ]),
    )
    .orderBy('i.createdAt')
    .orderBy('i.id')
    .limit(given.most),
);

/** Issues of an account of which rules are to be asked now. */
export const dueIssues = (
  db: Store,
  { accountId, now, most }: { accountId: string; now: number; most: number },
): Promise<DueIssue[]> => db.read(due({ accountId, before: now - LOG_PATIENCE_MS, most }));

/** The rules were asked, unless something came since. */
export function rulesAsked(asked: readonly DueIssue[]): Write {
  const rows = asked.map(({ id, areRulesDue }) => [id, String(areRulesDue)]);
  return built((build, { listed }) =>
    build
      .updateTable('issues')
      .from(listed(rows, ['id', 'seen']).$castTo<{ id: string; seen: string }>().as('asked'))
      .set({ areRulesDue: 0 })
      .whereRef('issues.id', '=', 'asked.id')
      .where(({ eb, cast, ref }) =>
        eb(cast<string>(ref('issues.areRulesDue'), 'text'), '=', ref('asked.seen')),
      ),
  );
}

/** A rule has done what it does with issues. */
export const ruleApplied = (db: Store, ruleId: string, issueIds: readonly string[], at: number): Write =>
  db.build
    .insertInto('rulesApplied')
    .columns(['issueId', 'ruleId', 'at'])
    .expression(
      db.build
        .selectFrom('issues')
        .select(({ eb }) => [
          'issues.id as issueId',
          eb.cast<string>(eb.val(ruleId), 'text').as('ruleId'),
          eb.cast<number>(eb.val(at), 'bigint').as('at'),
        ])
        .where(({ ref }) => db.dialect.among(ref('issues.id'), issueIds)),
    )
    .onConflict((conflict) => conflict.columns(['issueId', 'ruleId']).doNothing());

/** What is read of issues at once. */
const AT_ONCE = 2_000;

/** Issues by their ids as rules see them; without `needsFrames` what their crashes called is left out. */
export async function ruledIssues(
  db: Store,
  ids: readonly string[],
  needsFrames: boolean,
): Promise<RuledIssue[]> {
  const found: RuledIssue[] = [];
  for (let from = 0; from < ids.length; from += AT_ONCE)
    found.push(...(await someRuled(db, ids.slice(from, from + AT_ONCE), needsFrames)));
  return found;
}

async function someRuled(db: Store, ids: readonly string[], needsFrames: boolean): Promise<RuledIssue[]> {
  const { build, dialect } = db;
  const rows = await db.read(
    build
      .selectFrom('issues')
      .select(['id', 'accountId', 'appId', 'status', 'assigneeId', 'priority'])
      .select(['isAssignedByHand', 'isPrioritisedByHand'])
      .where(({ ref }) => dialect.among(ref('id'), ids))
      .where('mergedInto', 'is', null)
      .orderBy('id'),
  );
  const labels = await db.read(
    build
      .selectFrom('issueLabels')
      .select(['issueId', 'label as value'])
      .where(({ ref }) => dialect.among(ref('issueId'), ids)),
  );
  const applied = await db.read(
    build
      .selectFrom('rulesApplied')
      .select(['issueId', 'ruleId as value'])
      .where(({ ref }) => dialect.among(ref('issueId'), ids)),
  );
  const frames = needsFrames ? await framesOf(db, ids) : [];
  const of = (all: readonly { issueId: string; value: string }[]) => {
    const by = new Map<string, string[]>();
    for (const { issueId, value } of all) by.set(issueId, [...(by.get(issueId) ?? []), value]);
    return (id: string) => by.get(id) ?? [];
  };
  const [labelsOf, appliedOf, framesBy] = [of(labels), of(applied), of(frames)];
  return rows.map((row) => ({
    ...row,
    labels: new Set(labelsOf(row.id)),
    applied: new Set(appliedOf(row.id)),
    frames: framesBy(row.id),
  }));
}

/** What crashes called, each different stack of an issue once. */
async function framesOf(db: Store, ids: readonly string[]) {
  const rows = await db.read(
    db.build
      .selectFrom('feedback as f')
      .innerJoin('crashFrames as c', (join) =>
        join.onRef('c.accountId', '=', 'f.accountId').onRef('c.feedbackId', '=', 'f.id'),
      )
      .select(['f.issueId', 'c.frames as value'])
      .where(({ ref }) => db.dialect.among(ref('f.issueId'), ids))
      .where('c.frames', '<>', '')
      .groupBy(['f.issueId', 'c.frames']),
  );
  return rows.flatMap(({ issueId, value }) => (issueId === null ? [] : [{ issueId, value }]));
}

const open = shape((build) =>
  build
    .selectFrom('issues as i')
    .innerJoin('Account as a', 'a.id', 'i.accountId')
    .select('i.id')
    .where('a.removedAt', 'is', null)
    .where('i.mergedInto', 'is', null)
    .where('i.status', 'in', ['new', 'triaged', 'inProgress'])
    .orderBy('i.id'),
);

/** Every issue that is open now. */
export async function openIssueIds(db: Store): Promise<string[]> {
  return (await db.read(open({}))).map(({ id }) => id);
}
