import { sql } from 'kysely';
import type { TesterEvent } from '@/lib/history/tester-events';
import { shape } from '@/lib/store/shape';
import type { SqlValue, Store } from '@/lib/store/store';
import { storedText } from '@/lib/store/text';
import type { Values } from './codec';

export interface KnownTester {
  readonly id: string;
  readonly document: string;
  readonly state: string | null;
  readonly appDevices: string | null;
  readonly emailLower: string | null;
  readonly installedBuild: string | null;
}

const held = shape(
  (
    build,
    { accountId, appId, ids }: { accountId: string; appId: string; ids: readonly string[] },
    { among },
  ) =>
    build
      .selectFrom('betaTesters')
      .select(['id', 'document', 'state', 'appDevices', 'emailLower', 'installedBuild'])
      .where('accountId', '=', accountId)
      .where('appId', '=', appId)
      .where(among(sql.ref<string>('id'), ids)),
);

/** What the mirror holds of these testers of an app, by id. */
export async function knownTesters(
  db: Pick<Store, 'read'>,
  accountId: string,
  appId: string,
  ids: readonly string[],
): Promise<Map<string, KnownTester>> {
  const rows = await db.read(held({ accountId, appId, ids }));
  return new Map(rows.map((row) => [row.id, row]));
}

/** What changed between what was known of a tester and a row that is about to be stored. */
export function testerChanges(
  known: KnownTester | undefined,
  values: Values,
  place: { accountId: string; appId: string; at: number },
): TesterEvent[] {
  const state = text(values.state);
  const base = {
    ...place,
    testerId: String(values.id),
    email: text(values.emailLower) ?? known?.emailLower ?? null,
  };
  if (!known) return [{ ...base, kind: 'joined', after: state }];
  const events: TesterEvent[] = [];
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
  return typeof value === 'string' ? storedText(value) : null;
}
