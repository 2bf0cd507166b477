import { auditOf, peopleAt, waitForJob } from './people';
import { expect, test } from './setup/test';
import { expectTold } from './toasts';

// What other files leave in the groups decides whether Apple invites anybody.
test.use({ instance: 'crowd' });

/** Rows that a list loads at once. */
const PAGE = 50;
/** More than any page of Apple's, or of the list. */
const PEOPLE = 230;
const address = (n: number) => `crowd.${String(n).padStart(3, '0')}@example.com`;

test('select a page, then all that match; what is taken away is said, more than fifty are typed', async ({
  page,
  flightdeck,
}) => {
  test.setTimeout(240_000);
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
  await dialog
    .getByRole('button', { name: other.name })
    .filter({ hasText: `All ${PEOPLE} join` })
    .click();
  await dialog.getByRole('button', { name: `Add ${PEOPLE} testers` }).click();
  await expectTold(page, `Added ${PEOPLE} testers to`);
  await expect(dialog).toBeHidden();
  expect((await crowd()).every(({ groupIds }) => groupIds.includes(other.id))).toBe(true);

  await page.goto(`/apps/${appId}/groups/${other.id}?tab=testers&q=crowd.`);
  await expect(page.getByRole('status').filter({ hasText: `${PEOPLE} testers` })).toBeVisible();
  await page.getByRole('columnheader').getByRole('checkbox').check();
  await page.getByRole('button', { name: `Select all ${PEOPLE} matching` }).click();
  await page.getByRole('button', { name: `Remove ${PEOPLE} testers from the group` }).click();
  await expect(dialog.getByRole('list', { name: 'What this takes away' })).toContainText(other.name);
  const leave = dialog.getByRole('button', { name: `Remove ${PEOPLE} testers` });
  await expect(leave).toBeDisabled();
  await dialog.getByLabel(`Type ${PEOPLE} to confirm`).fill(String(PEOPLE));
  await leave.click();
  await expectTold(page, `Removed ${PEOPLE} testers from`);
  expect((await crowd()).every(({ groupIds }) => groupIds.length === 1 && groupIds[0] === group.id)).toBe(
    true,
  );

  await page.goto(`/apps/${appId}/testers?q=crowd.`);
  await page.getByRole('columnheader').getByRole('checkbox').check();
  await page.getByRole('button', { name: `Select all ${PEOPLE} matching` }).click();
  await page.getByRole('button', { name: 'More to do with the selection' }).click();
  await page.getByRole('menuitem', { name: 'Tag' }).click();
  await dialog.getByLabel('Tag', { exact: true }).fill('crowd');
  await dialog.getByRole('button', { name: `Tag ${PEOPLE} testers` }).click();
  await expect(page.getByText(`${PEOPLE} testers tagged`)).toBeVisible();
  // The rows are fetched anew with their tag; a menu that is open meanwhile would be drawn under the pointer.
  await page.waitForLoadState('networkidle');

  await page.getByRole('button', { name: 'More to do with the selection' }).click();
  await page.getByRole('menuitem', { name: 'Remove from the app' }).click();
  await expect(dialog.getByRole('list', { name: 'What this takes away' })).toContainText('lose all access');
  const remove = dialog.getByRole('button', { name: `Remove ${PEOPLE} testers` });
  await expect(remove).toBeDisabled();
  await dialog.getByLabel(`Type ${PEOPLE} to confirm`).fill(String(PEOPLE));
  await remove.click();
  await expect.poll(crowd, { timeout: 60_000 }).toEqual([]);
  await page.goto('/jobs');
  await page
    .getByRole('link', { name: new RegExp(`^Remove ${PEOPLE} testers`) })
    .first()
    .click();
  await waitForJob(page);
  await expect(page.getByRole('heading', { level: 1 })).toContainText(`Remove ${PEOPLE} testers`);
  const jobId = new URL(page.url()).pathname.split('/').at(-1);
  const answer = await page.request.get(`/api/activity?limit=200&job=${jobId}`);
  expect(((await answer.json()) as { meta: { total: number } }).meta.total).toBe(PEOPLE);
  const trail = await auditOf(page, `job=${jobId}`);
  expect(trail).toHaveLength(200);
  expect(
    trail.every(({ status, actorEmail }) => status === 'succeeded' && actorEmail === flightdeck.email),
  ).toBe(true);
});

