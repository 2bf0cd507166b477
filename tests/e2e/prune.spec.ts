import { auditOf, expectAccessible, jobIdOf, peopleAt, waitForJob } from './people';
import { inDatabase } from './setup/database';
import { expect, test } from './setup/test';
import { expectTold } from './toasts';

test('rules name testers with the reason; the chosen are removed, and restored from the kept list', async ({
  page,
  flightdeck,
}) => {
  test.setTimeout(180_000);
  const people = peopleAt(flightdeck.sandbox.baseUrl);
  const { appId, appName } = await people.place();
  await page.goto(`/apps/${appId}/testers/prune`);
  await page.getByLabel('list also those who were here').check();
  await page.getByRole('button', { name: 'Show matching testers' }).click();
  const named = page.getByRole('list', { name: 'Testers the rules name' }).getByRole('listitem');
  await expect(named.first()).toContainText('No session in 90 days');
  await expect(named.first()).toContainText('No feedback ever');
  await expectAccessible(page);
  await page.setViewportSize({ width: 1440, height: 1240 });
  await page.screenshot({ path: 'docs/images/prune-preview.png' });
  await page.setViewportSize({ width: 1440, height: 900 });

  // One is protected, and one is taken out of the list by hand.
  const count = await named.count();
  expect(count).toBeGreaterThan(3);
  const emails = (await named.allInnerTexts()).flatMap((text) => /\S+@\S+/.exec(text)?.[0] ?? []);
  const [safe, spared, ...others] = emails;
  const tester = await people.tester(appId, String(safe));
  await page.goto(`/apps/${appId}/testers/${tester?.id}`);
  await page.getByRole('switch', { name: 'Protected' }).click();
  await expect(page.getByText('Protected from pruning')).toBeVisible();
  await page.goto(`/apps/${appId}/testers/prune`);
  await page.getByLabel('list also those who were here').check();
  await page.getByRole('button', { name: 'Show matching testers' }).click();
  await expect(named).toHaveCount(count - 1);
  await expect(named.filter({ hasText: String(safe) })).toHaveCount(0);
  await named
    .filter({ hasText: String(spared) })
    .getByRole('checkbox')
    .uncheck();

  const before = new Map((await people.testers(appId)).map((one) => [one.id, one]));
  await page.getByRole('button', { name: `Remove ${count - 2} testers` }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('list', { name: 'What this takes away' })).toContainText(appName);
  await dialog.getByRole('button', { name: `Remove ${count - 2} testers` }).click();
  // No window stays in between: a toast says what came of it, and the icon leads to the job.
  await expect(dialog).toHaveCount(0);
  await expectTold(page, `Pruned ${count - 2} testers from ${appName}`);
  const left = await people.testers(appId);
  expect(left).toHaveLength(before.size - (count - 2));
  for (const email of [safe, spared]) expect(left.some((one) => one.email === email)).toBe(true);
  for (const email of others) expect(left.some((one) => one.email === email)).toBe(false);

  await page.getByRole('button', { name: 'Jobs', exact: true }).click();
  await page
    .getByRole('dialog', { name: 'Jobs' })
    .getByRole('link', { name: `Pruned ${count - 2} testers` })
    .click();
  await expect(page).toHaveURL(/\/jobs\/.+/);
  await expect(page.getByRole('heading', { level: 1 })).toContainText(`Prune ${count - 2} testers`);
  const trail = await auditOf(page, `job=${jobIdOf(page)}`);
  expect(trail).toHaveLength(count - 2);
  await expect(page.getByRole('list').filter({ hasText: 'No session in 90 days' })).toBeVisible();
  await page.screenshot({ path: 'docs/images/prune-result.png' });

  await page.getByRole('button', { name: 'Restore' }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Send \d+ invitations?$/ })
    .click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Restore');
  await waitForJob(page);
  const restored = await people.testers(appId);
  for (const email of others) {
    const again = restored.find((one) => one.email === email);
    const was = [...before.values()].find((one) => one.email === email);
    const hadAccess = was && was.groupIds.length + was.buildIds.length > 0;
    expect([again?.groupIds, again?.buildIds], email).toEqual(
      hadAccess ? [was.groupIds, was.buildIds] : [undefined, undefined],
    );
  }
});

test('the rules stand in the address, rows lead to the tester and back to the same list', async ({
  page,
  flightdeck,
}) => {
  const { appId } = await peopleAt(flightdeck.sandbox.baseUrl).place();
  await page.goto(`/apps/${appId}/testers/prune`);
  await page.getByRole('checkbox', { name: 'no session in the last' }).uncheck();
  await page.getByLabel('Grace period after an invitation, days').fill('0');
  await page.getByRole('button', { name: 'Show matching testers' }).click();
  const named = page.getByRole('list', { name: 'Testers the rules name' }).getByRole('listitem');
  await expect(named.first()).toContainText('No feedback ever');
  await expect(named.first()).toContainText(/Invited|Here before/);
  const count = await named.count();
  expect(new URL(page.url()).searchParams.get('grace')).toBe('0');
  await named.nth(1).getByRole('checkbox').uncheck();
  await named.first().getByRole('link').click();
  await expect(page).toHaveURL(/\/testers\/(?!prune)[^/]+$/);
  await page.goBack();
  await expect(named).toHaveCount(count);
  await expect(named.nth(1).getByRole('checkbox')).not.toBeChecked();
  await expect(page.getByRole('checkbox', { name: 'no session in the last' })).not.toBeChecked();

  await page.reload();
  await expect(named).toHaveCount(count);
  await expectAccessible(page);
});

