import type { Values } from './codec';
import type { Database, SqlValue, Statement } from './store';

export interface TesterEventInput {
  readonly accountId: string;
  readonly appId: string;
  readonly testerId: string;
  readonly emailLower: string | null;
  /** ms since 1970 */
  readonly at: number;
  readonly kind: 'state' | 'joined' | 'left' | 'invited' | 'restored' | 'device';
  readonly before?: string | null;
  readonly after?: string | null;
}

/** Appends to the testers' history, which is a record: nothing ever removes it. */
export function testerEventStatements(events: readonly TesterEventInput[]): Statement[] {
  const statements: Statement[] = [];
  for (let from = 0; from < events.length; from += 200) {
    const chunk = events.slice(from, from + 200);
    statements.push({
      sql: `INSERT INTO "testerEvents" ("accountId", "appId", "testerId", "emailLower", "at", "kind", "before", "after") VALUES ${chunk
        .map(() => '(?, ?, ?, ?, ?, ?, ?, ?)')
        .join(', ')}`,
      params: chunk.flatMap((event): SqlValue[] => [
        event.accountId,
        event.appId,
        event.testerId,
        event.emailLower,
        event.at,
        event.kind,
        event.before ?? null,
        event.after ?? null,
      ]),
    });
  }
  return statements;
}

export interface KnownTester {
  readonly id: string;
  readonly document: string;
  readonly state: string | null;
  readonly appDevices: string | null;
  readonly emailLower: string | null;
  readonly installedBuild: string | null;
}

/** What the mirror holds of these testers of an app, by id. */
export function knownTesters(
  db: Database,
  accountId: string,
  appId: string,
  ids: readonly string[],
): Map<string, KnownTester> {
  const rows = db.query<KnownTester>(
    `SELECT "id", "document", "state", "appDevices", "emailLower", "installedBuild" FROM "betaTesters"
     WHERE "accountId" = ? AND "appId" = ? AND "id" IN (SELECT value FROM json_each(?))`,
    [accountId, appId, JSON.stringify(ids)],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** What changed between what was known of a tester and a row that is about to be stored. */
export function testerChanges(
  known: KnownTester | undefined,
  values: Values,
  place: { accountId: string; appId: string; at: number },
): TesterEventInput[] {
  const state = text(values.state);
  const base = {
    ...place,
    testerId: String(values.id),
    emailLower: text(values.emailLower) ?? known?.emailLower ?? null,
  };
  if (!known) return [{ ...base, kind: 'joined', after: state }];
  const events: TesterEventInput[] = [];
  if (state !== null && state !== known.state) {
    events.push({ ...base, kind: 'state', before: known.state, after: state });
  }
  const build = text(values.installedBuild);
  if (build !== null && known.installedBuild !== null && build !== known.installedBuild) {
    events.push({ ...base, kind: 'device', before: known.installedBuild, after: build });
  }
  return events;
}

function text(value: SqlValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}
