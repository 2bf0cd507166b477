import { type APIRequestContext, type Page, request } from '@playwright/test';
import { pressUntil } from './keys';
import { sandboxAt } from './sandbox';
import { expect, test } from './setup/test';

test.use({ instance: 'feedback-live' });

interface Listed {
  readonly id: string;
  readonly meta: { readonly appId: string; readonly platform?: string };
}

const dataOf = async <Data>(api: APIRequestContext, path: string): Promise<Data> =>
  (await (await api.get(path)).json()).data as Data;

/** The crash issue with the most reports whose newest log is here, and that log. */
async function anIssue(page: Page) {
  const first = async () =>
    (await dataOf<readonly Listed[]>(page.request, '/api/issues?filter[view]=all&sort=-reportCount'))[0];
  await expect.poll(async () => (await first())?.id ?? '', { timeout: 60_000 }).not.toBe('');
  const issue = (await first()) as Listed;
  const { example } = await dataOf<{ example: { feedbackId: string } }>(
    page.request,
    `/api/issues/${issue.id}`,
  );
  const log = await page.request.get(`/api/feedback/${example.feedbackId}/log?as=text`);
  return { id: issue.id, appId: issue.meta.appId, logText: await log.text() };
}

/** Mia, who works on feedback too, signed in. */
async function colleague(page: Page, url: string) {
  const email = 'mia@example.com';
  const invited = await page.request.post('/api/team', {
    headers: { origin: url },
    data: { email, name: 'Mia', role: 'triager' },
  });
  const { temporaryPassword } = (await invited.json()).meta as { temporaryPassword: string };
  const api = await request.newContext({ baseURL: url, extraHTTPHeaders: { origin: url } });
  const { csrfToken } = (await (await api.get('/api/auth/csrf')).json()) as { csrfToken: string };
  const form = { csrfToken, email, password: temporaryPassword, json: 'true', callbackUrl: url };
  expect((await api.post('/api/auth/callback/credentials', { form })).ok()).toBe(true);
  const data = { currentPassword: temporaryPassword, newPassword: 'three calm otters rowing' };
  expect((await api.patch('/api/me', { data })).ok()).toBe(true);
  const state = await api.storageState();
  await api.dispose();
  return state;
}

const status = (page: Page) =>
  page.getByRole('complementary', { name: 'Triage' }).getByLabel('Status', { exact: true });

test('a crash is resolved in a build by keyboard alone; an old build never opens it again, a newer one does', async ({
  page,
  flightdeck,
}) => {
  test.setTimeout(360_000);
  const { id, appId, logText } = await anIssue(page);
  const sandbox = sandboxAt(flightdeck.sandbox.baseUrl);
  const builds = (await sandbox.list('builds')).filter((build) => build.appId === appId);
  const issueOf = () =>
    dataOf<{ figures: { reportCount: number }; issue: { meta: { issue: { status: string } } } }>(
      page.request,
      `/api/issues/${id}`,
    );
  const before = (await issueOf()).figures.reportCount;

  await page.goto(`/issues/${id}`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page).toHaveTitle(/ · Flightdeck$/);
  await pressUntil(page, 'r', () => expect(page.getByRole('dialog')).toBeVisible({ timeout: 2_000 }));
  await expect(
    page
      .getByRole('dialog')
      .getByRole('button', { name: /\(.+\)/ })
      .first(),
  ).toBeVisible();
  await expect(page.getByRole('dialog').getByRole('searchbox')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(status(page)).toHaveValue('resolved');

  const seenIn = (buildId: string) =>
    sandbox.event({ kind: 'feedback', type: 'crash', appId, buildId, logText });
  // Each may be asked for once a minute: first what the app's feedback shows, then everything.
  const synced = (data: object) =>
    expect
      .poll(
        async () =>
          (await page.request.post('/api/sync', { headers: { origin: flightdeck.url }, data })).status(),
        { timeout: 120_000, intervals: [1_000, 5_000] },
      )
      .toBeLessThan(300);
  const resolved = builds[0];
  await seenIn(resolved?.id ?? '');
  await synced({ view: { of: 'feedback', app: appId } });
  await expect.poll(async () => (await issueOf()).figures.reportCount, { timeout: 60_000 }).toBe(before + 1);
  expect((await issueOf()).issue.meta.issue.status).toBe('resolved');

  const newer = (await sandbox.event({ kind: 'upload', appId })) as { id: string };
  await sandbox.event({ kind: 'finish-processing', buildId: newer.id });
  await seenIn(newer.id);
  await synced({ mode: 'incremental' });
  // The open page learns of it by itself.
  await expect(page.getByText('Regressed').first()).toBeVisible({ timeout: 60_000 });
});

test('two people see each other on an issue, and what the other one decides', async ({
  page,
  browser,
  flightdeck,
}) => {
  test.setTimeout(120_000);
  const { id } = await anIssue(page);
  await page.goto(`/issues/${id}`);
  await expect(status(page)).toBeVisible();

  const context = await browser.newContext({
    storageState: await colleague(page, flightdeck.url),
    baseURL: flightdeck.url,
  });
  const hers = await context.newPage();
  await hers.goto(`/issues/${id}`);
  await expect(page.getByText('Mia is looking at this')).toBeVisible({ timeout: 15_000 });
  await pressUntil(hers, 'i', () => expect(status(hers)).toHaveValue('inProgress', { timeout: 2_000 }));
  await expect(status(page)).toHaveValue('inProgress', { timeout: 10_000 });
  await context.close();
  await expect(page.getByText('Mia is looking at this')).toBeHidden({ timeout: 40_000 });

  // Not only feedback: an open list follows what somebody else changes, wherever they do it.
  const group = (
    await dataOf<readonly { id: string; attributes: { name: string } }[]>(page.request, '/api/v1/betaGroups')
  )[0];
  await page.goto('/groups');
  await expect(page.getByText(group?.attributes.name ?? '', { exact: true }).first()).toBeVisible();
  const renamed = await page.request.patch(`/api/v1/betaGroups/${group?.id}`, {
    headers: { origin: flightdeck.url },
    data: { data: { type: 'betaGroups', id: group?.id, attributes: { name: 'Named elsewhere' } } },
  });
  expect(renamed.ok()).toBe(true);
  await expect(page.getByText('Named elsewhere', { exact: true }).first()).toBeVisible({ timeout: 5_000 });
});
