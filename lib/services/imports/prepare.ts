import { z } from 'zod';
import { APP_TESTER_LIMIT, INTERNAL_TESTER_LIMIT } from '@/lib/asc/catalogue/limits';
import { formatCount, formatPlural } from '@/lib/format/numbers';
import { type AppFacts, appOf, buildNames, externalTesterCount, type GroupRow, groupsOf } from '../app-facts';
import type { Ctx } from '../ctx';
import { badParameter, conflict, RefusedError } from '../errors';
import { buildWarnings } from '../testers/bulk-consequences';
import { readAddresses } from './csv/address';
import { type ColumnGuess, FIELDS, guessColumns, type Mapping } from './csv/columns';
import { ENCODINGS } from './csv/encodings';
import { readTable, type Table, type TableRow } from './csv/read-table';
import { FileRefusal } from './csv/refusal';
import { SEPARATORS } from './csv/separator';
import { knownTesters } from './known-testers';
import { countOutcomes, type Named, type PlannedRow, planRows, type RowOutcome } from './plan';

const column = z.int().min(0).max(199);

/** What a person may say about a file beside the file itself. */
export const importOptions = z.strictObject({
  appId: z.string().min(1, 'Choose an app.'),
  accountId: z.string().min(1).exactOptional(),
  /** Groups for rows that name none. */
  groupIds: z.array(z.string().min(1)).max(100).default([]),
  /** Builds given one by one instead; every row gets them. */
  buildIds: z.array(z.string().min(1)).max(20).default([]),
  /** Which column holds what; guessed when absent. */
  mapping: z.partialRecord(z.enum(FIELDS), column).exactOptional(),
  /** Whether there is a header; guessed when absent. */
  hasHeader: z.boolean().exactOptional(),
  separator: z.enum(SEPARATORS).exactOptional(),
  encoding: z.enum(ENCODINGS).exactOptional(),
  /** Whether the text is a table or a list of addresses; guessed when absent. */
  kind: z.enum(['table', 'list']).exactOptional(),
  /** Names that look broken, by row id or `*` for all: whether to keep or drop them. Held back when absent. */
  names: z.record(z.string(), z.enum(['keep', 'drop'])).exactOptional(),
  /** What a group's name means: folded name → group id, or '' to leave it out. */
  groupNames: z.record(z.string(), z.string()).exactOptional(),
  /** Which of several testers of one address is meant: lower-cased address → tester id. */
  records: z.record(z.string(), z.string()).exactOptional(),
});
export type ImportOptions = z.infer<typeof importOptions>;

/** A file read, understood and compared with the mirror; nothing has been sent. */
export interface PreparedImport {
  readonly app: AppFacts;
  readonly table: Table;
  readonly columns: ColumnGuess;
  readonly groups: readonly GroupRow[];
  readonly rows: readonly PlannedRow[];
  readonly counts: Readonly<Record<RowOutcome, number>>;
  readonly warnings: readonly string[];
}

/**
 * Reads a file of testers and says what an import would do with each row.
 * @throws RefusedError with the line when the file cannot be read, or no column holds addresses
 */
export async function prepareImport(
  ctx: Ctx,
  bytes: Uint8Array,
  options: ImportOptions,
): Promise<PreparedImport> {
  const app = await appOf(ctx, options.appId, options.accountId);
  const groups = await groupsOf(ctx, app);
  const unknown = options.groupIds.find((id) => !groups.some((group) => group.id === id));
  if (unknown !== undefined) throw badParameter('groupIds', `This app has no group ${unknown}.`);
  const builds = await buildsOf(ctx, app, options);
  const table = await read(bytes, options);
  const columns = guessColumns(table, {
    hasHeader: options.hasHeader,
    mapping: options.mapping as Mapping | undefined,
    groups,
  });
  const { mapping, body } = columns;
  if (mapping.email === undefined) throw noAddresses(columns);
  const rows = planRows(body, {
    mapping,
    headers: columns.columns.map(({ header }) => header ?? ''),
    otherAddresses: columns.addresses?.others.flatMap((one) => (one.isOthers ? [] : [one.index])),
    groups,
    defaultGroupIds: options.groupIds,
    builds,
    known: await knownTesters(ctx, app, emailsOf(body, mapping)),
    groupNames: options.groupNames,
    records: options.records,
    names: options.names,
    isEncodingUnsure: table.howDecoded === 'unsure',
  });
  const counts = countOutcomes(rows);
  const notes = (await Promise.all(options.buildIds.map((id) => buildWarnings(ctx, app, id)))).flat();
  if (builds.length > 0 && columns.mapping.groups !== undefined) notes.push(GROUPS_UNREAD);
  return {
    app,
    table,
    columns,
    groups,
    rows,
    counts,
    warnings: [...(await warningsFor(ctx, app, rows, counts, groups)), ...new Set(notes)],
  };
}

