import type { Page } from '@playwright/test';
import { expectAccessible, peopleAt } from './people';
import { sandboxAt } from './sandbox';
import { expect, test } from './setup/test';
import { expectTold } from './toasts';

const MACHINE = /betaTesters|betaGroups|none →|\{"|"type"/;

async function openPalette(page: Page, typed: string): Promise<void> {
  // Before the page answers to keys, a key is lost.
  await page.waitForLoadState('networkidle');
  await page.keyboard.press('Control+k');
  const field = page.getByRole('combobox');
  await expect(field).toBeFocused();
  await field.fill(typed);
}

test('a bulk change ends in a toast with undo, is one sentence in Activity, and can be taken back from there', async ({
  page,
  flightdeck,
}) => {
  const people = peopleAt(flightdeck.sandbox.baseUrl);
  const { appId, group } = await people.place();
  const outside = (await people.testers(appId))
    .filter(({ groupIds, email }) => !groupIds.includes(group.id) && email !== null)
    .slice(0, 2);
  expect(outside).toHaveLength(2);
  const members = async () =>
    new Set(
      (await people.testers(appId)).filter((one) => one.groupIds.includes(group.id)).map(({ id }) => id),
    );
  const before = await members();
  const answer = await page.request.post('/api/people/bulk', {
    headers: { origin: flightdeck.url },
    data: {
      kind: 'add-to-group',
      appId,
      groupId: group.id,
      testers: { ids: outside.map(({ id }) => id) },
    },
  });
  expect(answer.status()).toBe(201);
  await expect.poll(async () => (await members()).size, { timeout: 60_000 }).toBe(before.size + 2);

  await page.goto('/activity');
  const list = page.getByRole('list', { name: 'Activity' });
  const entry = list
    .locator('> li')
    .filter({ hasText: `added 2 testers to ${group.name}` })
    .first();
  await expect(entry).toContainText('Done');
  await expect(list).not.toContainText(MACHINE);

  // j reaches it, Enter unfolds it, Esc folds it up.
  await page.keyboard.press('j');
  await expect(entry).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(entry.getByRole('list', { name: 'What it did' }).getByRole('listitem')).toHaveCount(2);
  await page.keyboard.press('Escape');
  await expect(entry.getByRole('list', { name: 'What it did' })).toBeHidden();

  // What it is narrowed to stands in the address.
  await page.keyboard.press('/');
  await page.keyboard.type(String(group.name));
  await page.keyboard.press('Enter');
  await expect(entry).toBeFocused();
  await expect(page).toHaveURL(/[?&]q=/);
  // Esc leaves the row, then clears the search.
  await page.keyboard.press('Escape');
  await expect(entry).not.toBeFocused();
  await expect(page).toHaveURL(/[?&]q=/);
  await page.keyboard.press('Escape');
  await expect(page).not.toHaveURL(/[?&]q=/);
  await page.keyboard.press('/');
  await page.keyboard.type(String(group.name));
  await expect(page).toHaveURL(/[?&]q=/);
  await page.getByRole('button', { name: 'Filter by about' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Testers' }).click();
  await expect(page).toHaveURL(/about=testers/);
  await page.reload();
  await expect(entry).toBeVisible();
  await expectAccessible(page);

  await entry.getByRole('button', { name: 'Undo' }).click();
  await expectTold(page, `Removed 2 testers from ${group.name}`);
  expect(await members()).toEqual(before);
});

test('the palette acts: this page’s verbs first, recent ones on top, by keyboard and on a phone', async ({
  page,
  flightdeck,
}) => {
  const people = peopleAt(flightdeck.sandbox.baseUrl);
  const { appId } = await people.place();
  await page.goto(`/apps/${appId}/testers`);
  await openPalette(page, '');
  await expect(page.getByRole('option').first()).toContainText('Invite a tester');
  await page.getByRole('combobox').fill('new group');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'New group' });
  await expect(dialog).toBeVisible();
  await expect(page).toHaveURL(/\/groups$/);

  // A form left half filled comes back, on a phone too.
  await dialog.getByLabel('Name').fill('Half a name');
  const kept = page.waitForResponse((response) => response.url().endsWith('/api/drafts'));
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await kept;
  await page.setViewportSize({ width: 390, height: 844 });
  await page.reload();
  await page.getByRole('button', { name: 'Go to or find' }).click();
  await expect(page.getByRole('option').first()).toContainText('New group');
  await page.getByRole('option', { name: 'New group' }).first().click();
  await expect(dialog.getByLabel('Name')).toHaveValue('Half a name');
  await expect(dialog.getByText('Draft kept from')).toBeVisible();
  await dialog.getByRole('button', { name: 'Discard' }).click();
  await expect(dialog.getByLabel('Name')).toHaveValue('');
});

test('the palette answers what is asked, exports lists and finds again what was opened', async ({
  page,
  flightdeck,
}) => {
  const { appId, group } = await peopleAt(flightdeck.sandbox.baseUrl).place();
  const kept = page.waitForResponse(
    (response) => response.url().endsWith('/api/drafts') && response.request().method() === 'PUT',
  );
  await page.goto(`/apps/${appId}/groups/${group.id}`);
  await kept;
  await page.goto('/');
  await openPalette(page, '');
  const recent = page.getByRole('group', { name: 'Recent' }).getByRole('option');
  await expect(recent.filter({ hasText: group.name })).toHaveCount(1);
  const asked = page.getByRole('group', { name: 'Needs attention' }).getByRole('option');
  await expect(asked.first()).toBeVisible();
  const words = await asked.first().textContent();
  await page.getByRole('combobox').fill(words?.split(' ')[0] ?? '');
  await page.getByRole('option', { name: words ?? '' }).click();
  await expect(page).toHaveURL(/\/(apps|settings)\/.+/);

  await page.goto(`/apps/${appId}/builds`);
  await openPalette(page, 'export builds');
  const download = page.waitForEvent('download');
  await page.getByRole('option', { name: 'Export builds' }).click();
  expect((await download).suggestedFilename()).toMatch(/\.csv$/);
});

test('the palette switches a public link, with the way back', async ({ page, flightdeck }) => {
  const sandbox = sandboxAt(flightdeck.sandbox.baseUrl);
  const groups = await sandbox.list('betaGroups');
  const group = groups.find(({ attributes }) => !attributes.isInternalGroup && attributes.publicLinkEnabled);
  if (!group) throw new Error('The programme has no group with a link.');
  const isOn = async () => (await sandbox.get('betaGroups', group.id)).attributes.publicLinkEnabled;
  const before = await isOn();
  await page.goto(`/apps/${group.appId}/groups/${group.id}`);
  await openPalette(page, 'switch the public link');
  await page.keyboard.press('Enter');
  await expect.poll(isOn).toBe(!before);
  await page.locator('[data-sonner-toast]').getByRole('button', { name: 'Undo' }).first().click();
  await expect.poll(isOn).toBe(before);
});
