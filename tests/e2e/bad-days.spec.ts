import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import Sqlite from 'better-sqlite3';
import { axeFindings } from './axe';
import { sandboxAt } from './sandbox';
import type { Running } from './setup/flightdeck';
import { expect, test } from './setup/test';

type Sandbox = ReturnType<typeof sandboxAt>;

test.describe.configure({ mode: 'serial' });
// The limits that are met here are remembered for half an hour.
test.use({ instance: 'bad days' });

const databaseOf = ({ dataDir }: Running) =>
  new Sqlite(path.join(dataDir, 'flightdeck.db'), { timeout: 5000 });
const banner = (page: Page, words: RegExp) =>
  page.getByRole('region', { name: 'What stands in the way' }).getByText(words).first();

const syncOf = async (page: Page) => (await (await page.request.get('/api/sync')).json()).data[0];
const accountStatus = async (page: Page) => (await syncOf(page)).accountStatus;

/** What a person does who wants to know: something of Apple's is read anew. Whether that worked. */
async function look(page: Page): Promise<boolean> {
  const answer = await page.request.get('/api/v1/users?refresh=1');
  return answer.ok() && (await answer.json()).meta.stale === false;
}

/** A sync at once, as the button asks for one; without its pause of a minute between two. */
function askForSync(running: Running, mode: 'full' | 'incremental'): void {
  const db = databaseOf(running);
  db.prepare(
    `INSERT INTO syncRequests (id, accountId, mode, requestedBy, requestedAt)
     SELECT ?, id, ?, 'test', ? FROM Account WHERE removedAt IS NULL`,
  ).run(crypto.randomUUID(), mode, Date.now());
  db.close();
}

async function replaceKey(page: Page, key: { keyId: string; issuerId: string; privateKey: string }) {
  await page.goto('/settings/keys');
  await page.getByRole('button', { name: 'Replace key' }).click();
  const dialog = page.getByRole('dialog', { name: /^Replace the key/ });
  await dialog.getByLabel('Private key').fill(key.privateKey);
  await dialog.getByLabel('Key ID').fill(key.keyId);
  await dialog.getByLabel('Issuer ID').fill(key.issuerId);
  await dialog.getByLabel('Type App Store Connect to confirm').fill('App Store Connect');
  await dialog.getByRole('button', { name: 'Check and replace' }).click();
  await expect(dialog).toBeHidden();
}

/** The words of a banner also in a screen reader's order, without a finding. */
async function expectAccessible(page: Page) {
  expect(await axeFindings(page, { part: 'section[aria-label="What stands in the way"]' })).toEqual([]);
}

test.afterEach(async ({ flightdeck }) => {
  const sandbox = sandboxAt(flightdeck.sandbox.baseUrl);
  await sandbox.clearFaults();
  await sandbox.setClock({ skewMs: 0 });
});

test('R11: a key revoked during a sync: the banner names it, pages stay readable, a new key goes on without loss', async ({
  page,
  flightdeck,
}) => {
  const sandbox = sandboxAt(flightdeck.sandbox.baseUrl);
  const { keyId, issuerId, privateKeyPath } = flightdeck.sandbox;
  const first = { keyId, issuerId, privateKey: await readFile(privateKeyPath, 'utf8') };
  const next = await sandbox.makeKey({ kind: 'team', roles: ['ADMIN'] });
  await page.clock.install();
  await page.goto('/testers');
  await sandbox.addFault({ kind: 'slow', ms: 2_500, route: '/v1/betaTesters' });
  askForSync(flightdeck, 'full');
  await expect.poll(async () => (await syncOf(page)).status).toBe('running');
  await sandbox.revoke(keyId);
  await expect.poll(async () => (await syncOf(page)).accountStatus).toBe('unauthorized');
  // Without a reload: the page looks by itself.
  await page.clock.fastForward(21_000);
  await expect(banner(page, /App Store Connect refuses the key, since/)).toBeVisible();
  await expect(banner(page, /may have been revoked.*stays readable/)).toBeVisible();
  await expectAccessible(page);
  await page.reload();
  const { types } = await sandbox.counts();
  await expect(page.getByRole('status').filter({ hasText: `${types.betaTesters} testers` })).toBeVisible();

  await sandbox.clearFaults();
  await replaceKey(page, next);
  await expect(banner(page, /refuses the key/)).toBeHidden();
  await expect.poll(async () => (await syncOf(page)).status, { timeout: 30_000 }).toBe('idle');
  expect(await syncOf(page)).toMatchObject({ accountStatus: 'ok', error: null });
  await sandbox.restore(keyId);
  await replaceKey(page, first);
});