const GROUPS_UNREAD =
  'The groups column is not read: Apple gives a new tester either groups or single builds, and builds were chosen.';

/** The builds chosen for all rows. @throws RefusedError 400 for a build of another app, 409 beside groups */
async function buildsOf(ctx: Ctx, app: AppFacts, { buildIds, groupIds }: ImportOptions): Promise<Named[]> {
  if (buildIds.length > 0 && groupIds.length > 0) {
    const detail = 'Apple gives a new tester either groups or single builds. Choose one of the two.';
    throw conflict('FLIGHTDECK.GROUPS_OR_BUILDS', detail);
  }
  const known = await buildNames(ctx, app, buildIds);
  return buildIds.map((id) => {
    const name = known.get(id);
    if (name === undefined) throw badParameter('buildIds', `This app has no build ${id}.`);
    return { id, name };
  });
}

function noAddresses({ columns }: ColumnGuess): RefusedError {
  const others = columns.filter(({ why }) => why.startsWith('Holds addresses'));
  const detail =
    others.length > 0
      ? `No column can be told to hold the addresses of the people themselves. ${others.map(({ header, index }) => `“${header || `Column ${index + 1}`}” may be somebody else's.`).join(' ')} Choose the column yourself.`
      : 'No column holds e-mail addresses. Choose the column yourself, or check that this is the right file.';
  return new RefusedError({
    status: 422,
    code: 'FLIGHTDECK.FILE.NO_EMAIL_COLUMN',
    title: 'No e-mail column',
    detail,
    meta: { columns },
  });
}

async function read(bytes: Uint8Array, { separator, encoding, kind }: ImportOptions): Promise<Table> {
  try {
    return await readTable(bytes, { separator, encoding, kind });
  } catch (error) {
    if (!(error instanceof FileRefusal)) throw error;
    throw new RefusedError({
      status: error.code === 'TOO_LARGE' ? 413 : 422,
      code: `FLIGHTDECK.FILE.${error.code}`,
      title: 'The file cannot be imported',
      detail: error.message,
      ...(error.line === undefined ? {} : { meta: { line: error.line } }),
    });
  }
}

function emailsOf(rows: readonly TableRow[], mapping: Mapping): string[] {
  return rows.flatMap((row) =>
    [mapping.email, mapping.otherEmail].flatMap((index) =>
      readAddresses(row.cells[index ?? -1] ?? '').flatMap((address) => (address.ok ? [address.key] : [])),
    ),
  );
}

async function warningsFor(
  ctx: Ctx,
  app: AppFacts,
  rows: readonly PlannedRow[],
  counts: Readonly<Record<RowOutcome, number>>,
  groups: readonly GroupRow[],
): Promise<string[]> {
  const warnings: string[] = [];
  const room = APP_TESTER_LIMIT - (await externalTesterCount(ctx, app));
  if (counts.invite > room) {
    warnings.push(
      `The app has room for ${formatCount(Math.max(0, room))} more external testers, and this file brings ${formatCount(counts.invite)}. Apple will refuse the rest.`,
    );
  }
  const internal = new Set(groups.filter((group) => group.isInternalGroup).map((group) => group.id));
  const toInternal = rows.filter((row) => row.groups.some((group) => internal.has(group.id))).length;
  if (toInternal > 0) {
    warnings.push(
      `${formatPlural(toInternal, 'row names an internal group', 'rows name internal groups')}. Apple takes only people of your App Store Connect team there, at most ${INTERNAL_TESTER_LIMIT}.`,
    );
  }
  return warnings;
}
