import type { AuditRow } from '@/lib/audit/entry';
import { type AuditTexts, REDACTION, type Redacted } from '@/lib/audit/redaction';
import { ownIssueId, titleOf } from '@/lib/feedback/intake';
import type { Ctx } from '../ctx';
import { partsOf } from './address';
import type { Redactor } from './redact';
import type { Person } from './who';

const REPORTS = ['betaFeedbackCrashSubmissions', 'betaFeedbackScreenshotSubmissions'];
const OF_ISSUES = ['issues', 'issueNotes', 'shareLinks', 'feedback'];
const TEXTS = ['label', 'before', 'after', 'names', 'errors'] as const;

/** Entries of the trail that may tell of a person: by the address, by a tester, by what the person wrote. */
export async function entriesAbout({ db }: Ctx, person: Person): Promise<AuditRow[]> {
  const { dialect, build } = db;
  const reportIds = person.reports.map(({ id }) => id);
  const issueIds = person.reports.map(({ accountId, id }) => ownIssueId(accountId, id));
  const titles = titlesOf(person);
  return db.read(
    build
      .selectFrom('auditEntries')
      .selectAll()
      .where(({ or, and, ref, eb, not }) =>
        and([
          not(and([eb('type', '=', REDACTION.type), eb('action', '=', REDACTION.action)])),
          or([
            ...TEXTS.flatMap((column) => [
              ...partsOf(person.address).map((parts) =>
                and(parts.map((part) => dialect.holds(ref(column), part) as never)),
              ),
              ...[...person.testerIds].map((id) => dialect.contains(ref(column), id) as never),
            ]),
            dialect.among(ref('resourceId'), [...person.testerIds, ...reportIds, ...issueIds]) as never,
            and([eb('type', 'in', OF_ISSUES), dialect.among(ref('label'), titles) as never]),
            and([eb('type', '=', 'issues'), eb('resourceId', 'is', null)]),
          ]),
        ]),
      )
      .orderBy('seq')
      .$castTo<AuditRow>(),
  );
}

/** Of these entries those that would read otherwise without the person, and what. */
export function redactedOf(rows: readonly AuditRow[], person: Person, redactor: Redactor): Redacted[] {
  const reportIds = new Set(person.reports.map(({ id }) => id));
  const titles = new Set(titlesOf(person));
  const issueIds = new Set(
    person.reports.flatMap(({ accountId, id, issueId }) => [ownIssueId(accountId, id), issueId ?? '']),
  );
  return rows.flatMap((row) => {
    const { label, before, after, names, errors } = row;
    const isOfOthers = row.type === 'issues' && row.resourceId !== null && !issueIds.has(row.resourceId);
    // Somebody else may have written the same.
    if (isOfOthers && !TEXTS.some((name) => redactor.isAbout(row[name] ?? ''))) return [];
    const json = (text: string | null) => (text === null ? null : redactor.json(text));
    let texts: AuditTexts = {
      label: label === null ? null : redactor.text(label),
      ...{ before: json(before), after: json(after), names: json(names), errors: json(errors) },
    };
    const isOfTester = row.resourceId !== null && person.testerIds.has(row.resourceId);
    // Whatever the tester was called by.
    if (isOfTester && label !== null) texts = { ...texts, label: redactor.pseudonym };
    if (isOfTester && row.type === 'testerRecords') texts = { ...texts, before: null, after: null };
    // The whole report stood there when it was deleted at Apple.
    if (REPORTS.includes(row.type) && reportIds.has(row.resourceId ?? '')) texts = { ...texts, before: null };
    if (label !== null && titles.has(label) && OF_ISSUES.includes(row.type))
      texts = { ...texts, label: TITLE };
    return TEXTS.some((name) => texts[name] !== row[name]) ? [{ row, texts }] : [];
  });
}

/** Of an issue that was called by what the person wrote. */
const TITLE = 'feedback that was erased';

const titlesOf = ({ reports }: Person) =>
  [...new Set(reports.map(({ comment }) => titleOf(comment)))].filter((title) => title !== '');