test('R12: an agreement is missing: the sync stops, the banner says who must do what, and goes away with it', async ({
  page,
  flightdeck,
}) => {
  const sandbox = sandboxAt(flightdeck.sandbox.baseUrl);
  const code = 'FORBIDDEN.REQUIRED_AGREEMENTS_MISSING_OR_EXPIRED';
  await sandbox.addFault({ kind: 'status', status: 403, code });
  askForSync(flightdeck, 'incremental');
  await expect.poll(() => accountStatus(page)).toBe('agreement_missing');
  await page.goto('/');
  await expect(banner(page, /An agreement is missing or the membership has expired/)).toBeVisible();
  await expect(
    banner(page, /Account Holder must accept it in App Store Connect under Business/),
  ).toBeVisible();
  await expectAccessible(page);
  await sandbox.clearFaults();
  expect(await look(page)).toBe(true);
  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: 'Health' })).toBeVisible();
  await expect(banner(page, /An agreement is missing/)).toBeHidden();
});

interface BadDay {
  readonly name: string;
  readonly cause: (sandbox: Sandbox) => Promise<unknown>;
  readonly says: RegExp;
  readonly advice: RegExp;
}

const DAYS: readonly BadDay[] = [
  {
    name: 'R6: App Store Connect answers only with 500',
    cause: (sandbox) => sandbox.addFault({ kind: 'status', status: 500 }),
    says: /App Store Connect answers with errors/,
    advice: /what was fetched last\. Flightdeck tries again by itself/,
  },
  {
    name: 'App Store Connect cannot be reached',
    cause: (sandbox) => sandbox.addFault({ kind: 'drop' }),
    says: /App Store Connect cannot be reached/,
    advice: /Flightdeck tries again by itself/,
  },
];

for (const { name, cause, says, advice } of DAYS) {
  test(`${name}: a banner says so and what to do, and goes away with it`, async ({ page, flightdeck }) => {
    const sandbox = sandboxAt(flightdeck.sandbox.baseUrl);
    await page.clock.install();
    await page.goto('/');
    await cause(sandbox);
    expect(await look(page)).toBe(false);
    await page.clock.fastForward(21_000);
    await expect(banner(page, says)).toBeVisible();
    await expect(banner(page, advice)).toBeVisible();
    await expectAccessible(page);
    await expect(page.getByRole('heading', { level: 1, name: 'Health' })).toBeVisible();

    await sandbox.clearFaults();
    await expect.poll(() => look(page), { timeout: 45_000, intervals: [500] }).toBe(true);
    await page.clock.fastForward(21_000);
    await expect(banner(page, says)).toBeHidden();
  });
}