test('invitations are sent again to those who can get one; the others are told as not needed', async ({
  page,
  flightdeck,
}) => {
  const people = peopleAt(flightdeck.sandbox.baseUrl);
  const { appId } = await people.place();
  const answered = (await people.testers(appId)).filter(
    ({ state, email }) => email !== null && ['ACCEPTED', 'INSTALLED'].includes(state),
  );
  // Beside people who gave an answer somebody is invited; where a group has nothing to install Apple invites nobody.
  let groupId = '';
  for (const [n, id] of [...new Set(answered.flatMap(({ groupIds }) => groupIds))].entries()) {
    const email = `waits${n}@example.com`;
    await page.request.post('/api/v1/betaTesters', {
      headers: { origin: flightdeck.url },
      data: {
        data: {
          type: 'betaTesters',
          attributes: { email, firstName: 'Waits', lastName: `Number ${n}` },
          relationships: { betaGroups: { data: [{ type: 'betaGroups', id }] } },
        },
      },
    });
    if ((await people.tester(appId, email))?.state === 'INVITED') {
      groupId = id;
      break;
    }
  }
  expect(groupId).not.toBe('');
  const members = (await people.testers(appId)).filter(({ groupIds }) => groupIds.includes(groupId));
  const invited = members.filter(({ state, email }) => state === 'INVITED' && email !== null);
  const before = await people.invitations();
  await page.goto(`/apps/${appId}/testers?betaGroups=${groupId}`);
  await page.getByRole('columnheader').getByRole('checkbox').check();
  // The box selects what is loaded; the instance's other tests may have filled the group beyond a page.
  const all = page.getByRole('button', { name: `Select all ${members.length} matching` });
  if (members.length > PAGE) await all.click();
  await page.getByRole('button', { name: 'Resend invitation' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('list', { name: 'Good to know' })).toContainText('accepted already');
  await dialog.getByRole('button', { name: `Resend ${members.length} invitations` }).click();
  await expectTold(page, /^Sent .+ the invitation to .+ again/);
  const after = await people.invitations();
  for (const { email } of invited) {
    const key = String(email).toLowerCase();
    expect(after[key] ?? 0).toBe((before[key] ?? 0) + 1);
  }
});

test('somebody is deleted from the team only once the address is typed', async ({ page, flightdeck }) => {
  const people = peopleAt(flightdeck.sandbox.baseUrl);
  const { appId } = await people.place();
  const tester = (await people.testers(appId)).find(({ email }) => email !== null);
  const email = String(tester?.email);
  await page.goto(`/apps/${appId}/testers/${tester?.id}`);
  await page.getByRole('button', { name: 'More to do with this tester' }).click();
  await page.getByRole('menuitem', { name: 'Delete from the team' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('list', { name: 'What this takes away' })).toContainText(
    'every app of the team',
  );
  const remove = dialog.getByRole('button', { name: 'Delete 1 tester' });
  await expect(remove).toBeDisabled();
  await dialog.getByLabel(`Type ${email} to confirm`).fill(email);
  await remove.click();
  await expectTold(page, /^Deleted .+ from the team/);
  expect(await people.tester(appId, email)).toBeUndefined();
  const [entry] = await auditOf(page, `app=${appId}&type=betaTesters&action=delete`);
  expect(entry).toMatchObject({ status: 'succeeded', label: email, actorEmail: flightdeck.email });

  const origin = { origin: flightdeck.url };
  const other = (await people.testers(appId)).find((one) => one.email !== null);
  const past = await page.request.delete(`/api/v1/betaTesters/${other?.id}`, { headers: origin });
  expect([past.status(), await people.tester(appId, String(other?.email))]).toEqual([409, other]);
});
