import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import Sqlite from 'better-sqlite3';
import { axeFindings } from './axe';
import { type Held, sandboxAt } from './sandbox';
import type { Running } from './setup/flightdeck';
import { expect, test } from './setup/test';
import { undo } from './toasts';

const DAY_MS = 86_400_000;
const atSandbox = ({ sandbox }: Running) => sandboxAt(sandbox.baseUrl);

async function openLinks(flightdeck: Running): Promise<[Held, Held]> {
  const [first, second] = (await atSandbox(flightdeck).list('betaGroups')).filter(
    ({ attributes }) => attributes.publicLinkEnabled,
  );
  if (!first || !second) throw new Error('The programme has fewer than two open links.');
  return [first, second];
}

const now = async (flightdeck: Running, { id }: Held) =>
  (await atSandbox(flightdeck).get('betaGroups', id)).attributes;

/** The filters of the one group's criteria; the sandbox keeps the group with them. */
async function criteria(flightdeck: Running, { id }: Held): Promise<unknown> {
  const all = (await atSandbox(flightdeck).list('betaRecruitmentCriteria')) as (Held & {
    relationships: { betaGroup?: string };
  })[];
  return all.find(({ relationships }) => relationships.betaGroup === id)?.attributes
    .deviceFamilyOsVersionFilters;
}

async function open(page: Page, group: Held, query = ''): Promise<void> {
  await page.goto(`/apps/${group.appId}/groups/${group.id}?tab=link${query}`);
  // Charts are drawn in the browser only: with them its scripts have come, and what is typed is heard.
  await expect(page.getByRole('img', { name: /^Opened the link/ })).toBeVisible();
}
const doctor = (page: Page) =>
  page.locator('section').filter({ has: page.getByRole('heading', { name: 'Link doctor' }) });

test('a limit is judged at the field, set for real, and taken back', async ({ page, flightdeck }) => {
  const [group] = await openLinks(flightdeck);
  const before = (await now(flightdeck, group)).publicLinkLimit;
  await open(page, group);
  const field = page.getByRole('textbox', { name: 'Limit of testers' });
  for (const wrong of ['0', '10001', 'many', '2.5']) {
    await field.fill(wrong);
    await page.keyboard.press('Enter');
    await expect(field).toHaveAttribute('aria-invalid', 'true');
    await expect(page.getByText('Enter a whole number from 1 to 10,000.')).toBeVisible();
  }
  expect((await now(flightdeck, group)).publicLinkLimit).toBe(before);
  await field.fill('750');
  await page.getByRole('button', { name: 'Set limit' }).click();
  await expect(page.getByText('Limit set to 750')).toBeVisible();
  expect(await now(flightdeck, group)).toMatchObject({ publicLinkLimit: 750, publicLinkLimitEnabled: true });
  await undo(page, 'Limit set to 750');
  expect((await now(flightdeck, group)).publicLinkLimit).toBe(before);
});

test('the link is copied, and its QR code is saved as SVG and PNG', async ({ page, flightdeck, context }) => {
  const [group] = await openLinks(flightdeck);
  const link = String((await now(flightdeck, group)).publicLink);
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: flightdeck.url });
  await open(page, group);
  await page.getByRole('button', { name: 'Copy link' }).last().click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link);

  await page.getByRole('button', { name: 'QR code' }).click();
  const dialog = page.getByRole('dialog', { name: 'QR code of the public link' });
  await expect(dialog.getByRole('img', { name: `QR code for ${link}` })).toBeVisible();
  const files: Buffer[] = [];
  for (const kind of ['SVG', 'PNG']) {
    const download = page.waitForEvent('download');
    await dialog.getByRole('button', { name: `Download ${kind}` }).click();
    const saved = await download;
    expect(saved.suggestedFilename()).toMatch(new RegExp(`-testflight-link\\.${kind.toLowerCase()}$`));
    files.push(await readFile(await saved.path()));
  }
  expect(files[0]?.toString('utf8')).toContain('<svg xmlns="http://www.w3.org/2000/svg"');
  expect(files[1]?.subarray(1, 4).toString('latin1')).toBe('PNG');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'QR code' })).toBeFocused();
});

