import { expectAccessible, jobIdOf, peopleAt, waitForJob } from './people';
import { expect, test } from './setup/test';

test('a job shows its pace, is paused, survives the closing of its tab, goes on and ends', async ({
  page,
  context,
  flightdeck,
}) => {
  test.setTimeout(180_000);
  const people = peopleAt(flightdeck.sandbox.baseUrl);
  const { appId, group } = await people.place();
  const rows = Array.from({ length: 40 }, (_, n) => `Slow,${n},slow${n}@example.com,${group.name}`);
  await people.settings({ latencyMs: 250 });
  await page.goto(`/apps/${appId}/testers/import`);
  await page.getByLabel('Or paste rows').fill(['First,Last,Email,Groups', ...rows].join('\n'));
  await page.getByRole('button', { name: 'Use these rows' }).click();
  await page.getByRole('button', { name: 'Invite 40 testers' }).click();
  await expect(page).toHaveURL(/\/jobs\/.+/);
  const jobId = jobIdOf(page);
  const bar = page.getByRole('progressbar');
  await expect.poll(async () => Number(await bar.getAttribute('aria-valuenow'))).toBeGreaterThan(0);
  await expect(page.getByRole('link', { name: /^Jobs, \d+ running$/ })).toBeVisible();
  await page.getByRole('button', { name: 'Pause' }).click();
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
});

test('a cancelled job sends nothing more', async ({ page, flightdeck }) => {
  const people = peopleAt(flightdeck.sandbox.baseUrl);
  const { appId, group } = await people.place();
  const rows = Array.from({ length: 40 }, (_, n) => `Never,${n},never${n}@example.com,${group.name}`);
  await people.settings({ latencyMs: 400 });
  await page.goto(`/apps/${appId}/testers/import`);
  await page.getByLabel('Or paste rows').fill(['First,Last,Email,Groups', ...rows].join('\n'));
  await page.getByRole('button', { name: 'Use these rows' }).click();
  await page.getByRole('button', { name: 'Invite 40 testers' }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
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