test('with a grace period they are written to first, and the removal waits', async ({ page, flightdeck }) => {
  const people = peopleAt(flightdeck.sandbox.baseUrl);
  const { appId } = await people.place();
  const before = (await people.testers(appId)).length;
  await page.goto(`/apps/${appId}/testers/prune`);
  await page.getByLabel('list also those who were here').check();
  await page.getByRole('button', { name: 'Show matching testers' }).click();
  await page.getByRole('button', { name: /^Remove \d+ testers?$/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Write to them first').check();
  await dialog.getByLabel('Days to come back').fill('7');
  await dialog.getByRole('button', { name: /^Write to \d+ testers?$/ }).click();
  await expectTold(page, 'removed in 7 days unless they come back');
  await page.goto('/jobs');
  const waiting = page
    .getByRole('listitem')
    .filter({ hasText: /^Prune/ })
    .first();
  await expect(waiting).toContainText('Scheduled');
  expect((await people.testers(appId)).length).toBe(before);
  await waiting.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel the job' }).click();
  await expect(waiting).toContainText('Cancelled');
});

test('after the grace period only those who did not come back are removed', async ({ page, flightdeck }) => {
  test.setTimeout(120_000);
  const people = peopleAt(flightdeck.sandbox.baseUrl);
  const { appId } = await people.place();
  await page.goto(`/apps/${appId}/testers/prune`);
  // Those restored a moment ago are new: they are named only without a grace period.
  await page.getByLabel('Grace period after an invitation, days').fill('0');
  await page.getByRole('button', { name: 'Show matching testers' }).click();
  const named = page.getByRole('list', { name: 'Testers the rules name' }).getByRole('listitem');
  await expect(named.first()).toBeVisible();
  const emails = (await named.allInnerTexts()).flatMap((text) => /\S+@\S+/.exec(text)?.[0] ?? []);
  const [back = '', ...gone] = emails;
  expect(gone.length).toBeGreaterThan(0);
  // What the test before this one has sent has arrived.
  const letters = async () =>
    (
      (await (await page.request.get('/api/jobs')).json()) as {
        data: { id: string; kind: string; status: string }[];
      }
    ).data.filter(({ kind }) => kind === 'resend-invitations');
  const open = async () => (await letters()).filter(({ status }) => status !== 'done').length;
  await expect.poll(open, { timeout: 45_000 }).toBe(0);
  const before = await people.invitations();
  await page.getByRole('button', { name: /^Remove \d+ testers?$/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Write to them first').check();
  if (emails.length > 50) await dialog.getByLabel(/^Type \d+ to confirm/).fill(String(emails.length));
  await dialog.getByRole('button', { name: /^Write to \d+ testers?$/ }).click();
  await expectTold(page, 'unless they come back');
  // Whom Apple refuses to write to, as somebody without a build, is told; everybody else has one letter more.
  await expect.poll(open, { timeout: 45_000 }).toBe(0);
  const [newest] = await letters();
  const items = await page.request.get(`/api/jobs/${newest?.id}/items?limit=100`);
  const { data: told } = (await items.json()) as {
    data: { label: string; status: string; errorDetail: string | null }[];
  };
  // Nobody who has accepted is invited again.
  const accepted = (await people.testers(appId)).flatMap(({ email, state }) =>
    state === 'ACCEPTED' || state === 'INSTALLED' ? [email] : [],
  );
  expect(told.map(({ label }) => label).sort()).toEqual(
    emails.filter((email) => !accepted.includes(email)).sort(),
  );
  const now = await people.invitations();
  for (const { label, status, errorDetail } of told) {
    expect((now[label] ?? 0) - (before[label] ?? 0), `${label} ${status}`).toBe(status === 'done' ? 1 : 0);
    if (status !== 'done') expect(errorDetail, label).toMatch(/\w+ \w+/);
  }
  const tester = await people.tester(appId, back);
  await people.event({ kind: 'install', testerId: tester?.id });
  await people.event({ kind: 'use', testerId: tester?.id, sessionCount: 2 });

  const id = await inDatabase(flightdeck, async (ask) => {
    const [job] = await ask<{ id: string }>(
      "SELECT id FROM jobs WHERE kind = 'prune-testers' AND status = 'queued' ORDER BY createdAt DESC",
    );
    await ask('UPDATE jobs SET scheduledAt = ? WHERE id = ?', Date.now(), job?.id ?? '');
    return job?.id;
  });
  await page.goto(`/jobs/${id}`);
  await waitForJob(page);
  await expect(page.getByText('Used the app meanwhile.')).toBeVisible();
  const left = (await people.testers(appId)).map(({ email }) => email);
  expect(left).toContain(back);
  const unwritten = told.flatMap(({ label, status }) => (status === 'done' ? [] : [label]));
  for (const email of gone) expect([email, left.includes(email)]).toEqual([email, unwritten.includes(email)]);
  const trail = await auditOf(page, `job=${id}`);
  expect(
    trail.every(({ status, actorEmail }) => status === 'succeeded' && actorEmail === flightdeck.email),
  ).toBe(true);
  expect(trail.map(({ label }) => label)).not.toContain(back);
});