test('criteria are built from Apple’s options, checked while edited, changed, removed and taken back', async ({
  page,
  flightdeck,
}) => {
  const [, group] = await openLinks(flightdeck);
  await open(page, group);
  await page.getByRole('button', { name: 'Set criteria' }).click();
  const dialog = page.getByRole('dialog', { name: 'Recruitment criteria' });
  await dialog.getByRole('button', { name: 'Save criteria' }).click();
  await expect(dialog.getByRole('alert')).toContainText('Choose at least one device family');
  await dialog.getByRole('checkbox', { name: 'Apple TV' }).check();
  await expect(dialog.getByText('No build of the group runs on these.')).toBeVisible();
  await dialog.getByRole('checkbox', { name: 'Apple TV' }).uncheck();
  await dialog.getByRole('checkbox', { name: 'iPhone' }).check();
  await dialog.getByRole('checkbox', { name: 'Mac' }).check();
  const lowest = dialog.getByRole('combobox', { name: 'Lowest system of iPhone' });
  const version = (await lowest.locator('option').nth(1).getAttribute('value')) ?? '';
  await lowest.selectOption(version);
  await expect(
    dialog.getByText(`iPhone on iOS ${version} or later; Mac on any macOS version.`),
  ).toBeVisible();
  expect(await axeFindings(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Save criteria' }).click();
  await expect(dialog).toBeHidden();
  const set = [{ deviceFamily: 'IPHONE', minimumOsInclusive: version }, { deviceFamily: 'MAC' }];
  expect(await criteria(flightdeck, group)).toEqual(set);
  await expect(page.getByText(`iPhone on iOS ${version} or later; Mac on any macOS version.`)).toBeVisible();

  await page.getByRole('button', { name: 'Edit criteria' }).click();
  await dialog.getByRole('checkbox', { name: 'Mac' }).uncheck();
  await dialog.getByRole('button', { name: 'Save criteria' }).click();
  await expect(dialog).toBeHidden();
  expect(await criteria(flightdeck, group)).toEqual(set.slice(0, 1));
  await undo(page, 'Recruitment criteria changed');
  expect(await criteria(flightdeck, group)).toEqual(set);

  await page.getByRole('button', { name: 'Remove criteria' }).click();
  await expect(page.getByText('None: anybody who opens the link may join')).toBeVisible();
  expect(await criteria(flightdeck, group)).toBeUndefined();
  await undo(page, 'Recruitment criteria removed');
  expect(await criteria(flightdeck, group)).toEqual(set);
  const answer = await page.request.get('/api/activity?type=betaRecruitmentCriteria');
  const { data } = (await answer.json()) as { data: { action: string; status: string; label: string }[] };
  expect(data.map(({ action }) => action)).toEqual(['create', 'delete', 'update', 'update', 'create']);
  expect(data.every(({ status, label }) => status === 'succeeded' && label === group.attributes.name)).toBe(
    true,
  );
});

test('the link doctor names what ails a link and mends it', async ({ page, flightdeck }) => {
  const [group] = await openLinks(flightdeck);
  await open(page, group);
  await page.getByRole('switch', { name: 'Public link' }).click();
  await expect(doctor(page)).toContainText('The link is off');
  await doctor(page).getByRole('button', { name: 'Switch the link on' }).click();
  await expect(doctor(page)).not.toContainText('The link is off');
  expect((await now(flightdeck, group)).publicLinkEnabled).toBe(true);

  await page.getByRole('textbox', { name: 'Limit of testers' }).fill('1');
  await page.getByRole('button', { name: 'Set limit' }).click();
  await expect(doctor(page)).toContainText('The link is full');
  await doctor(page)
    .getByRole('button', { name: /^Raise the limit to/ })
    .click();
  await expect(doctor(page)).not.toContainText('The link is full');
  expect(Number((await now(flightdeck, group)).publicLinkLimit)).toBeGreaterThan(1);

  await page.getByRole('button', { name: 'Remove the limit' }).click();
  await expect(page.getByText('Limit removed')).toBeVisible();
  expect((await now(flightdeck, group)).publicLinkLimitEnabled).toBe(false);
});

test('figures are kept day by day, drawn with a table beside them, and set beside another link', async ({
  page,
  flightdeck,
}) => {
  const [group, other] = await openLinks(flightdeck);
  for (const { id } of [group, other]) {
    const answer = await page.request.get(`/api/programme/links/${id}`);
    keepDays(flightdeck, id, ((await answer.json()) as { data: { totals: Totals } }).data.totals);
  }
  await open(page, group, '&days=30');
  const table = page.getByRole('region', { name: 'Day by day, as a table' });
  await expect(table.getByRole('row')).toHaveCount(21);
  await expect(page.getByRole('img', { name: /^Views and joins on 20 days/ })).toBeVisible();
  await expect(page.getByRole('region', { name: 'How far people come, as a table' })).toContainText(
    'Opened the link',
  );
  await page.screenshot({ path: 'docs/images/public-link.png', fullPage: true });

  await page.getByLabel('Compare with another link').selectOption(other.id);
  await expect(page).toHaveURL(new RegExp(`vs=${other.id}`));
  await page.reload();
  const both = page.getByRole('region', { name: 'Accepted day by day, as a table' });
  await expect(both.getByRole('columnheader')).toHaveText([
    'Day',
    String(group.attributes.name),
    String(other.attributes.name),
  ]);
  expect(await axeFindings(page)).toEqual([]);
});

test('when App Store Connect cannot be asked the figures kept last are shown as such', async ({
  page,
  flightdeck,
}) => {
  const [group] = await openLinks(flightdeck);
  await open(page, group);
  await atSandbox(flightdeck).addFault({
    kind: 'status',
    method: 'GET',
    status: 404,
    route: '/v1/betaGroups/{id}/metrics/publicLinkUsages',
  });
  try {
    const answer = await page.request.get(
      `/api/v1/betaGroups/${group.id}/metrics/publicLinkUsages?refresh=1`,
    );
    expect(answer.status()).toBe(404);
    await page.request.patch(`/api/v1/betaGroups/${group.id}`, {
      headers: { origin: flightdeck.url },
      data: { data: { type: 'betaGroups', id: group.id, attributes: { feedbackEnabled: true } } },
    });
    await page.reload();
    await expect(page.getByText('These are the figures kept last.')).toBeVisible();
    await expect(page.getByRole('region', { name: 'How far people come, as a table' })).toContainText(
      'Opened the link',
    );
  } finally {
    await atSandbox(flightdeck).clearFaults();
  }
});

test('every reason of the doctor has the button that mends it: builds, from none to one in review', async ({
  page,
  flightdeck,
}) => {
  test.setTimeout(120_000);
  const sandbox = atSandbox(flightdeck);
  const [group] = await openLinks(flightdeck);
  const headers = { origin: flightdeck.url };
  const held = async () => (await sandbox.list(`builds?group=${group.id}`)).map(({ id }) => id);
  const all = (await held()).map((id) => ({ type: 'builds', id }));
  const path = `/api/v1/betaGroups/${group.id}/relationships/builds`;
  expect((await page.request.delete(path, { headers, data: { data: all } })).ok()).toBe(true);
  await open(page, group);
  await expect(doctor(page)).toContainText('The group has no build');
  await doctor(page).getByRole('button', { name: 'Add a build' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add builds' });
  await dialog
    .getByRole('listitem')
    .filter({ hasText: 'Testing' })
    .locator('input[type=checkbox]:enabled')
    .first()
    .check();
  await dialog.getByRole('button', { name: 'Add 1 build' }).click();
  await expect(dialog).toBeHidden();
  await expect(doctor(page)).not.toContainText('The group has no build');
  const [buildId = ''] = await held();

  const details = (await sandbox.list('buildBetaDetails')) as (Held & {
    relationships: { build?: string };
  })[];
  const detailId = details.find(({ relationships }) => relationships.build === buildId)?.id;
  const become = async (type: string, id: string | undefined, attributes: Record<string, unknown>) => {
    await sandbox.event({ kind: 'set', type, id, attributes });
    expect((await page.request.get(`/api/v1/builds/${buildId}?refresh=1`)).ok()).toBe(true);
    await page.reload();
  };
  const soon = new Date(Date.now() + 3 * DAY_MS - 60_000).toISOString();
  await become('builds', buildId, { expirationDate: soon });
  await expect(doctor(page)).toContainText('The last build expires in 3 days');
  await expect(doctor(page).getByRole('button', { name: 'Add a build' })).toBeVisible();

  await become('buildBetaDetails', detailId, { externalBuildState: 'READY_FOR_BETA_SUBMISSION' });
  await expect(doctor(page)).toContainText('can be submitted for beta app review');
  await sandbox.addFault({
    kind: 'status',
    method: 'POST',
    route: '/v1/betaAppReviewSubmissions',
    count: 1,
    status: 422,
    code: 'ENTITY_UNPROCESSABLE',
    detail: 'Beta App Description is missing.',
  });
  const submit = doctor(page).getByRole('button', { name: 'Submit for review' });
  await submit.click();
  await expect(doctor(page).getByRole('alert')).toContainText('Beta App Description is missing.');
  await sandbox.clearFaults();
  await submit.click();
  await expect(doctor(page)).toContainText('is with beta app review');
  const submissions = (await sandbox.list('betaAppReviewSubmissions')) as (Held & {
    relationships: { build?: string };
  })[];
  expect(
    submissions.find(({ relationships }) => relationships.build === buildId)?.attributes.betaReviewState,
  ).toBe('WAITING_FOR_REVIEW');
  await expect(doctor(page).getByRole('button', { name: 'Add a build' })).toBeVisible();
  const answer = await page.request.get('/api/activity?type=betaAppReviewSubmissions');
  const { data } = (await answer.json()) as { data: { status: string }[] };
  expect(data.map(({ status }) => status)).toEqual(['succeeded', 'failed']);

  const expire = { data: { type: 'builds', id: buildId, attributes: { expired: true } } };
  expect((await page.request.patch(`/api/v1/builds/${buildId}`, { headers, data: expire })).ok()).toBe(true);
  await page.reload();
  await expect(doctor(page)).toContainText('All builds have expired');
  await expect(doctor(page).getByRole('button', { name: 'Add a build' })).toBeVisible();
});

test('and criteria that fit no build, places that run out, and an app at its limit', async ({
  page,
  flightdeck,
}) => {
  const [first, second] = await openLinks(flightdeck);
  const group = (await atSandbox(flightdeck).list(`builds?group=${second.id}`)).length > 0 ? second : first;
  const headers = { origin: flightdeck.url };
  const old = (await atSandbox(flightdeck).list('betaRecruitmentCriteria')) as (Held & {
    relationships: { betaGroup?: string };
  })[];
  for (const { id } of old.filter(({ relationships }) => relationships.betaGroup === group.id)) {
    await page.request.delete(`/api/v1/betaRecruitmentCriteria/${id}`, { headers });
  }
  const attributes = { deviceFamilyOsVersionFilters: [{ deviceFamily: 'APPLE_TV' }] };
  const relationships = { betaGroup: { data: { type: 'betaGroups', id: group.id } } };
  const set = await page.request.post('/api/v1/betaRecruitmentCriteria', {
    headers,
    data: { data: { type: 'betaRecruitmentCriteria', attributes, relationships } },
  });
  expect(set.ok()).toBe(true);
  await open(page, group);
  await expect(doctor(page)).toContainText('The criteria fit no build');
  await doctor(page).getByRole('button', { name: 'Edit the criteria' }).click();
  const dialog = page.getByRole('dialog', { name: 'Recruitment criteria' });
  await dialog.getByRole('checkbox', { name: 'Apple TV' }).uncheck();
  for (const name of ['iPhone', 'Mac']) await dialog.getByRole('checkbox', { name }).check();
  await dialog.getByRole('button', { name: 'Save criteria' }).click();
  await expect(dialog).toBeHidden();
  await expect(doctor(page)).not.toContainText('The criteria fit no build');
  expect(await criteria(flightdeck, group)).toEqual([{ deviceFamily: 'IPHONE' }, { deviceFamily: 'MAC' }]);

  const report = await page.request.get(`/api/programme/links/${group.id}`);
  const { totals, used } = ((await report.json()) as { data: { totals: Totals; used: number } }).data;
  const db = new Sqlite(path.join(flightdeck.dataDir, 'flightdeck.db'));
  db.prepare('DELETE FROM linkDays WHERE groupId = ?').run(group.id);
  db.close();
  // Two a day, as far back as there were any.
  const steady = Math.min(20, Math.floor(totals.acceptedCount / 2));
  keepDays(flightdeck, group.id, totals, {
    days: steady,
    acceptedAgo: (ago) => totals.acceptedCount - 2 * ago,
  });
  await page.reload();
  await page.waitForLoadState('networkidle');
  await page.getByRole('textbox', { name: 'Limit of testers' }).fill(String(used + 20));
  await page.getByRole('button', { name: /^(Set|Change) limit$/ }).click();
  await expect(doctor(page)).toContainText('Full in 10 days');
  const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' }).format(
    Date.now() + 10 * DAY_MS,
  );
  await expect(doctor(page)).toContainText(`they run out on ${day}`);
  await doctor(page)
    .getByRole('button', { name: /^Raise the limit to/ })
    .click();
  await expect(doctor(page)).not.toContainText('Full in 10 days');
  expect(Number((await now(flightdeck, group)).publicLinkLimit)).toBeGreaterThan(used + 20);

  fillApp(flightdeck, group);
  await page.reload();
  await expect(doctor(page)).toContainText('The app has no place for another tester');
  await doctor(page).getByRole('link', { name: 'Prune testers' }).click();
  await expect(page).toHaveURL(/\/testers\/prune$/);
  await page.goto(`/apps/${group.appId}/testers`);
  await expect(page.getByText('The limit is reached: App Store Connect admits nobody more.')).toBeVisible();
});

/** Our copy of the app holds 10,000 external testers; Apple's has fewer, and the next sync mends it. */
function fillApp({ dataDir }: Running, { id, appId }: Held): void {
  const db = new Sqlite(path.join(dataDir, 'flightdeck.db'));
  db.prepare(
    `INSERT INTO betaGroupTesters (accountId, groupId, testerId, appId, fetchedAt)
     SELECT (SELECT id FROM "Account" LIMIT 1), ?, 'crowd-' || value, ?, 0
     FROM (WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 10000) SELECT value FROM n)`,
  ).run(id, appId);
  db.close();
}

interface Totals {
  readonly viewCount: number;
  readonly acceptedCount: number;
}

/** Three weeks of kept days that lead to today's figures, as the nightly sync leaves them. */
function keepDays(
  { dataDir }: Running,
  groupId: string,
  { viewCount, acceptedCount }: Totals,
  { days = 20, acceptedAgo = (ago: number) => acceptedCount - Math.ceil(ago / 2) } = {},
): void {
  const db = new Sqlite(path.join(dataDir, 'flightdeck.db'));
  const [account] = db.prepare('SELECT id FROM "Account"').all() as { id: string }[];
  const insert = db.prepare(
    `INSERT OR REPLACE INTO linkDays (accountId, groupId, day, viewCount, acceptedCount, didNotAcceptCount,
      didNotMeetCriteriaCount, notRelevantRatio, notClearRatio, notInterestingRatio)
     VALUES (?, ?, ?, ?, ?, 0, 0, 0.4, 0.35, 0.25)`,
  );
  for (let ago = days; ago >= 1; ago -= 1) {
    const day = new Date(Date.now() - ago * DAY_MS).toISOString().slice(0, 10);
    const wave = Math.round(3 * Math.sin(ago / 2));
    const accepted = Math.max(0, acceptedAgo(ago));
    insert.run(account?.id ?? '', groupId, day, Math.max(0, viewCount - ago * 7 - wave), accepted);
  }
  db.close();
}
