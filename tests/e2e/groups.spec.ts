import type { APIRequestContext, Page } from '@playwright/test';
import { axeFindings, expectWellMade } from './axe';
import { type Held, sandboxAt } from './sandbox';
import type { Running } from './setup/flightdeck';
import { expect, test } from './setup/test';
import { undo } from './toasts';

interface Entry {
  id: string;
  action: string;
  status: string;
  label: string | null;
  undoOf: string | null;
}

const atSandbox = ({ sandbox }: Running) => sandboxAt(sandbox.baseUrl);

async function groupWhere(flightdeck: Running, is: (one: Held['attributes']) => boolean): Promise<Held> {
  const group = (await atSandbox(flightdeck).list('betaGroups')).find(({ attributes }) => is(attributes));
  if (!group) throw new Error('The programme has no such group.');
  return group;
}
const external = (flightdeck: Running) => groupWhere(flightdeck, (one) => one.publicLinkEnabled === true);
const allBuilds = (flightdeck: Running) => groupWhere(flightdeck, (one) => one.hasAccessToAllBuilds === true);
const manual = (flightdeck: Running) =>
  groupWhere(flightdeck, (one) => one.isInternalGroup === true && one.hasAccessToAllBuilds !== true);
const named = async (flightdeck: Running, name: string) =>
  (await atSandbox(flightdeck).list('betaGroups')).find(({ attributes }) => attributes.name === name);
const idsIn = async (flightdeck: Running, type: 'betaTesters' | 'builds', groupId: string) =>
  (await atSandbox(flightdeck).list(`${type}?group=${groupId}`)).map(({ id }) => id);

/** What the trail says of a type, the newest first. */
async function trail(request: APIRequestContext, type: string): Promise<Entry[]> {
  const answer = await request.get(`/api/activity?type=${type}`);
  return ((await answer.json()) as { data: Entry[] }).data;
}

async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  // The page is readable before its scripts have come; a press that early goes nowhere.
  await page.waitForLoadState('networkidle');
}
const pathOf = ({ appId, id }: Held) => `/apps/${appId}/groups/${id}`;

