import type { Page } from '@playwright/test';
import { expectAccessible, peopleAt, viewerPage } from './people';
import { inDatabase } from './setup/database';
import type { Running } from './setup/flightdeck';
import { expect, test } from './setup/test';

/** Makes what is here ten minutes old, as if nobody had looked since. */
const age = (running: Running) =>
  inDatabase(running, async (ask) => {
    const at = Date.now() - 10 * 60_000;
    for (const table of ['betaTesters', 'betaGroups', 'betaGroupTesters', 'builds'])
      await ask(`UPDATE ${table} SET fetchedAt = ?`, at);
    await ask('UPDATE syncScopes SET completedAt = ?', at);
  });

const stateHere = async (page: Page, id: string) =>
  (
    (await (await page.request.get(`/api/v1/betaTesters/${id}`)).json()) as {
      data: { attributes: { state: string } };
    }
  ).data.attributes.state;

/** How often Apple was asked for this one tester. */
async function askedFor({ sandbox }: Running, id: string): Promise<number> {
  const answer = await fetch(`${sandbox.baseUrl}/sandbox/requests`);
  const { requests } = (await answer.json()) as { requests: { url: string }[] };
  return requests.filter(({ url }) => url.includes(id)).length;
}

test('a tester who changed at Apple is shown as they are, without a reload, in history and list too', async ({
  page,
  flightdeck,
}) => {
  const people = peopleAt(flightdeck.sandbox.baseUrl);
  const { appId } = await people.place();
  const someone = (await people.testers(appId)).find(({ state }) => state === 'INSTALLED');
  if (!someone) throw new Error('Somebody has installed the app.');
  await age(flightdeck);
  await people.event({ kind: 'set', type: 'betaTesters', id: someone.id, attributes: { state: 'REVOKED' } });
  expect(await stateHere(page, someone.id)).toBe('INSTALLED');
  await page.goto(`/apps/${appId}/testers/${someone.id}`);
  const header = page.getByRole('banner').or(page.locator('main header')).last();
  await expect(header).toContainText('Revoked');
  await expect(header).toContainText(/As of (now|just now|.*second)/i);
  await expect(
    page.locator('section').filter({ has: page.getByRole('heading', { name: 'History' }) }),
  ).toContainText('Revoked');
  await expectAccessible(page);
  await page.goto(`/apps/${appId}/testers?q=${someone.id}`);
  await expect(page.getByRole('row').nth(1)).toContainText('Revoked');
});

test('who was deleted at Apple leaves the page with a word and a way on', async ({ page, flightdeck }) => {
  const people = peopleAt(flightdeck.sandbox.baseUrl);
  const { appId } = await people.place();
  const [someone] = (await people.testers(appId)).filter(({ state }) => state === 'INSTALLED');
  await age(flightdeck);
  await people.event({ kind: 'remove', type: 'betaTesters', id: someone?.id });
  await page.goto(`/apps/${appId}/testers/${someone?.id}`);
  await expect(page.getByRole('heading', { name: 'No longer there' })).toBeVisible();
  await page.getByRole('link', { name: 'Go to the testers' }).click();
  await expect(page).toHaveURL(new RegExp(`/apps/${appId}/testers`));
});

test('the bar and the list tell one age, and “Sync now” reads what the page shows', async ({
  page,
  flightdeck,
}) => {
  const people = peopleAt(flightdeck.sandbox.baseUrl);
  const { appId, appName } = await people.place();
  const someone = (await people.testers(appId)).find(({ state }) => state === 'INSTALLED');
  await age(flightdeck);
  await page.goto(`/apps/${appId}/testers`);
  const bar = page.locator('header').first();
  await expect(bar).toContainText(/As of 1\d minutes ago/);
  await expect(page.getByRole('status').filter({ hasText: /As of 1\d minutes ago/ })).toBeVisible();
  await people.event({ kind: 'set', type: 'betaTesters', id: someone?.id, attributes: { state: 'REVOKED' } });
  // Slow enough to be seen under way.
  await people.addFault({ kind: 'slow', ms: 2_000, route: '/v1/betaTesters', count: 1 });
  await page.getByRole('button', { name: `Read the testers of ${appName} again` }).click();
  await expect(
    page.getByRole('status').filter({ hasText: `Reading the testers of ${appName} …` }),
  ).toBeVisible();
  await expect(page.getByRole('status').filter({ hasText: /As of/ })).not.toContainText(/minutes/);
  await expect(bar).not.toContainText(/minutes/);
  expect(await stateHere(page, someone?.id ?? '')).toBe('REVOKED');
});

test('a viewer’s page asks nothing of Apple and tells the age', async ({ page, browser, flightdeck }) => {
  const people = peopleAt(flightdeck.sandbox.baseUrl);
  const { appId } = await people.place();
  const [someone] = await people.testers(appId);
  const id = someone?.id ?? '';
  const viewer = await viewerPage(page, browser, flightdeck.url, 'viewer@example.com');
  await age(flightdeck);
  const before = await askedFor(flightdeck, id);
  await viewer.goto(`/apps/${appId}/testers/${id}`);
  await expect(viewer.getByText(/As of 1\d minutes ago/).first()).toBeVisible();
  await expect(viewer.getByRole('button', { name: /^Read this tester again/ })).toHaveCount(0);
  // The answer to the page before may come just then, and goes with it.
  const outcomes: string[] = [];
  viewer.on('response', async (answer) => {
    if (!answer.url().endsWith('/api/freshness') || answer.request().method() !== 'POST') return;
    const told = (await answer.json().catch(() => null)) as { data: { outcome: string } } | null;
    if (told) outcomes.push(told.data.outcome);
  });
  await viewer.reload();
  await expect.poll(() => outcomes.length).toBeGreaterThan(0);
  expect(new Set(outcomes)).toEqual(new Set(['notAsked']));
  expect(await askedFor(flightdeck, id)).toBe(before);
  await viewer.context().close();
});
