import { shape } from '@/lib/store/shape';
import type { Write } from '@/lib/store/store';

/** Columns of a report that tell something of who sent it, beside those that are given a value of their own. */
const OF_A_PERSON = [
  ...['email', 'locale', 'timeZone', 'connectionType', 'pairedAppleWatch', 'batteryPercentage'],
  ...['diskBytesAvailable', 'diskBytesTotal', 'appUptimeInMilliseconds'],
] as const;
/** What stays of Apple's document: what is counted about an issue. */
const KEPT = [
  ...['createdDate', 'buildBundleId', 'appPlatform', 'devicePlatform', 'deviceFamily', 'deviceModel'],
  ...['osVersion', 'architecture'],
] as const;

/** What of a report's document says nothing of who sent it. */
export function withoutPerson(document: string): string {
  const all = JSON.parse(document) as Readonly<Record<string, unknown>>;
  return JSON.stringify(Object.fromEntries(KEPT.flatMap((name) => (name in all ? [[name, all[name]]] : []))));
}

interface Reports {
  readonly accountId: string;
  readonly ids: readonly string[];
}

const whole = shape((build, given: Reports, { among }) =>
  build
    .updateTable('feedback')
    .from('erasedReports as e')
    .set(({ ref }) => ({
      comment: null,
      commentWords: null,
      document: ref('e.document'),
      testerId: ref('e.testerId'),
      ...(Object.fromEntries(OF_A_PERSON.map((name) => [name, null])) as Record<
        (typeof OF_A_PERSON)[number],
        null
      >),
    }))
    .whereRef('e.accountId', '=', 'feedback.accountId')
    .whereRef('e.feedbackId', '=', 'feedback.id')
    .where('e.isWhole', '=', 1)
    .where('feedback.accountId', '=', given.accountId)
    .where(({ ref }) => among(ref('feedback.id'), given.ids)),
);

const words = shape((build, given: Reports, { among, jsonPatched }) =>
  build
    .updateTable('feedback')
    .from('erasedReports as e')
    .set(({ ref }) => ({
      comment: ref('e.comment'),
      commentWords: ref('e.commentWords'),
      document: jsonPatched(ref('feedback.document'), ref('e.document')),
    }))
    .whereRef('e.accountId', '=', 'feedback.accountId')
    .whereRef('e.feedbackId', '=', 'feedback.id')
    .where('e.isWhole', '=', 0)
    .where('feedback.accountId', '=', given.accountId)
    .where(({ ref }) => among(ref('feedback.id'), given.ids)),
);

/** Takes out of reports again what was erased of them, whatever Apple has just sent. */
export function erasedAgain(reports: Reports): Write[] {
  return reports.ids.length === 0 ? [] : [whole(reports), words(reports)];
}
