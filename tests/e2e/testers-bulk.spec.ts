import { auditOf, peopleAt, waitForJob } from './people';
import { expect, test } from './setup/test';

const PEOPLE = 120;
const address = (n: number) => `crowd.${String(n).padStart(3, '0')}@example.com`;

test('select a page, then all that match; what is taken away is said, more than fifty are typed', async ({
  page,
  flightdeck,
}) => {
  test.setTimeout(180_000);
  const people = peopleAt(flightdeck.sandbox.baseUrl);
  const { appId, group, other } = await people.place();
  await page.goto(`/apps/${appId}/testers/import`);
  const rows = Array.from({ length: PEOPLE }, (_, n) => `Crowd,${n},${address(n)},${group.name}`);
  await page.getByLabel('Or paste rows').fill(['First,Last,Email,Groups', ...rows].join('\n'));
  await page.getByRole('button', { name: 'Use these rows' }).click();
  await page.getByRole('button', { name: `Invite ${PEOPLE} testers` }).click();
  await waitForJob(page);
  const crowd = async () => (await people.testers(appId)).filter(({ email }) => email?.startsWith('crowd.'));
  expect(await crowd()).toHaveLength(PEOPLE);

  await page.goto(`/apps/${appId}/testers?q=crowd.`);
  await expect(page.getByRole('status').filter({ hasText: `${PEOPLE} testers` })).toBeVisible();
  await page.getByRole('columnheader').getByRole('checkbox').check();
  await page.getByRole('button', { name: `Select all ${PEOPLE} matching` }).click();
  await page.getByRole('button', { name: 'Add to group' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Group').selectOption({ label: other.name });
  await dialog.getByRole('button', { name: `Add ${PEOPLE} testers` }).click();
  await waitForJob(page);
  expect((await crowd()).every(({ groupIds }) => groupIds.includes(other.id))).toBe(true);
  await dialog.getByRole('button', { name: 'Close' }).last().click();

  await page.getByRole('button', { name: 'More to do with the selection' }).click();
  await page.getByRole('menuitem', { name: 'Tag' }).click();
  await dialog.getByLabel('Tag', { exact: true }).fill('crowd');
  await dialog.getByRole('button', { name: `Tag ${PEOPLE} testers` }).click();
  await expect(page.getByText(`${PEOPLE} testers tagged`)).toBeVisible();

  await page.getByRole('button', { name: 'More to do with the selection' }).click();
  await page.getByRole('menuitem', { name: 'Remove from the app' }).click();
  await expect(dialog.getByRole('list', { name: 'What this takes away' })).toContainText('lose all access');
  const remove = dialog.getByRole('button', { name: `Remove ${PEOPLE} testers` });
  await expect(remove).toBeDisabled();
  await dialog.getByLabel(`Type ${PEOPLE} to confirm`).fill(String(PEOPLE));
  await remove.click();
  await waitForJob(page);
  expect(await crowd()).toEqual([]);
  await dialog.getByRole('link', { name: 'Open the job' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText(`Remove ${PEOPLE} testers`);
  const jobId = new URL(page.url()).pathname.split('/').at(-1);
  const trail = await auditOf(page, `job=${jobId}`);
  expect(trail).toHaveLength(PEOPLE);
  expect(
    trail.every(({ status, actorEmail }) => status === 'succeeded' && actorEmail === flightdeck.email),
  ).toBe(true);
});

test('invitations are sent again to those who can get one; the others are told as not needed', async ({
  page,
  flightdeck,
}) => {
  const people = peopleAt(flightdeck.sandbox.baseUrl);
  const { appId, group } = await people.place();
  const members = (await people.testers(appId)).filter(({ groupIds }) => groupIds.includes(group.id));
  const invited = members.filter(({ state, email }) => state === 'INVITED' && email !== null);
  const before = await people.invitations();
  await page.goto(`/apps/${appId}/testers?betaGroups=${group.id}`);
  await page.getByRole('columnheader').getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Resend invitation' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('list', { name: 'Good to know' })).toContainText('accepted already');
  await dialog.getByRole('button', { name: `Resend ${members.length} invitations` }).click();
  await waitForJob(page);
  const after = await people.invitations();
  for (const { email } of invited) {
    const key = String(email).toLowerCase();
    expect(after[key] ?? 0).toBe((before[key] ?? 0) + 1);
  }
});