test('a group is created by keyboard, refused where its name is taken, and taken back', async ({
  page,
  flightdeck,
}) => {
  const taken = await external(flightdeck);
  await open(page, `/apps/${taken.appId}/groups`);
  await page.getByRole('button', { name: 'New group' }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'New group' });
  await expect(dialog.getByLabel('Name')).toBeFocused();
  await page.keyboard.type(String(taken.attributes.name));
  await page.keyboard.press('Enter');
  await expect(dialog.getByLabel('Name')).toHaveAttribute('aria-invalid', 'true');
  await expect(dialog.getByRole('alert')).toContainText('exists already');
  expect(await axeFindings(page)).toEqual([]);

  await dialog.getByLabel('Name').fill('Night owls');
  await dialog.getByRole('switch', { name: 'Tester feedback' }).uncheck();
  await dialog.getByRole('button', { name: 'Create group' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Night owls');
  // Apple's answer tells no number of testers; a group just made has none, which is known.
  await expect(page.getByRole('main').getByText('0 testers')).toBeVisible();
  const made = await named(flightdeck, 'Night owls');
  expect(made?.attributes).toMatchObject({ isInternalGroup: false, feedbackEnabled: false });
  await undo(page, /created/);
  expect(await named(flightdeck, 'Night owls')).toBeUndefined();
  const [deleted, created, refused] = await trail(page.request, 'betaGroups');
  expect(deleted).toMatchObject({ action: 'delete', status: 'succeeded', undoOf: created?.id });
  expect(created).toMatchObject({ action: 'create', status: 'succeeded', label: 'Night owls' });
  expect(refused).toMatchObject({ action: 'create', status: 'failed' });
});

test('an internal group with all builds is created from all groups and says why it takes no build', async ({
  page,
  flightdeck,
}) => {
  const { appId } = await external(flightdeck);
  const app = (await atSandbox(flightdeck).list('apps')).find(({ id }) => id === appId);
  await open(page, '/groups');
  await page.getByRole('button', { name: 'New group' }).click();
  const dialog = page.getByRole('dialog', { name: 'New group' });
  await dialog.getByLabel('App', { exact: true }).selectOption({ label: String(app?.attributes.name) });
  await dialog.getByLabel('Name').fill('Whole house');
  await dialog.getByRole('radio', { name: /Internal/ }).check();
  await dialog.getByRole('switch', { name: 'Access to all builds' }).check();
  await dialog.getByRole('button', { name: 'Create group' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Whole house');
  expect((await named(flightdeck, 'Whole house'))?.attributes).toMatchObject({
    isInternalGroup: true,
    hasAccessToAllBuilds: true,
  });
  await page.getByRole('button', { name: 'All builds' }).first().click();
  await expect(page.getByText('This group gets every build')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Add builds' })).toHaveCount(0);
});

test('feedback, Mac and Vision are switched for real', async ({ page, flightdeck }) => {
  const group = await external(flightdeck);
  const now = async () => (await atSandbox(flightdeck).get('betaGroups', group.id)).attributes;
  await open(page, pathOf(group));
  await page.screenshot({ path: 'docs/images/group.png' });
  for (const [name, attribute, words] of [
    ['Tester feedback', 'feedbackEnabled', /Feedback switched/],
    ['On Mac with Apple silicon', 'iosBuildsAvailableForAppleSiliconMac', /vailable on Mac/],
    ['On Apple Vision', 'iosBuildsAvailableForAppleVision', /vailable on Apple Vision/],
  ] as const) {
    const before = (await now())[attribute];
    await page.getByRole('switch', { name }).click();
    await expect.poll(async () => (await now())[attribute]).toBe(!before);
    await undo(page, words);
    expect((await now())[attribute]).toBe(before);
  }
});

test('testers are added and removed, with what they did beside them', async ({ page, flightdeck }) => {
  const group = await external(flightdeck);
  const members = () => idsIn(flightdeck, 'betaTesters', group.id);
  const before = await members();
  const outsider = (await atSandbox(flightdeck).list(`betaTesters?app=${group.appId}`)).find(
    ({ id, attributes }) => !before.includes(id) && attributes.inviteType === 'EMAIL' && attributes.email,
  );
  const email = String(outsider?.attributes.email);
  await open(page, `${pathOf(group)}?tab=testers`);
  await page.getByRole('button', { name: 'Add testers' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add testers' });
  await dialog.getByRole('searchbox').fill(email);
  await expect(dialog.getByRole('listitem')).toHaveCount(1);
  await dialog.getByRole('checkbox').check();
  await dialog.getByRole('button', { name: 'Add 1 tester' }).click();
  await expect(dialog).toBeHidden();
  expect(await members()).toContain(outsider?.id);

  await page.getByRole('searchbox').fill(email);
  // Another search forgets what was selected, so it has to be the one that is shown.
  await expect(page).toHaveURL(/[?&]q=/);
  const row = page.getByRole('row').filter({ hasText: email });
  await row.getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Remove 1 tester from the group' }).click();
  await expect(row).toBeHidden();
  expect((await members()).sort()).toEqual(before.sort());
  await undo(page, /removed/);
  expect(await members()).toContain(outsider?.id);
  const [back, removed, added] = await trail(page.request, 'betaGroups');
  expect([back?.action, removed?.action, added?.action]).toEqual([
    'addLinkage',
    'removeLinkage',
    'addLinkage',
  ]);
  expect(back?.undoOf).toBe(removed?.id);

  await page.getByRole('button', { name: 'Last 365 days' }).click();
  await expect(page).toHaveURL(/period=P365D/);
  const sessions = page.locator('dl').getByText('Sessions').locator('xpath=following-sibling::dd');
  await expect(sessions).toHaveText(/^[\d,]+$/);
});

test('builds are given and taken, and a refusal stays in the dialog', async ({ page, flightdeck }) => {
  const group = await manual(flightdeck);
  const builds = () => idsIn(flightdeck, 'builds', group.id);
  const before = await builds();
  expect(before.length).toBeGreaterThan(0);
  await open(page, `${pathOf(group)}?tab=builds`);
  const row = page.getByRole('row').nth(1);
  const name = (await row.getByRole('link').textContent()) ?? '';
  await row.getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Remove 1 build from the group' }).click();
  await expect.poll(async () => (await builds()).length).toBe(before.length - 1);
  await undo(page, /taken from/);
  expect((await builds()).sort()).toEqual(before.sort());
  await expect(page.getByRole('link', { name })).toBeVisible();

  await page.getByRole('button', { name: 'Add builds' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add builds' });
  const missing = dialog.getByRole('listitem').filter({ hasText: 'Needs compliance' });
  await expect(missing.getByRole('checkbox').first()).toBeDisabled();
  await dialog.locator('input[type=checkbox]:enabled').first().check();
  await atSandbox(flightdeck).addFault({
    kind: 'status',
    method: 'POST',
    count: 1,
    status: 409,
    code: 'STATE_ERROR.ENTITY_STATE_INVALID',
    detail: 'The build has expired',
  });
  await dialog.getByRole('button', { name: 'Add 1 build' }).click();
  await expect(dialog.getByRole('alert')).toContainText('The build has expired');
  await atSandbox(flightdeck).clearFaults();
  await dialog.getByRole('button', { name: 'Add 1 build' }).click();
  await expect(dialog).toBeHidden();
  await expect.poll(async () => (await builds()).length).toBe(before.length + 1);
});

test('a group is cloned as a job with its builds and its testers', async ({ page, flightdeck }) => {
  const group = await external(flightdeck);
  await open(page, pathOf(group));
  await page.getByRole('button', { name: 'More to do with the group' }).click();
  await page.getByRole('menuitem', { name: 'Clone group' }).click();
  const dialog = page.getByRole('dialog', { name: 'Clone group' });
  await dialog.getByLabel('Name of the new group').fill('Second wave');
  await dialog.getByRole('switch', { name: 'Take the builds along' }).check();
  await dialog.getByRole('switch', { name: 'Take the testers along' }).check();
  await dialog.getByRole('button', { name: 'Clone group' }).click();
  await expect(page).toHaveURL(/\/jobs\//);
  await expect.poll(() => named(flightdeck, 'Second wave'), { timeout: 30_000 }).toBeDefined();
  const clone = await named(flightdeck, 'Second wave');
  const byMail = (await atSandbox(flightdeck).list(`betaTesters?group=${group.id}`)).filter(
    ({ attributes }) => attributes.email,
  );
  await expect
    .poll(async () => (await idsIn(flightdeck, 'betaTesters', clone?.id ?? '')).length, { timeout: 30_000 })
    .toBe(byMail.length);
  expect(clone?.attributes.feedbackEnabled).toBe(group.attributes.feedbackEnabled);
  expect((await idsIn(flightdeck, 'builds', clone?.id ?? '')).length).toBeGreaterThan(0);
});

test('a group is cloned to another app: its people by e-mail, its criteria and its limit, no builds', async ({
  page,
  flightdeck,
}) => {
  const sandbox = atSandbox(flightdeck);
  const group = await external(flightdeck);
  const app = (await sandbox.list('apps')).find(({ id }) => id !== group.appId);
  const headers = { origin: flightdeck.url };
  const patch = await page.request.patch(`/api/v1/betaGroups/${group.id}`, {
    headers,
    data: {
      data: {
        type: 'betaGroups',
        id: group.id,
        attributes: { publicLinkLimitEnabled: true, publicLinkLimit: 4321 },
      },
    },
  });
  expect(patch.ok()).toBe(true);
  await open(page, pathOf(group));
  await page.getByRole('button', { name: 'More to do with the group' }).click();
  await page.getByRole('menuitem', { name: 'Clone group' }).click();
  const dialog = page.getByRole('dialog', { name: 'Clone group' });
  await dialog.getByLabel('Name of the new group').fill('Across the street');
  await dialog.getByLabel('App', { exact: true }).selectOption({ label: String(app?.attributes.name) });
  await expect(dialog.getByRole('switch', { name: 'Take the builds along' })).toBeDisabled();
  await dialog.getByRole('switch', { name: 'Take the testers along' }).check();
  await dialog.getByRole('button', { name: 'Clone group' }).click();
  await expect(page).toHaveURL(/\/jobs\//);
  await expect(page.getByRole('status').filter({ hasText: /^Done/ }).first()).toBeVisible({
    timeout: 60_000,
  });
  const clone = await named(flightdeck, 'Across the street');
  expect(clone).toMatchObject({ appId: app?.id, attributes: { publicLinkLimit: 4321 } });
  const emails = async (of: string | undefined) =>
    (await sandbox.list(`betaTesters?group=${of}`))
      .flatMap(({ attributes }) => (attributes.email ? [String(attributes.email).toLowerCase()] : []))
      .sort();
  expect(await emails(clone?.id)).toEqual(await emails(group.id));
  const criteria = (await sandbox.list('betaRecruitmentCriteria')) as (Held & {
    relationships: { betaGroup?: string };
  })[];
  const of = (id: string | undefined) =>
    criteria.find(({ relationships }) => relationships.betaGroup === id)?.attributes
      .deviceFamilyOsVersionFilters;
  expect(of(clone?.id)).toEqual(of(group.id));
  const answer = await page.request.get(
    `/api/activity?job=${new URL(page.url()).pathname.split('/').at(-1)}`,
  );
  const { data } = (await answer.json()) as { data: Entry[] };
  expect(data.length).toBeGreaterThan(2);
  expect(data.filter(({ status }) => status !== 'succeeded')).toEqual([]);
});

test('deleting says who loses what, wants the name typed, and has no way back', async ({
  page,
  flightdeck,
}) => {
  const groups = await atSandbox(flightdeck).list('betaGroups');
  const group = groups.find(
    ({ attributes }) => !attributes.isInternalGroup && attributes.publicLinkEnabled !== true,
  ) as Held;
  const members = await idsIn(flightdeck, 'betaTesters', group.id);
  await open(page, pathOf(group));
  await page.getByRole('button', { name: 'More to do with the group' }).click();
  await page.getByRole('menuitem', { name: 'Delete group' }).click();
  const dialog = page.getByRole('alertdialog');
  await expect(dialog).toContainText(`${members.length} testers leave`);
  const verb = dialog.getByRole('button', { name: 'Delete group' });
  await expect(verb).toBeDisabled();
  await dialog.getByRole('textbox').fill(String(group.attributes.name));
  await verb.click();
  await expect(page).toHaveURL(new RegExp(`/apps/${group.appId}/groups$`));
  expect((await atSandbox(flightdeck).list('betaGroups')).some(({ id }) => id === group.id)).toBe(false);
  const [entry] = await trail(page.request, 'betaGroups');
  expect(entry).toMatchObject({ action: 'delete', status: 'succeeded', label: group.attributes.name });
});

test('all groups are compared, filtered and sorted, and a group is set beside App Store Connect', async ({
  page,
  flightdeck,
}) => {
  const groups = await atSandbox(flightdeck).list('betaGroups');
  const internal = groups.filter(({ attributes }) => attributes.isInternalGroup);
  await open(page, '/groups');
  await expect(page.getByText(`${groups.length} groups`)).toBeVisible();
  await page.getByRole('button', { name: 'Filter by kind' }).click();
  await page.getByRole('option', { name: 'Internal' }).click();
  await expect(page).toHaveURL(/isInternalGroup=true/);
  await expect(page.getByText(`${internal.length} groups`)).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Clear all' }).click();
  await page.getByRole('columnheader', { name: 'Testers' }).getByRole('button').click();
  await expect(page).toHaveURL(/sort=-?testerCount/);
  const group = await allBuilds(flightdeck);
  await open(page, pathOf(group));
  await page.getByRole('button', { name: 'Check now' }).click();
  const row = page.getByRole('row').filter({ hasText: 'Testers' });
  const count = String((await idsIn(flightdeck, 'betaTesters', group.id)).length);
  await expect(row.getByRole('cell').last()).toHaveText(count);
});

test('every part of a group: no finding of axe in light and dark, readable on a phone', async ({
  page,
  flightdeck,
}) => {
  test.setTimeout(300_000);
  const [group, house] = [await external(flightdeck), await allBuilds(flightdeck)];
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  // The overview and the list of groups stand in the tour of every page.
  const places = ['testers', 'builds', 'link'].map((tab) => `${pathOf(group)}?tab=${tab}`);
  for (const place of [...places, `${pathOf(house)}?tab=builds`, `${pathOf(house)}?tab=link`]) {
    await open(page, place);
    await expectWellMade(page, place, () =>
      expect.soft(page.getByRole('heading', { level: 1 })).toBeInViewport(),
    );
  }
});
