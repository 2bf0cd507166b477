import type { Page } from '@playwright/test';
import { complaintsOf, expectWellMade } from './axe';
import { pressUntil } from './keys';
import { sandboxAt } from './sandbox';
import { expect, test } from './setup/test';

test.use({ instance: 'feedback' });

const status = (page: Page) =>
  page.getByRole('complementary', { name: 'Triage' }).getByLabel('Status', { exact: true });

/** An app with crashes, all taken in and read. */
async function appWithCrashes(page: Page, baseUrl: string): Promise<string> {
  const crashes = await sandboxAt(baseUrl).list('betaFeedbackCrashSubmissions');
  const counts = new Map<string, number>();
  for (const { appId } of crashes) if (appId) counts.set(appId, (counts.get(appId) ?? 0) + 1);
  const [appId = ''] = [...counts].sort(([, one], [, other]) => other - one)[0] ?? [];
  await expect
    .poll(
      async () =>
        (await (await page.request.get(`/api/issues?filter[app]=${appId}`)).json()).meta?.paging?.total ?? 0,
      {
        timeout: 60_000,
      },
    )
    .toBeGreaterThan(0);
  return appId;
}

/** Pages whose picture stands in the documentation. */
const PICTURES = new Map([
  ['feedback', 'feedback-inbox'],
  ['issue', 'crash-issue'],
  ['screenshot', 'screenshot-report'],
]);

test('a crash goes from the inbox to resolved in a build by keyboard alone, and back', async ({
  page,
  flightdeck,
}) => {
  const appId = await appWithCrashes(page, flightdeck.sandbox.baseUrl);
  await page.goto(`/apps/${appId}/issues`);
  await expect(page.getByRole('grid').or(page.getByRole('table')).first()).toBeVisible();
  // j goes to the first row, Enter opens it.
  await expect(async () => {
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/\/issues\/[^/?]+/, { timeout: 2_000 });
  }).toPass();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'The newest log' })).toBeVisible();
  await pressUntil(page, 't', () => expect(status(page)).toHaveValue('triaged', { timeout: 2_000 }));
  await page.keyboard.press('r');
  const resolve = page.getByRole('dialog', { name: 'Resolve this crash issue' });
  await expect(resolve.getByRole('searchbox')).toBeFocused();
  await expect(resolve.getByRole('button', { name: /\(.+\)/ }).first()).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(status(page)).toHaveValue('resolved');
  await page.reload();
  await expect(page.getByText(/^Resolved in .+\(.+\)$/).first()).toBeVisible();
  await page.goto('/activity');
  await expect(
    page
      .getByRole('listitem')
      .filter({ hasText: /resolved/i })
      .first(),
  ).toBeVisible();
});

test('a report shows what was said, what crashed and where, and opens at its neighbours by j and k', async ({
  page,
  flightdeck,
}) => {
  const appId = await appWithCrashes(page, flightdeck.sandbox.baseUrl);
  await page.goto(`/apps/${appId}/feedback?view=all&kind=crash&hasLog=yes`);
  const first = page
    .getByRole('link')
    .filter({ has: page.locator('bdi') })
    .and(page.locator('[href*="/feedback/"]'))
    .first();
  await first.click();
  await expect(page.getByRole('heading', { name: 'Crash', exact: true })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Where it happened' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Download the log' })).toBeVisible();
  const address = page.url();
  await pressUntil(page, 'j', () => expect(page).not.toHaveURL(address, { timeout: 2_000 }));
});

test('feedback’s pages: one heading, nothing refused, and no finding of axe in light and dark', async ({
  page,
  flightdeck,
}) => {
  test.setTimeout(600_000);
  const complaints = complaintsOf(page);
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  const appId = await appWithCrashes(page, flightdeck.sandbox.baseUrl);
  // What is asked for by its log is there once the log is.
  const idOf = async (path: string): Promise<string> => {
    const first = async () => (await (await page.request.get(path)).json()).data?.[0]?.id ?? '';
    await expect.poll(first, { timeout: 60_000 }).not.toBe('');
    return first();
  };
  // In the tab “All” whatever was decided before is listed too, with its neighbours.
  const places: [string, string][] = [
    ['feedback', `/apps/${appId}/feedback?view=all`],
    ['issues', `/apps/${appId}/issues?view=all`],
    ['all-feedback', '/feedback'],
    ['all-issues', '/issues'],
    [
      'crash',
      `/feedback/${await idOf(`/api/feedback?filter[app]=${appId}&filter[kind]=crash&filter[hasLog]=yes`)}?view=all`,
    ],
    [
      'screenshot',
      `/feedback/${await idOf(`/api/feedback?filter[app]=${appId}&filter[kind]=screenshot`)}?view=all`,
    ],
    [
      'issue',
      `/issues/${await idOf(`/api/issues?filter[app]=${appId}&filter[view]=all&sort=-reportCount`)}?view=all`,
    ],
    ['tokens', '/settings/tokens'],
    ['archive', '/settings/archive'],
  ];
  for (const [name, path] of places) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
    await page.waitForLoadState('networkidle');
    const picture = PICTURES.get(name);
    if (picture) await page.screenshot({ path: `docs/images/${picture}.png`, animations: 'disabled' });
    await expectWellMade(page, name, ({ scheme, width }) =>
      page.screenshot({ path: `test-results/feedback/${name}-${scheme}-${width}.png` }),
    );
  }
  expect(complaints).toEqual([]);
});
