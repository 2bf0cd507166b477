import { loose } from '@/lib/mirror/loose';
import type { SqlValue, Write } from '@/lib/store/store';
import type { Ctx } from '../ctx';
import { partsOf } from './address';
import type { Redactor } from './redact';
import type { Person } from './who';

/** A table of ours whose texts may name a person, and what becomes of a row that does. */
export interface TextTable {
  /** As the schema calls it, and as the database does. */
  readonly model: string;
  readonly table: string;
  readonly key: readonly string[];
  readonly texts: readonly string[];
  readonly json: readonly string[];
  readonly fate: 'redacted' | 'deleted';
  /** What it keeps may be sent to Apple again. */
  readonly isToBeSent?: true;
}

/** Every table in which somebody of the team, or a job, may have written of a person. */
export const TEXT_TABLES = {
  issues: table('Issue', 'issues', ['id'], ['title', 'link']),
  issueNotes: table('IssueNote', 'issueNotes', ['id'], ['text']),
  issueLabels: { ...table('IssueLabel', 'issueLabels', ['issueId', 'label'], ['label']), fate: 'deleted' },
  handovers: table('Handover', 'handovers', ['id'], ['title', 'body', 'trouble', 'stateTrouble']),
  connectors: table('Connector', 'connectors', ['id'], ['name', 'title', 'body']),
  triageRules: table('TriageRule', 'triageRules', ['id'], ['name', 'label', 'frame', 'addLabel']),
  notices: table('Notice', 'notices', ['id'], ['words']),
  alertSendings: table('AlertSending', 'alertSendings', ['id'], ['trouble'], ['words']),
  channelTroubles: table('ChannelTrouble', 'channelTroubles', ['channel'], ['trouble']),
  savedReplies: table('SavedReply', 'savedReplies', ['id'], ['name', 'subject', 'body']),
  noteTemplates: table('NoteTemplate', 'noteTemplates', ['id'], ['name'], ['texts']),
  shipTemplates: table('ShipTemplate', 'shipTemplates', ['id'], ['name'], ['choices']),
  jobs: table('Job', 'jobs', ['id'], ['title', 'error', 'waitReason'], ['params', 'hold']),
  jobItems: {
    ...table('JobItem', 'jobItems', ['jobId', 'position'], ['label', 'errorDetail'], ['payload', 'result']),
    isToBeSent: true,
  },
  drafts: { ...table('Draft', 'drafts', ['userId', 'key'], ['key', 'value']), fate: 'deleted' },
  savedViews: { ...table('SavedView', 'savedViews', ['id'], ['name', 'query']), fate: 'deleted' },
  otherNotes: table('TesterNote', 'testerNotes', ['accountId', 'appId', 'testerId'], ['note']),
  otherTags: {
    ...table('TesterTag', 'testerTags', ['accountId', 'appId', 'testerId', 'tag'], ['tag']),
    fate: 'deleted',
  },
} as const satisfies Readonly<Record<string, TextTable>>;

function table(
  model: string,
  name: string,
  key: readonly string[],
  texts: readonly string[],
  json: readonly string[] = [],
): TextTable {
  return { model, table: name, key, texts, json, fate: 'redacted' };
}

export type TextRow = Readonly<Record<string, SqlValue>>;

/** The rows of a table that hold the address; of payloads also those that name a tester by id. */
export async function rowsAbout(
  { db }: Ctx,
  { table: name, key, texts, json }: TextTable,
  person: Person,
  redactor: Redactor,
): Promise<TextRow[]> {
  const { dialect } = db;
  const columns = [...texts, ...json];
  const rows = await db.read(
    loose(db.build)
      .selectFrom(name)
      .select([...new Set([...key, ...columns])])
      .where(({ or, and, ref }) =>
        or([
          ...columns.flatMap((column) =>
            partsOf(person.address).map((parts) =>
              and(parts.map((part) => dialect.holds(ref(column).$castTo<string | null>(), part) as never)),
            ),
          ),
          ...json.flatMap((column) =>
            [...person.testerIds].map(
              (id) => dialect.contains(ref(column).$castTo<string | null>(), id) as never,
            ),
          ),
        ]),
      ),
  );
  return (rows as TextRow[]).filter((row) =>
    columns.some((column) => {
      const value = row[column];
      if (typeof value !== 'string') return false;
      return json.includes(column) ? redactor.isAbout(value) : redactor.holdsAddress(decoded(value));
    }),
  );
}

/** What stands in an address of a page, such as the query of a view, as it is meant. */
function decoded(text: string): string {
  try {
    return text.includes('%') ? `${text} ${decodeURIComponent(text)}` : text;
  } catch {
    return text;
  }
}

/** What becomes of such a row; null when nothing of it would change. */
export function rowErased(
  { db }: Ctx,
  { table: name, key, texts, json, fate }: TextTable,
  redactor: Redactor,
  row: TextRow,
): Write | null {
  const build = loose(db.build);
  if (fate === 'deleted') {
    let gone = build.deleteFrom(name);
    for (const column of key) gone = gone.where(column, '=', row[column] ?? null);
    return gone;
  }
  const changes: Record<string, string> = {};
  for (const column of [...texts, ...json]) {
    const value = row[column];
    if (typeof value !== 'string') continue;
    const next = json.includes(column) ? redactor.json(value) : redactor.text(value);
    if (next !== value && JSON.stringify(next) !== value) changes[column] = next;
  }
  if (Object.keys(changes).length === 0) return null;
  let change = build.updateTable(name).set(changes);
  for (const column of key) change = change.where(column, '=', row[column] ?? null);
  return change;
}
