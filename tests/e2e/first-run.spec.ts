import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sandboxAt } from './sandbox';
import { newDatabase } from './setup/database';
import { freePort } from './setup/processes';
import { expect, test } from './setup/test';

test.use({ storageState: { cookies: [], origins: [] } });

let own: { child: ChildProcess; url: string; said: () => string; dataDir: string };

/** A Flightdeck that nobody has set up, beside this worker's sandbox. */
test.beforeAll(async ({ flightdeck, engine }) => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'flightdeck-first-'));
  const port = await freePort();
  const nothing = {
    ADMIN_EMAIL: '',
    ADMIN_PASSWORD: '',
    ASC_ISSUER_ID: '',
    ASC_KEY_ID: '',
    ASC_PRIVATE_KEY_PATH: '',
  };
  const child = spawn(process.execPath, ['scripts/start.mjs'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ...Object.fromEntries(Object.entries(nothing).filter(([name]) => name in process.env)),
      HOST: '127.0.0.1',
      PORT: String(port),
      DATA_DIR: dataDir,
      DATABASE_URL: await newDatabase(engine),
      NEXTAUTH_URL: `http://127.0.0.1:${port}`,
      NEXTAUTH_SECRET: 's'.repeat(48),
      ASC_BASE_URL: flightdeck.sandbox.baseUrl,
    },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  }
  own = { child, url: `http://127.0.0.1:${port}`, said: () => text, dataDir };
  await expect.poll(() => text, { timeout: 60_000 }).toContain('Flightdeck answers on');
});

test.afterAll(async () => {
  const gone = once(own.child, 'close');
  own.child.kill('SIGTERM');
  await gone;
  rmSync(own.dataDir, { recursive: true, force: true });
});

test('the first five minutes: token, admin, key, first sync, a programme on screen', async ({
  page,
  flightdeck,
}) => {
  const { sandbox } = flightdeck;
  await page.goto(own.url);
  await expect(page).toHaveURL(/\/setup$/);
  await expect(page.getByRole('heading', { name: 'Welcome to Flightdeck' })).toBeVisible();

  await page.getByLabel('One-time token').fill('guessed');
  await page.getByLabel('E-mail').fill('owner@example.com');
  await page.getByLabel('Password').fill('correct horse battery');
  await page.getByRole('button', { name: 'Create the admin' }).click();
  await expect(page.getByLabel('One-time token')).toHaveAttribute('aria-invalid', 'true');

  const token = /token[^A-Za-z0-9_-]+([A-Za-z0-9_-]{20,})/i.exec(own.said())?.[1] ?? '';
  await page.getByLabel('One-time token').fill(token);
  await page.getByRole('button', { name: 'Create the admin' }).click();

  await expect(page.getByRole('heading', { name: 'Add an App Store Connect key' })).toBeVisible();
  await page.getByLabel('Name').fill('Our team');
  await page.getByLabel('Choose the .p8 file').setInputFiles(sandbox.privateKeyPath);
  await expect(page.getByLabel('Private key')).toHaveValue(
    readFileSync(sandbox.privateKeyPath, 'utf8').trim(),
  );
  await expect(page.getByLabel('Key ID')).toHaveValue(sandbox.keyId);
  await page.getByLabel('Issuer ID').fill('not-the-issuer');
  await page.getByRole('button', { name: 'Check and add the key' }).click();
  await expect(page.getByText('Nothing of the key was kept.')).toBeVisible();
  await page.getByLabel('Issuer ID').fill(sandbox.issuerId);
  const isAdded = page.waitForResponse(
    (answer) => answer.url().endsWith('/api/accounts') && answer.request().method() === 'POST' && answer.ok(),
  );
  await page.getByRole('button', { name: 'Check and add the key' }).click();
  await isAdded;

  const fetching = page.getByRole('region', { name: 'First sync' });
  await expect(fetching).toBeVisible();
  // It takes less than one second; a machine that is busy with other things has three.
  await expect(fetching.getByRole('progressbar').first()).toBeVisible({ timeout: 3_000 });
  await page.reload();
  await expect(page.getByRole('listitem').filter({ hasText: 'Fetch the programme' })).toHaveAttribute(
    'aria-current',
    'step',
  );
  await expect(fetching).toBeVisible();
  await expect(page.getByLabel('Private key')).toBeHidden();

  await expect(page.getByRole('heading', { name: 'Your programme is here' })).toBeVisible({
    timeout: 60_000,
  });
  await page.goto(`${own.url}/setup`);
  const { types } = await sandboxAt(sandbox.baseUrl).counts();
  await expect(fetching).toContainText(String(types.betaTesters));
  await page.getByRole('link', { name: 'Open Flightdeck' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Health' })).toBeVisible();
  for (const app of await sandboxAt(sandbox.baseUrl).list('apps')) {
    await expect(page.getByRole('main').getByText(String(app.attributes.name)).first()).toBeVisible();
  }
});

test('a key is removed by typing its name, and its programme goes with it', async ({ page }) => {
  await page.goto(`${own.url}/sign-in`);
  await page.getByLabel('E-mail').fill('owner@example.com');
  await page.getByLabel('Password').fill('correct horse battery');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Health' })).toBeVisible();
  await page.goto(`${own.url}/settings/keys`);
  const row = page.getByRole('main').getByRole('listitem').filter({ hasText: 'Our team' });
  await row.getByRole('button', { name: 'Remove' }).click();
  const confirm = page.getByRole('alertdialog');
  await expect(confirm.getByRole('button', { name: 'Remove the key' })).toBeDisabled();
  await confirm.getByRole('textbox').fill('Our team');
  // The row goes at once; the copy of a programme takes a moment.
  const removed = page.waitForResponse((answer) => answer.request().method() === 'DELETE');
  await confirm.getByRole('button', { name: 'Remove the key' }).click();
  await removed;
  await expect(row).toBeHidden();

  for (const [address, title] of [
    ['/', null],
    ['/testers', 'All testers'],
    ['/groups', 'All groups'],
  ] as const) {
    await page.goto(`${own.url}${address}`);
    if (title) await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
    await expect(page.getByRole('heading', { name: 'No App Store Connect key yet' })).toBeVisible();
    await page.getByRole('link', { name: 'Add a key' }).click();
    await expect(page).toHaveURL(/\/settings\/keys$/);
  }
});
