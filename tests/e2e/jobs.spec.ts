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

  // What ended last says what came of it, and leads to it, on a phone too.
  await other.setViewportSize({ width: 390, height: 844 });
  await other.getByRole('button', { name: 'Jobs', exact: true }).click();
  const last = other.getByRole('dialog', { name: 'Jobs' });
  const ended = last.getByRole('list', { name: 'Ended last' }).getByRole('listitem').first();
  await expect(ended).toContainText(`Invited 40 testers to ${group.name}`);
  await expectAccessible(other);
  await ended.getByRole('button', { name: 'Undo' }).click();
  const question = other.getByRole('dialog', { name: 'Take this back?' });
  await expect(question).toContainText(`Remove 40 testers from ${group.name}`);
  await expect(question.getByRole('list', { name: 'What this takes away' })).toContainText('40 testers');
  await question.getByRole('button', { name: 'Leave it' }).click();
  await other.getByRole('button', { name: 'Jobs', exact: true }).click();
  await ended.getByRole('link', { name: 'See the group' }).click();
  await expect(other).toHaveURL(new RegExp(`/groups/${group.id}`));
  await expect(last).toHaveCount(0);
  await other.getByRole('button', { name: 'Jobs', exact: true }).click();
  await last.getByRole('link', { name: 'All jobs' }).click();
  await expect(other).toHaveURL(/\/jobs$/);
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
