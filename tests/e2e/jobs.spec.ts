import type { Page } from '@playwright/test';
import { expectAccessible, jobIdOf, peopleAt, waitForJob } from './people';
import { expect, test } from './setup/test';

test('a job shows its pace, is paused, survives the closing of its tab, goes on and ends', async ({
  page,
  context,
  flightdeck,
}) => {
  test.setTimeout(180_000);
  const people = peopleAt(flightdeck.sandbox.baseUrl);
  const { appId, appName, group } = await people.place();
  const rows = rowsOf('Slow', 40, group.name);
  await people.settings({ latencyMs: 250 });
  await startImport(page, appId, rows);
  const jobId = jobIdOf(page);
  const bar = page.getByRole('progressbar');
  await expect.poll(async () => Number(await bar.getAttribute('aria-valuenow'))).toBeGreaterThan(0);
  // Under the icon, by keyboard alone.
  const icon = page.getByRole('button', { name: /^Jobs, \d+ running$/ });
  await icon.focus();
  await page.keyboard.press('Enter');
  const panel = page.getByRole('dialog', { name: 'Jobs' });
  const running = panel.getByRole('list', { name: 'Running and waiting' }).getByRole('listitem');
  await expect(running).toHaveCount(1);
  await expect(running).toContainText(/Import 40 testers.*of 40/s);
  await panel.getByRole('button', { name: 'Pause' }).focus();
  await page.keyboard.press('Enter');
  await expect(running).toContainText('Paused');
  await page.keyboard.press('Escape');
  await expect(panel).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Jobs', exact: true })).toBeFocused();
  await expect(page.getByRole('status').filter({ hasText: 'Paused' })).toBeVisible();
  await page.close();

  const inApp = async () =>
    (await people.testers(appId)).filter(({ email }) => email?.startsWith('slow')).length;
  // What was being sent is finished; then nothing more happens.
  let still = -1;
  await expect
    .poll(
      async () => {
        const before = still;
        still = await inApp();
        return before === still;
      },
      { intervals: [1_500] },
    )
    .toBe(true);
  expect(still).toBeLessThan(40);

  const other = await context.newPage();
  await other.goto('/jobs');
  await other.getByRole('link', { name: /^Import 40 testers/ }).click();
  await expect(other).toHaveURL(new RegExp(jobId));
  await expectAccessible(other);
  await other.getByRole('button', { name: 'Resume' }).click();
  await people.settings({ latencyMs: 0 });
  await waitForJob(other);
  expect(await inApp()).toBe(40);
  const invitations = await people.invitations();
  expect(Math.max(...rows.map((_, n) => invitations[`slow${n}@example.com`] ?? 0))).toBeLessThanOrEqual(1);

  await other.goto('/jobs');
  await expect(other.getByRole('listitem').filter({ hasText: 'Import 40 testers' }).first()).toContainText(
    'Done',
  );
  await expectAccessible(other);

  // Back at the job one came from; by keyboard into it, down its rows, and back once more.
  await other.waitForLoadState('networkidle');
  const first = other.getByRole('list', { name: 'Jobs' }).getByRole('link').first();
  await expect(first).toBeFocused();
  for (const key of ['j', 'k']) await other.keyboard.press(key);
  await other.keyboard.press('Enter');
  await expect(other).toHaveURL(/\/jobs\/.+/);
  await expect(other.getByRole('region', { name: 'Items' }).getByRole('listitem').first()).toBeVisible();
  for (const key of ['j', 'j', 'k']) await other.keyboard.press(key);
  await expect(other.getByRole('region', { name: 'Items' }).getByRole('listitem').first()).toBeFocused();
  await other.goBack();
  await expect(first).toBeFocused();

  // What ended last says what came of it, and leads to it, on a phone too.
  await other.setViewportSize({ width: 390, height: 844 });
  await other.getByRole('button', { name: 'Jobs', exact: true }).click();
  const last = other.getByRole('dialog', { name: 'Jobs' });
  const ended = last.getByRole('list', { name: 'Ended last' }).getByRole('listitem').first();
  await expect(ended).toContainText(`Invited 40 testers to ${appName}`);
  await expectAccessible(other);
  await ended.getByRole('button', { name: 'Undo' }).click();
  const question = other.getByRole('dialog', { name: 'Take this back?' });
  await expect(question).toContainText(`Remove 40 testers from ${group.name}`);
  await expect(question.getByRole('list', { name: 'What this takes away' })).toContainText('40 testers');
  await question.getByRole('button', { name: 'Leave it' }).click();
  await other.getByRole('button', { name: 'Jobs', exact: true }).click();
  await ended.getByRole('link', { name: 'See the testers' }).click();
  await expect(other).toHaveURL(new RegExp(`/apps/${appId}/testers`));
  await expect(last).toHaveCount(0);
  await other.getByRole('button', { name: 'Jobs', exact: true }).click();
  await last.getByRole('link', { name: 'All jobs' }).click();
  await expect(other).toHaveURL(/\/jobs$/);
});

