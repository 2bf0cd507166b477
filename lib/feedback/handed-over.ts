import { shape } from '@/lib/store/shape';
import type { Write } from '@/lib/store/store';

interface Returning {
  readonly accountId: string;
  /** Where the reports were. */
  readonly to: string;
  /** Issues that they go back to. */
  readonly issueIds: readonly string[];
}

/**
 * What was handed over of reports that go back to their issues goes with them, with the link that it left: it was made
 * for them. To be written when the reports stand where they belong.
 */
export function handedOverBack(given: Returning): Write[] {
  return given.issueIds.length === 0 ? [] : [linked(given), unlinked(given), moved(given)];
}

/** The handovers `h` made at one issue of reports `f` that are in others again. */
const linked = shape((build, given: Returning, { among }) =>
  build
    .updateTable('issues')
    .set(({ selectFrom }) => ({
      link: selectFrom('handovers as h')
        .innerJoin('feedback as f', 'f.id', 'h.feedbackId')
        .select('h.url')
        .where('h.issueId', '=', given.to)
        .where('f.accountId', '=', given.accountId)
        .whereRef('f.issueId', '=', 'issues.id')
        .where('h.url', 'is not', null)
        .orderBy('h.createdAt')
        .orderBy('h.id')
        .limit(1),
    }))
    .where(({ ref }) => among(ref('issues.id'), given.issueIds))
    .where('issues.link', 'is', null)
    .where('issues.id', '<>', given.to),
);

const unlinked = shape((build, given: Returning, { among }) =>
  build
    .updateTable('issues')
    .set({ link: null })
    .where('issues.id', '=', given.to)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('handovers as h')
          .innerJoin('feedback as f', 'f.id', 'h.feedbackId')
          .select('h.id')
          .where('h.issueId', '=', given.to)
          .where('f.accountId', '=', given.accountId)
          .whereRef('h.url', '=', 'issues.link')
          .where('f.issueId', '<>', given.to)
          .where(({ ref }) => among(ref('f.issueId'), given.issueIds)),
      ),
    ),
);

const moved = shape((build, given: Returning, { among }) =>
  build
    .updateTable('handovers')
    .from('feedback as f')
    .set(({ ref, eb, cast, val }) => ({
      issueId: ref('f.issueId').$notNull(),
      // What allows no second one goes along.
      guard: eb
        .case()
        .when('handovers.guard', 'is', null)
        .then(cast<string | null>(val(null), 'text'))
        .else(
          eb(
            eb('handovers.connectorId', '||', cast<string>(val(' '), 'text')),
            '||',
            ref('f.issueId').$notNull(),
          ),
        )
        .end(),
    }))
    .where('handovers.issueId', '=', given.to)
    .where('f.accountId', '=', given.accountId)
    .whereRef('f.id', '=', 'handovers.feedbackId')
    .where('f.issueId', '<>', given.to)
    .where(({ ref }) => among(ref('f.issueId'), given.issueIds))
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('handovers as o')
            .select('o.id')
            .whereRef('o.connectorId', '=', 'handovers.connectorId')
            .whereRef('o.issueId', '=', 'f.issueId')
            .where('o.guard', 'is not', null),
        ),
      ),
    ),
);
