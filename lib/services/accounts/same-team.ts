import { createAscClient } from '@/lib/asc/client';
import type { Ctx } from '../ctx';
import { conflict } from '../errors';
import { credentialOf } from './clients';
import { type AccountRow, accountRows } from './rows';

interface Key {
  readonly kind: 'team' | 'individual';
  readonly issuerId?: string | null | undefined;
  readonly keyId: string;
  readonly privateKey: string;
}

/**
 * A second key of a team that is here would show its programme twice and spend its quota twice.
 * @throws RefusedError 409 with the account whose key should be replaced instead
 */
export async function refuseKnownTeam(ctx: Ctx, key: Key): Promise<void> {
  const rows = accountRows(ctx.db).filter(({ baseUrl }) => baseUrl === ctx.env.ASC_BASE_URL);
  if (rows.length === 0) return;
  const byIssuer = rows.find((row) => isSameIssuer(row, key));
  const holders = byIssuer ? [] : holdersOf(ctx, await visibleApps(ctx, key));
  const known = byIssuer ?? rows.find(({ id }) => holders.includes(id));
  if (!known) return;
  throw conflict(
    'FLIGHTDECK.TEAM_KNOWN',
    `The apps of this key are here already, under the name “${known.name}”. A second key of the same team would ` +
      `show them twice. To use this key, replace the key of “${known.name}” with it.`,
    { accountId: known.id },
  );
}

/**
 * A key of another team in an account's place would let the next sync take that account's programme away.
 * @throws RefusedError 409 when the key sees none of the account's apps
 */
export async function refuseOtherTeam(ctx: Ctx, row: AccountRow, key: Key): Promise<void> {
  if (isSameIssuer(row, key)) return;
  const [some] = ctx.db.query('SELECT 1 FROM apps WHERE accountId = ? LIMIT 1', [row.id]);
  if (!some || holdersOf(ctx, await visibleApps(ctx, key)).includes(row.id)) return;
  throw conflict(
    'FLIGHTDECK.OTHER_TEAM',
    `This key sees none of the apps of “${row.name}”, so it belongs to another team. Add it as a key of its own.`,
  );
}

function isSameIssuer(row: AccountRow, key: Key): boolean {
  return key.kind === 'team' && row.kind === 'team' && row.issuerId === key.issuerId;
}

/** The accounts whose copy holds any of the apps; an app belongs to one team. */
function holdersOf({ db }: Ctx, appIds: readonly string[]): string[] {
  const sql = 'SELECT DISTINCT accountId FROM apps WHERE id IN (SELECT value FROM json_each(?))';
  return db.query<{ accountId: string }>(sql, [JSON.stringify(appIds)]).map(({ accountId }) => accountId);
}

async function visibleApps({ env, clock, fetch }: Ctx, key: Key): Promise<string[]> {
  const asc = createAscClient({
    baseUrl: env.ASC_BASE_URL,
    credential: credentialOf({ ...key, issuerId: key.issuerId ?? null }, key.privateKey),
    clock: () => clock.now(),
    sleep: (ms, signal) => clock.sleep(ms, signal),
    ...(fetch ? { fetch } : {}),
  });
  const { document } = await asc.list('apps', { limit: { page: 200 }, fields: { apps: ['name'] } });
  return document.data.map(({ id }) => id);
}
