import type { Builder } from '@/lib/store/builder';
import { shape } from '@/lib/store/shape';
import type { Write } from '@/lib/store/store';

/** An issue that its last report may have left, and that report, which tells where everything goes. */
export interface Leaving {
  readonly accountId: string;
  readonly former: string;
  readonly reportId: string;
  readonly now: number;
}

/**
 * What becomes of an issue when a rule has moved all of its reports: what people placed there goes along, and so does
 * what they said and decided. One that nobody has touched vanishes; another one stays and tells where everything went.
 */
export function emptied(given: Leaving): Write[] {
  return [
    placedAlong(given),
    notes(given),
    labels(given),
    aliases(given),
    notices(given),
    decisions(given),
    rulesApplied(given),
    rulesDue(given),
    state(given),
    suspects(given),
    duplicates(given),
    vanished(given),
    left(given),
  ];
}

const placedAlong = shape((build, given: Leaving) =>
  build
    .updateTable('feedback')
    .set({ issueId: target(build, given) })
    .where('feedback.issueId', '=', given.former)
    .where('feedback.isPlaced', '=', 1)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('feedback as x')
            .select('x.id')
            .where('x.issueId', '=', given.former)
            .where('x.isPlaced', '=', 0),
        ),
      ),
    ),
);

const notes = shape((build, given: Leaving) =>
  build
    .updateTable('issueNotes')
    .set({ issueId: someTarget(build, given) })
    .where('issueId', '=', given.former)
    .where(({ not, exists }) => not(exists(reports(build, given)))),
);

const labels = shape((build, given: Leaving) =>
  build
    .insertInto('issueLabels')
    .columns(['issueId', 'label', 'createdAt', 'createdBy'])
    .expression(
      build
        .selectFrom('issueLabels as l')
        .innerJoin('feedback as f', (join) =>
          join.on('f.accountId', '=', given.accountId).on('f.id', '=', given.reportId),
        )
        .select(['f.issueId', 'l.label', 'l.createdAt', 'l.createdBy'])
        .where('l.issueId', '=', given.former)
        .where('f.issueId', 'is not', null)
        .$narrowType<{ issueId: string }>()
        .where(({ not, exists }) => not(exists(reports(build, given)))),
    )
    .onConflict((conflict) => conflict.columns(['issueId', 'label']).doNothing()),
);

const aliases = shape((build, given: Leaving) =>
  build
    .updateTable('issueAliases')
    .set({ issueId: someTarget(build, given) })
    .where('issueId', '=', given.former)
    .where(({ not, exists }) => not(exists(reports(build, given)))),
);

const notices = shape((build, given: Leaving) =>
  build
    .updateTable('notices')
    .set({ issueId: target(build, given) })
    .where('issueId', '=', given.former)
    .where(({ not, exists }) => not(exists(reports(build, given)))),
);

/** Who has it and how urgent it is, where the other issue does not say so itself. */
const decisions = shape((build, given: Leaving) =>
  build
    .updateTable('issues')
    .from('issues as former')
    .set(({ fn, ref, eb }) => ({
      assigneeId: fn.coalesce('issues.assigneeId', 'former.assigneeId'),
      link: fn.coalesce('issues.link', 'former.link'),
      priority: eb
        .case()
        .when('former.priority', '>', ref('issues.priority'))
        .then(ref('former.priority'))
        .else(ref('issues.priority'))
        .end(),
      isAssignedByHand: eb
        .case()
        .when('former.isAssignedByHand', '=', 1)
        .then(1)
        .else(ref('issues.isAssignedByHand'))
        .end(),
      isPrioritisedByHand: eb
        .case()
        .when('former.isPrioritisedByHand', '=', 1)
        .then(1)
        .else(ref('issues.isPrioritisedByHand'))
        .end(),
      version: eb('issues.version', '+', 1),
      updatedAt: given.now,
    }))
    .where('former.id', '=', given.former)
    .where('former.version', '>', 1)
    .where(({ eb }) => eb('issues.id', '=', someTarget(build, given)))
    .where(({ not, exists }) => not(exists(reports(build, given)))),
);

/** What rules are still to be asked of is asked where it went. */
const rulesDue = shape((build, given: Leaving) =>
  build
    .updateTable('issues')
    .set(({ eb }) => ({ areRulesDue: eb('areRulesDue', '+', 1) }))
    .where(({ eb }) => eb('issues.id', '=', someTarget(build, given)))
    .where('issues.id', '<>', given.former)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('issues as former')
          .select('former.id')
          .where('former.id', '=', given.former)
          .where('former.areRulesDue', '>', 0),
      ),
    ),
);