test('R10: the clock of this server is wrong: the banner does not blame the key', async ({
  page,
  flightdeck,
}) => {
  const { keyId, issuerId, privateKeyPath, baseUrl } = flightdeck.sandbox;
  const sandbox = sandboxAt(baseUrl);
  await sandbox.setClock({ skewMs: 20 * 60_000 });
  expect(await look(page)).toBe(false);
  await page.goto('/');
  await expect(banner(page, /The clock of this server is wrong/)).toBeVisible();
  await expect(
    banner(page, /Set the clock \(NTP\); the key is fine.*1[0-9]{3} seconds behind Apple's/),
  ).toBeVisible();
  await expectAccessible(page);
  await sandbox.setClock({ skewMs: 0 });
  await replaceKey(page, { keyId, issuerId, privateKey: await readFile(privateKeyPath, 'utf8') });
  await expect(banner(page, /The clock of this server/)).toBeHidden();
});

test('the limit of requests is reached: until when is told, and the sync goes on by itself', async ({
  page,
  flightdeck,
}) => {
  const sandbox = sandboxAt(flightdeck.sandbox.baseUrl);
  await sandbox.addFault({
    kind: 'status',
    status: 429,
    code: 'RATE_LIMIT_EXCEEDED',
    retryAfter: 6,
    count: 1,
  });
  askForSync(flightdeck, 'incremental');
  await expect.poll(async () => (await syncOf(page)).waitingUntil).toBeTruthy();
  await page.goto('/');
  await expect(banner(page, /takes no more requests for now/)).toBeVisible();
  await expect(banner(page, /goes on by itself/)).toBeVisible();
  await expect(banner(page, /takes no more requests for now/)).toBeHidden({ timeout: 30_000 });
  await expect.poll(async () => (await syncOf(page)).status, { timeout: 45_000 }).toBe('idle');
});

test('a click that has to wait for the limit stands in line, says so above everything, and is carried out', async ({
  page,
  flightdeck,
}) => {
  const sandbox = sandboxAt(flightdeck.sandbox.baseUrl);
  const [group] = await sandbox.list('betaGroups');
  const isOn = async () => (await sandbox.get('betaGroups', group?.id ?? '')).attributes.feedbackEnabled;
  const before = await isOn();
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`/apps/${group?.appId}/groups/${group?.id}`);
  await page.waitForLoadState('networkidle');
  await sandbox.addFault({
    ...{ kind: 'status', method: 'PATCH', route: '/v1/betaGroups/{id}' },
    ...{ status: 429, code: 'RATE_LIMIT_EXCEEDED', retryAfter: 6, count: 1 },
  });
  await page.getByRole('switch', { name: 'Tester feedback' }).click();
  const line = page.getByRole('status').getByText(/Your change is the first in line and goes out/);
  await expect(line).toBeVisible();
  const sections = await page.getByRole('navigation', { name: 'Sections' }).boundingBox();
  await expect
    .poll(async () => {
      const box = await line.boundingBox();
      return box ? box.y + box.height : Number.NaN;
    })
    .toBeLessThanOrEqual(sections?.y ?? 0);
  expect(await isOn()).toBe(before);
  await expect(line).toBeHidden({ timeout: 30_000 });
  await expect.poll(isOn).toBe(!before);
  await expect(page.locator('[data-sonner-toast]').filter({ hasText: 'Feedback switched' })).toBeVisible();
});

test('R13: another process holds the write lock: reading works, the banner says so and goes', async ({
  page,
  flightdeck,
}) => {
  const db = databaseOf(flightdeck);
  db.exec('BEGIN IMMEDIATE');
  try {
    await page.goto('/');
    // A good answer of a moment ago may be remembered; the page asks again after half a minute.
    await expect(banner(page, /Another process is writing to the database/)).toBeVisible({ timeout: 45_000 });
    await expect(banner(page, /Reading works; changes wait/)).toBeVisible();
    await expect(page.getByRole('heading', { level: 1, name: 'Health' })).toBeVisible();
  } finally {
    db.exec('COMMIT');
    db.close();
  }
  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: 'Health' })).toBeVisible();
  await expect.poll(async () => (await page.request.get('/api/health/ready')).status()).toBe(200);
  await expect(banner(page, /Another process/)).toBeHidden();
});

// The answer is the one tests/api/reliability/disk-full.test.ts gets from a database that may not grow.
test('R14: a full disk: the banner says that nothing is sent, and goes when there is room', async ({
  page,
}) => {
  let isFull = true;
  await page.route('**/api/health/ready', (route) => {
    if (!isFull) return route.continue();
    const database = { ok: false, detail: 'The disk is full.', reason: 'full' };
    return route.fulfill({ status: 503, json: { status: 'not ready', checks: { database } } });
  });
  await page.goto('/');
  await expect(banner(page, /The disk is full/)).toBeVisible();
  await expect(banner(page, /refused before anything is sent to App Store Connect/)).toBeVisible();
  isFull = false;
  await page.reload();
  await expect(banner(page, /The disk is full/)).toBeHidden();
});
