import { PAGE_LIMIT } from '@/lib/asc/catalogue/limits';
import { createAscClient } from '@/lib/asc/client';
import type { Ctx } from '../ctx';
import { conflict, type RefusedError } from '../errors';
import { credentialOf } from './clients';
import type { ReadKey } from './key-input';
import { type AccountRow, accountRows } from './rows';

/**
 * A second key of a team that is here would show its programme twice and spend its quota twice. A team is known by its
 * issuer; apps say nothing, since they move between teams. An individual key names no issuer, so a person decides.
 * @throws RefusedError 409 with the account whose key should be replaced instead
 */
export async function refuseKnownTeam(ctx: Ctx, key: ReadKey, isSure: boolean): Promise<void> {
  const rows = (await accountRows(ctx.db)).filter(({ baseUrl }) => baseUrl === ctx.env.ASC_BASE_URL);
  const same = rows.find((row) => isSameIssuer(row, key));
  if (same) {
    throw conflict(
      'FLIGHTDECK.TEAM_KNOWN',
      `This is a key of the team that is here under the name “${same.name}”. A second key of the same team would ` +
        `show its apps twice. To use this key, replace the key of “${same.name}” with it.`,
      { accountId: same.id },
    );
  }
  const unclear = rows.filter((row) => !isOtherIssuer(row, key));
  if (isSure || unclear.length === 0) return;
  const apps = await visibleApps(ctx, key);
  for (const { id, name } of unclear) {
    if (!(await appsOf(ctx, id)).some((app) => apps.has(app))) continue;
    throw conflict(
      'FLIGHTDECK.TEAM_KNOWN',
      `This key sees apps that are here already, under the name “${name}”. An individual key does not say which ` +
        `team it belongs to: if it is the same one, replace the key of “${name}” with it; if it is another, add ` +
        'it as an account of its own.',
      { accountId: id, anyway: 'Add it as an account of its own' },
    );
  }
}

/**
 * A key of another team in an account's place would let the next sync take that account's programme away.
 * @throws RefusedError 409 when the key is of another team, or sees fewer of the account's apps
 */
export async function refuseOtherTeam(
  ctx: Ctx,
  row: AccountRow,
  key: ReadKey,
  isSure: boolean,
): Promise<void> {
  if (isSameIssuer(row, key)) return;
  const held = await appsOf(ctx, row.id);
  if (held.length === 0) return;
  if (isOtherIssuer(row, key)) {
    throw otherTeam(`This key has another issuer ID than “${row.name}”, so it belongs to another team.`);
  }
  const apps = await visibleApps(ctx, key);
  const kept = held.filter((app) => apps.has(app)).length;
  if (kept === 0) {
    throw otherTeam(`This key sees none of the apps of “${row.name}”, so it belongs to another team.`);
  }
  if (isSure || kept === held.length) return;
  throw conflict(
    'FLIGHTDECK.FEWER_APPS',
    `This key sees ${kept} of the ${held.length} apps of “${row.name}”; the others would be gone here. If it belongs ` +
      'to another team, add it as a key of its own.',
    { anyway: 'Replace the key all the same' },
  );
}

function otherTeam(why: string): RefusedError {
  return conflict('FLIGHTDECK.OTHER_TEAM', `${why} Add it as a key of its own.`);
}

function isSameIssuer(row: AccountRow, key: ReadKey): boolean {
  return key.kind === 'team' && row.kind === 'team' && issuerOf(row) === issuerOf(key);
}

function isOtherIssuer(row: AccountRow, key: ReadKey): boolean {
  return key.kind === 'team' && row.kind === 'team' && issuerOf(row) !== issuerOf(key);
}

const issuerOf = ({ issuerId }: { issuerId: string | null }) => issuerId?.toLowerCase();

async function appsOf({ db }: Ctx, accountId: string): Promise<string[]> {
  const apps = db.build.selectFrom('apps').select('id').where('accountId', '=', accountId);
  return (await db.read(apps)).map(({ id }) => id);
}

async function visibleApps({ env, clock, fetch }: Ctx, key: ReadKey): Promise<Set<string>> {
  const asc = createAscClient({
    baseUrl: env.ASC_BASE_URL,
    credential: credentialOf(key, key.privateKey),
    clock: () => clock.now(),
    sleep: (ms, signal) => clock.sleep(ms, signal),
    ...(fetch ? { fetch } : {}),
  });
  const apps = new Set<string>();
  for await (const { document } of asc.pages('apps', {
    limit: { page: PAGE_LIMIT },
    fields: { apps: ['name'] },
  })) {
    for (const { id } of document.data) apps.add(id);
  }
  return apps;
}