/** A rule that has done what it does does it no second time. */
const rulesApplied = shape((build, given: Leaving) =>
  build
    .insertInto('rulesApplied')
    .columns(['issueId', 'ruleId', 'at'])
    .expression(
      build
        .selectFrom('rulesApplied as r')
        .innerJoin('feedback as f', (join) =>
          join.on('f.accountId', '=', given.accountId).on('f.id', '=', given.reportId),
        )
        .select(['f.issueId', 'r.ruleId', 'r.at'])
        .where('r.issueId', '=', given.former)
        .where('f.issueId', 'is not', null)
        .$narrowType<{ issueId: string }>()
        .where(({ not, exists }) => not(exists(reports(build, given)))),
    )
    .onConflict((conflict) => conflict.columns(['issueId', 'ruleId']).doNothing()),
);

/** What was decided of it, where nobody has decided of the other. */
const state = shape((build, given: Leaving) =>
  build
    .updateTable('issues')
    .from('issues as former')
    .set(({ ref }) => ({
      status: ref('former.status'),
      resolvedBuildId: ref('former.resolvedBuildId'),
      resolvedPlatform: ref('former.resolvedPlatform'),
      resolvedDate: ref('former.resolvedDate'),
      resolvedLabel: ref('former.resolvedLabel'),
      duplicateOf: ref('former.duplicateOf'),
      snoozedUntil: ref('former.snoozedUntil'),
      snoozedDate: ref('former.snoozedDate'),
      snoozedPlatform: ref('former.snoozedPlatform'),
    }))
    .where('former.id', '=', given.former)
    .where('former.version', '>', 1)
    .where('issues.status', '=', 'new')
    .where('issues.regressedAt', 'is', null)
    .where('issues.snoozedUntil', 'is', null)
    .where('issues.snoozedDate', 'is', null)
    .where(({ eb }) => eb('issues.id', '=', someTarget(build, given)))
    .where(({ not, exists }) => not(exists(reports(build, given)))),
);

/** Reports of the other issue may be of newer builds than the one that this was resolved in. */
const suspects = shape((build, given: Leaving) =>
  build
    .updateTable('feedback')
    .set({ mayRegress: 1 })
    .where(({ eb }) => eb('feedback.issueId', '=', someTarget(build, given)))
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('issues as former')
          .select('former.id')
          .where('former.id', '=', given.former)
          .where('former.status', '=', 'resolved'),
      ),
    )
    .where(({ not, exists }) => not(exists(reports(build, given)))),
);

const duplicates = shape((build, given: Leaving) =>
  build
    .updateTable('issues')
    .set({ duplicateOf: target(build, given) })
    .where('issues.duplicateOf', '=', given.former)
    .where(({ not, exists }) => not(exists(reports(build, given)))),
);

const vanished = shape((build, given: Leaving) =>
  build
    .deleteFrom('issues')
    .where('issues.id', '=', given.former)
    .where('issues.version', '=', 1)
    .where('issues.mergedInto', 'is', null)
    .where(({ not, exists }) => not(exists(reports(build, given))))
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('issueLabels as l').select('l.label').where('l.issueId', '=', given.former))),
    )
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('issues as m').select('m.id').where('m.mergedInto', '=', given.former))),
    )
    // What was handed over is found through where it went.
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('handovers as h').select('h.id').where('h.issueId', '=', given.former))),
    ),
);

const left = shape((build, given: Leaving) =>
  build
    .updateTable('issues')
    .set({ mergedInto: target(build, given) })
    .where('issues.id', '=', given.former)
    .where('issues.mergedInto', 'is', null)
    .where(({ not, exists }) => not(exists(reports(build, given)))),
);

/** Where the report is now. */
const target = (build: Builder, given: Leaving) =>
  build
    .selectFrom('feedback as f')
    .select('f.issueId')
    .where('f.accountId', '=', given.accountId)
    .where('f.id', '=', given.reportId);
const someTarget = (build: Builder, given: Leaving) =>
  target(build, given).$narrowType<{ issueId: string }>();
/** What is still in the issue. */
const reports = (build: Builder, given: Leaving) =>
  build.selectFrom('feedback as x').select('x.id').where('x.issueId', '=', given.former);
