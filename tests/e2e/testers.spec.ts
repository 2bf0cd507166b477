import { auditOf, expectAccessible, peopleAt, testersKnown } from './people';
import { expect, test } from './setup/test';
import { undo } from './toasts';

test('the list: filters by what occurs, columns chosen, a view saved and opened again', async ({
  page,
  flightdeck,
}) => {
  const people = peopleAt(flightdeck.sandbox.baseUrl);
  const { appId, group } = await people.place();
  const all = await people.testers(appId);
  await testersKnown(page, flightdeck, appId, all.length);
  const members = all.filter(({ groupIds }) => groupIds.includes(group.id));
  await page.goto(`/apps/${appId}/testers`);
  await expect(page.getByRole('status').filter({ hasText: `${all.length} testers` })).toBeVisible();
  await expect(page.getByText(/of 10,000 external testers/)).toBeVisible();

  await page.getByRole('button', { name: 'Filter by group' }).click();
  await page.getByRole('option', { name: group.name }).click();
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(new RegExp(`betaGroups=${group.id}`));
  await expect(page.getByRole('status').filter({ hasText: `${members.length} tester` })).toBeVisible();

  await page.getByRole('button', { name: 'Columns and density' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Came by' }).click();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('columnheader', { name: 'Came by' })).toBeVisible();

  await page.getByRole('button', { name: 'Save this view' }).click();
  const dialog = page.getByRole('dialog', { name: 'Save this view' });
  await dialog.getByLabel('Name').fill('The closed group');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('View The closed group saved')).toBeVisible();

  await page.goto(`/apps/${appId}/testers`);
  await page
    .getByRole('navigation', { name: 'Saved views' })
    .getByRole('link', { name: 'Only yours The closed group' })
    .click();
  await expect(page).toHaveURL(new RegExp(`betaGroups=${group.id}`));
  await expect(page.getByRole('status').filter({ hasText: `${members.length} tester` })).toBeVisible();

  const [someone] = members;
  await page.goto(`/apps/${appId}/testers?q=${someone?.id}`);
  await expect(page.getByRole('row')).toHaveCount(2);
  await page.goto(`/testers?q=${someone?.id}`);
  await expect(page.getByRole('row')).toHaveCount(2);
  await expectAccessible(page);
});

test('one person is invited into a group; a second time App Store Connect’s reason stands in the dialog', async ({
  page,
  flightdeck,
}) => {
  const people = peopleAt(flightdeck.sandbox.baseUrl);
  const { appId, group } = await people.place();
  const invite = async () => {
    await page.getByRole('button', { name: 'Invite', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Invite a tester' });
    await dialog.getByLabel('E-mail').fill('grace.hopper@example.com');
    await dialog.getByLabel('First name').fill('Grace');
    await dialog.getByLabel('Last name').fill('Hopper');
    await dialog.getByRole('checkbox', { name: group.name }).check();
    return dialog;
  };
  await page.goto(`/apps/${appId}/testers`);
  await (await invite()).getByRole('button', { name: 'Invite', exact: true }).click();
  await expect(page.getByText('grace.hopper@example.com is invited')).toBeVisible();
  const made = await people.tester(appId, 'grace.hopper@example.com');
  expect(made?.groupIds).toEqual([group.id]);
  const trail = await auditOf(page, `app=${appId}&type=betaTesters&action=create`);
  expect(trail[0]).toMatchObject({ status: 'succeeded', actorEmail: flightdeck.email });

  const dialog = await invite();
  await expect(dialog.getByRole('status')).toContainText(`in ${group.name}`);
  await expect(dialog.getByRole('button', { name: 'Already there', exact: true })).toBeDisabled();
  const same = (await people.testers(appId)).filter(({ email }) => email === 'grace.hopper@example.com');
  expect(same).toHaveLength(1);
});

test('a tester’s page: access given and taken away, each saying what it takes; next and previous keep the list', async ({
  page,
  flightdeck,
}) => {
  test.setTimeout(150_000);
  const people = peopleAt(flightdeck.sandbox.baseUrl);
  const { appId, group, other, builds } = await people.place();
  const tester = (await people.testers(appId)).find(
    ({ groupIds, email, state }) =>
      groupIds.length === 1 && groupIds[0] === group.id && email !== null && state === 'INSTALLED',
  );
  if (!tester) throw new Error('nobody is only in the closed group');
  const now = () => people.tester(appId, tester.email ?? '');
  await page.goto(`/apps/${appId}/testers/${tester.id}`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByRole('rowheader', { name: '365 days' })).toBeVisible();
  await expectAccessible(page);

  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'Add to a group' }).click();
  await dialog.getByRole('radio', { name: other.name }).check();
  await dialog.getByRole('button', { name: 'Add to the group' }).click();
  await expect(dialog).toBeHidden();
  expect((await now())?.groupIds).toContain(other.id);
  await expect(page.getByRole('link', { name: other.name })).toBeVisible();
  await undo(page, `Added to ${other.name}`);
  expect((await now())?.groupIds).toEqual([group.id]);
  await expect(page.getByRole('link', { name: other.name })).toBeHidden();

  await page.getByRole('button', { name: `Remove from ${group.name}` }).click();
  await expect(page.getByText('That was the only way to the app')).toBeVisible();
  await expect.poll(async () => (await now())?.groupIds).toEqual([]);
  await undo(page, `Removed from ${group.name}`);
  expect((await now())?.groupIds).toEqual([group.id]);
  await expect(page.getByRole('link', { name: group.name })).toBeVisible();

  const build = builds[0];
  await page.getByRole('button', { name: 'Give a build' }).click();
  await dialog.getByRole('radio', { name: `(${build?.version})` }).check();
  await dialog.getByRole('button', { name: 'Give the build' }).click();
  await expect.poll(async () => (await now())?.buildIds).toContain(build?.id);
  await page.getByRole('button', { name: new RegExp(`${build?.version}.* away`) }).click();
  await expect.poll(async () => (await now())?.buildIds).toEqual([]);
  await undo(page, /taken away/);
  expect((await now())?.buildIds).toEqual([build?.id]);

  await expect(page.getByRole('list', { name: 'History' })).toContainText(`Added to ${group.name}`);
  const changes = async (type: string, resource: string | undefined) =>
    (await auditOf(page, `app=${appId}&type=${type}&resource=${resource}`)).map(
      ({ action, status, undoOf }) => [action, status, undoOf === null ? 'change' : 'undo'],
    );
  expect((await changes('betaGroups', other.id)).slice(0, 2)).toEqual([
    ['removeLinkage', 'succeeded', 'undo'],
    ['addLinkage', 'succeeded', 'change'],
  ]);
  expect((await changes('betaGroups', group.id)).slice(0, 2)).toEqual([
    ['addLinkage', 'succeeded', 'undo'],
    ['removeLinkage', 'succeeded', 'change'],
  ]);
  expect((await changes('builds', build?.id)).slice(0, 3)).toEqual([
    ['addLinkage', 'succeeded', 'undo'],
    ['removeLinkage', 'succeeded', 'change'],
    ['addLinkage', 'succeeded', 'change'],
  ]);
});

test('what App Store Connect refuses goes back on screen with its reason; an undo that fails says so', async ({
  page,
  flightdeck,
}) => {
  const people = peopleAt(flightdeck.sandbox.baseUrl);
  const { appId, group, other } = await people.place();
  const tester = (await people.testers(appId)).find(
    ({ groupIds, email }) => groupIds.length === 1 && groupIds[0] === group.id && email !== null,
  );
  const now = async () => (await people.tester(appId, tester?.email ?? ''))?.groupIds;
  const refuse = (method: string) =>
    people.addFault({
      kind: 'status',
      method,
      route: '/v1/betaGroups/{id}/relationships/betaTesters',
      count: 1,
      status: 409,
      code: 'STATE_ERROR',
      detail: 'Not while the group is being changed.',
    });
  await page.goto(`/apps/${appId}/testers/${tester?.id}`);
  const remove = page.getByRole('button', { name: `Remove from ${group.name}` });
  await refuse('DELETE');
  await remove.click();
  const refusal = page.locator('[data-sonner-toast]').filter({ hasText: 'could not be taken away' });
  await expect(refusal).toContainText('Not while the group is being changed.');
  await expect(remove).toBeVisible();
  expect(await now()).toEqual([group.id]);

  await page.getByRole('button', { name: 'Add to a group' }).click();
  await page.getByRole('dialog').getByRole('radio', { name: other.name }).check();
  await refuse('POST');
  await page.getByRole('button', { name: 'Add to the group' }).click();
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText('Not while the group');
  await page.getByRole('button', { name: 'Add to the group' }).click();
  await expect(page.getByRole('dialog')).toBeHidden();
  await refuse('DELETE');
  const toast = page.locator('[data-sonner-toast]').filter({ hasText: `Added to ${other.name}` });
  await toast.getByRole('button', { name: 'Undo' }).click();
  const failed = page.locator('[data-sonner-toast]').filter({ hasText: 'It could not be undone' });
  await expect(failed).toContainText('Not while the group is being changed.');
  expect([...((await now()) ?? [])].sort()).toEqual([group.id, other.id].sort());
  await expect(page.getByRole('link', { name: other.name })).toBeVisible();
  await people.clearFaults();
});

test('tags, a note and protection are kept, and undone; Apple hears nothing of them', async ({
  page,
  flightdeck,
}) => {
  const people = peopleAt(flightdeck.sandbox.baseUrl);
  const { appId, group } = await people.place();
  const tester = (await people.testers(appId)).find(({ groupIds }) => groupIds.includes(group.id));
  await page.goto(`/apps/${appId}/testers/${tester?.id}`);
  await page.getByLabel('Add a tag').fill('press');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Take off tag press' })).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Undone')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Take off tag press' })).toBeHidden();

  await page.getByLabel('Add a tag').fill('press');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByLabel('What the team should know').fill('Writes for the Herald.');
  await page.getByRole('button', { name: 'Save the note' }).click();
  await expect(page.getByText('Note saved')).toBeVisible();
  await page.getByRole('switch', { name: 'Protected' }).click();
  await expect(page.getByText('Protected from pruning')).toBeVisible();
  await page.reload();
  await expect(page.getByRole('switch', { name: 'Protected' })).toBeChecked();
  await expect(page.getByLabel('What the team should know')).toHaveValue('Writes for the Herald.');

  await page.goto(`/apps/${appId}/testers?tag=press`);
  await expect(page.getByRole('row')).toHaveCount(2);
  const trail = await auditOf(page, `app=${appId}&type=testerRecords`);
  expect(trail.length).toBeGreaterThanOrEqual(4);
  expect(trail.every(({ status }) => status === 'succeeded')).toBe(true);
});

