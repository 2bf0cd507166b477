import { sandboxAt } from './sandbox';
import { expect, test } from './setup/test';

test('an app that two accounts have is shown as one of them has it, on every page one walks to', async ({
  page,
  flightdeck,
}) => {
  test.setTimeout(180_000);
  const { url, sandbox } = flightdeck;
  const key = await sandboxAt(sandbox.baseUrl).makeKey({ kind: 'individual', roles: ['ADMIN'] });
  const headers = { origin: url };
  const { keyId, privateKey } = key;
  const added = await page.request.post('/api/accounts', {
    headers,
    data: { name: 'Studio', kind: 'individual', issuerId: null, keyId, privateKey, anyway: true },
  });
  expect(added.status(), await added.text()).toBeLessThan(300);
  const studio = ((await added.json()) as { data: { id: string } }).data.id;
  const apps = async () =>
    (await (await page.request.get(`/api/v1/apps?account=${studio}&sort=name`)).json()) as {
      data: { id: string; attributes: { name: string } }[];
    };
  const groups = async () =>
    (
      (await (await page.request.get(`/api/v1/betaGroups?account=${studio}&limit=1`)).json()) as {
        meta: { total: number };
      }
    ).meta.total;
  await expect.poll(async () => (await apps()).data.length, { timeout: 90_000 }).toBeGreaterThan(0);
  await expect.poll(groups, { timeout: 90_000 }).toBeGreaterThan(0);
  const [app] = (await apps()).data;
  if (!app) throw new Error('The second account has an app.');

  // The address that names no account leads to the older one, and says so.
  await page.goto(`/apps/${app.id}/groups`);
  await expect(page).toHaveURL(new RegExp(`/apps/${app.id}~(?!${studio})[^/]+/groups`));
  await expect(page.getByText('Two accounts have this app.')).toBeVisible();
  const named: string[] = [];
  page.on('request', (sent) => {
    const account = sent.headers()['flightdeck-account'];
    if (account) named.push(account);
  });
  await page.getByRole('link', { name: 'See it in Studio' }).click();
  const home = `/apps/${app.id}~${studio}`;
  await expect(page).toHaveURL(new RegExp(`${home}/groups`));
  await expect(page.getByText('You see it as Studio has it.')).toBeVisible();
  named.length = 0;

  const main = page.getByRole('navigation', { name: 'Main' });
  for (const [name, section] of [
    ['Testers', '/testers'],
    ['Builds', '/builds'],
    ['Groups', '/groups'],
  ] as const) {
    await main.getByRole('link', { name, exact: true }).click();
    await expect(page).toHaveURL(new RegExp(`${home}${section}`));
    await expect(page.getByText('You see it as Studio has it.')).toBeVisible();
  }
  await page.locator('tr[data-row]').first().getByRole('link').first().click();
  await expect(page).toHaveURL(new RegExp(`${home}/groups/[^/]+`));
  await expect(page.getByText('You see it as Studio has it.')).toBeVisible();
  await expect.poll(() => named.length).toBeGreaterThan(0);
  expect([...new Set(named)]).toEqual([studio]);

  // Without the second key the app has its plain address again, and an address of the other leads there.
  const removed = await page.request.delete(`/api/accounts/${studio}`, {
    headers,
    data: { confirm: 'Studio' },
  });
  expect(removed.status()).toBe(200);
  await page.goto(`${home}/groups`);
  await expect(page).toHaveURL(new RegExp(`/apps/${app.id}/groups`));
  await expect(page.locator('tr[data-row]').first().getByRole('link').first()).toBeVisible();
  await expect(page.getByText('Two accounts have this app.')).toHaveCount(0);
});
