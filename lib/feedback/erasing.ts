import { shape } from '@/lib/store/shape';
import type { Write } from '@/lib/store/store';
import { CRASHES } from './intake';

/** What a person reads where something was erased. */
export const ERASED = 'Erased at the request of the person.';

interface Reports {
  readonly accountId: string;
  readonly ids: readonly string[];
}

const report = shape((build, given: Reports, { among }) =>
  build
    .updateTable('feedback')
    .set(({ eb, ref, val }) => ({
      logState: eb.case().when('type', '=', CRASHES).then(val('erased')).else(ref('logState')).end(),
      logTrouble: eb.case().when('type', '=', CRASHES).then(val(ERASED)).else(ref('logTrouble')).end(),
      // Whoever is asking for it just now has no claim any more.
      logAskedAt: null,
      logAfter: null,
    }))
    .where('accountId', '=', given.accountId)
    .where(({ ref }) => among(ref('id'), given.ids)),
);
const logs = shape((build, given: Reports, { among }) =>
  build
    .deleteFrom('crashLogs')
    .where('accountId', '=', given.accountId)
    .where(({ ref }) => among(ref('feedbackId'), given.ids)),
);
const needs = shape((build, given: Reports, { among }) =>
  build
    .deleteFrom('symbolNeeds')
    .where('accountId', '=', given.accountId)
    .where(({ ref }) => among(ref('feedbackId'), given.ids)),
);
const words = shape((build, given: Reports, { among }) =>
  build
    .updateTable('feedbackWords')
    .set({ comment: '', log: '' })
    .where('accountId', '=', given.accountId)
    .where(({ ref }) => among(ref('feedbackId'), given.ids)),
);
const pictures = shape((build, given: Reports, { among }) =>
  build
    .updateTable('feedbackPictures')
    .set({ state: 'removed', hash: null, path: null, trouble: ERASED })
    .where('accountId', '=', given.accountId)
    .where(({ ref }) => among(ref('feedbackId'), given.ids)),
);

const frames = shape((build, given: Reports, { among }) =>
  build
    .deleteFrom('crashFrames')
    .where('accountId', '=', given.accountId)
    .where(({ ref }) => among(ref('feedbackId'), given.ids)),
);
const drawings = shape((build, given: Reports, { among }) =>
  build
    .deleteFrom('feedbackDrawings')
    .where('accountId', '=', given.accountId)
    .where(({ ref }) => among(ref('feedbackId'), given.ids)),
);

/** What belongs to reports and goes with what they said: logs, what is searched, pictures and what was drawn on them. Files go apart. */
export function erasedParts(reports: Reports): Write[] {
  return [report, logs, frames, needs, words, pictures, drawings].map((statement) => statement(reports));
}