test('j and k go through the list one came from, escape returns to it', async ({ page, flightdeck }) => {
  const people = peopleAt(flightdeck.sandbox.baseUrl);
  const { appId, group } = await people.place();
  await page.goto(`/apps/${appId}/testers?betaGroups=${group.id}&sort=email`);
  const links = page.getByRole('table', { name: 'testers' }).getByRole('link');
  await links.first().click();
  await expect(page).toHaveURL(/testers\/.+betaGroups=/);
  await expect(page.getByRole('link', { name: 'Next tester' })).toBeVisible();
  const first = page.url();
  await page.keyboard.press('j');
  await expect(page).not.toHaveURL(first);
  await expect(page.getByRole('link', { name: 'Previous tester' })).toBeVisible();
  await page.keyboard.press('k');
  await expect(page).toHaveURL(first);
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(new RegExp(`/testers\\?betaGroups=${group.id}&sort=email`));
});

test('the list is exported as it is narrowed, as CSV and as JSON, and stands in the audit trail', async ({
  page,
  flightdeck,
}) => {
  const people = peopleAt(flightdeck.sandbox.baseUrl);
  const { appId } = await people.place();
  await page.goto(`/apps/${appId}/testers?state=INSTALLED`);
  // The file holds what the list shows; testers go on installing meanwhile.
  const list = `/api/v1/betaTesters?filter[apps]=${appId}&filter[state]=INSTALLED&limit=200`;
  const { data: installed } = (await (await page.request.get(list)).json()) as {
    data: { attributes: { email?: string | null } }[];
  };
  expect(installed.length).toBeGreaterThan(0);
  for (const [name, count] of [
    ['JSON', (text: string) => (JSON.parse(text) as unknown[]).length],
    ['CSV, for a spreadsheet', (text: string) => text.trim().split('\r\n').length - 1],
  ] as const) {
    await page.getByRole('button', { name: 'Export this list' }).click();
    await page.getByRole('menuitem', { name }).click();
    const dialog = page.getByRole('dialog', { name: 'Export testers' });
    await expect(dialog).toContainText(`${installed.length} testers leave Flightdeck`);
    const download = dialog.getByRole('button', { name: /^Export as/ });
    await expect(download).toBeDisabled();
    await dialog.getByLabel(`Type ${installed.length} to confirm`).fill(String(installed.length));
    const waiting = page.waitForEvent('download');
    await download.click();
    const stream = await (await waiting).createReadStream();
    let text = '';
    for await (const chunk of stream) text += String(chunk);
    expect(count(text)).toBe(installed.length);
    expect(text).toContain(installed.find(({ attributes }) => attributes.email)?.attributes.email ?? '');
  }
  const exports = () => auditOf(page, `app=${appId}&type=betaTesters&action=export`);
  expect(await exports()).toHaveLength(2);
  const past = await page.request.get(`/api/people/export?type=betaTesters&filter[apps]=${appId}`);
  expect(past.status()).toBe(409);
  expect(await exports()).toHaveLength(2);
});