test('a cancelled job sends nothing more', async ({ page, flightdeck }) => {
  const people = peopleAt(flightdeck.sandbox.baseUrl);
  const { appId, group } = await people.place();
  await people.settings({ latencyMs: 400 });
  await startImport(page, appId, rowsOf('Never', 40, group.name));
  // Asked from under the icon: the panel gives way to the question.
  await page.getByRole('button', { name: /^Jobs, \d+ running$/ }).click();
  await page.getByRole('dialog', { name: 'Jobs' }).getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(1);
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel the job' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Cancelled' })).toBeVisible();
  await people.settings({ latencyMs: 0 });
  const inApp = async () =>
    (await people.testers(appId)).filter(({ email }) => email?.startsWith('never')).length;
  await page.waitForTimeout(1_500);
  const sent = await inApp();
  expect(sent).toBeLessThan(40);
  await page.waitForTimeout(1_500);
  expect(await inApp()).toBe(sent);
});

test('a limit that is reached holds the job with one reason and a next step; it goes on when there is room', async ({
  page,
  flightdeck,
}) => {
  const people = peopleAt(flightdeck.sandbox.baseUrl);
  const { appId, group } = await people.place();
  const reason = 'The maximum number of testers for this app has been reached.';
  await people.addFault({
    kind: 'status',
    method: 'POST',
    route: '/v1/betaTesters',
    status: 409,
    code: 'STATE_ERROR',
    detail: reason,
  });
  await startImport(page, appId, rowsOf('Room', 12, group.name));
  await expect(page.getByRole('status').filter({ hasText: 'Held' }).first()).toBeVisible();
  await expect(page.getByText(reason).first()).toBeVisible();
  await expect(page.getByText('Make room, then continue')).toBeVisible();
  await expect(page.getByRole('link', { name: 'See the limit' })).toHaveAttribute('href', `/apps/${appId}`);
  await expectAccessible(page);

  // The list says so too, and goes on from there.
  await page.goto('/jobs');
  const row = page.getByRole('listitem').filter({ hasText: 'Import 12 testers' }).first();
  await expect(row).toContainText('Held');
  await expect(row).toContainText(reason);
  await people.clearFaults();
  await row.getByRole('button', { name: 'Continue' }).click();
  await expect(row).toContainText(/Done/, { timeout: 60_000 });
  const inApp = (await people.testers(appId)).filter(({ email }) => email?.startsWith('room'));
  expect(inApp).toHaveLength(12);
});

test('a success that is not to be seen is a warning in its row, and is tried again from there', async ({
  page,
  flightdeck,
}) => {
  const people = peopleAt(flightdeck.sandbox.baseUrl);
  const { appId, group } = await people.place();
  await people.addFault({ kind: 'lie', method: 'POST', route: '/v1/betaTesters', skip: 1, count: 1 });
  await startImport(page, appId, rowsOf('Lied', 3, group.name));
  await waitForJob(page, /Done, some without effect/);
  const row = page
    .getByRole('region', { name: 'Items' })
    .getByRole('listitem')
    .filter({ hasText: 'No effect seen' });
  await expect(row).toHaveCount(1);
  await expect(row).toContainText('on reading again the person is not in the app');
  await expectAccessible(page);
  await people.clearFaults();
  await page.getByRole('button', { name: 'Try those without effect again' }).click();
  await waitForJob(page, /^Done$/);
  await expect(page.getByText('No effect seen')).toHaveCount(0);
  expect((await people.testers(appId)).filter(({ email }) => email?.startsWith('lied'))).toHaveLength(3);
});

const rowsOf = (name: string, count: number, group: string) =>
  Array.from({ length: count }, (_, n) => `${name},${n},${name.toLowerCase()}${n}@example.com,${group}`);

async function startImport(page: Page, appId: string, rows: readonly string[]): Promise<void> {
  await page.goto(`/apps/${appId}/testers/import`);
  await page.getByLabel('Or paste rows').fill(['First,Last,Email,Groups', ...rows].join('\n'));
  await page.getByRole('button', { name: 'Use these rows' }).click();
  await page.getByRole('button', { name: `Invite ${rows.length} testers` }).click();
  await expect(page).toHaveURL(/\/jobs\/.+/);
}
