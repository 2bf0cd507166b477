import { readFileSync } from 'node:fs';
import { expectWellMade } from './axe';
import { readyForReview } from './ready-for-review';
import { sandboxAt } from './sandbox';
import type { Running } from './setup/flightdeck';
import { childrenOf } from './setup/processes';
import { expect, test } from './setup/test';
import { uploaded } from './uploads';

// Its processes are killed.
test.use({ instance: 'ship' });

/** The web process and the worker, also those that took the place of killed ones. */
function processesOf({ processes }: Running): number[] {
  const stat = readFileSync(`/proc/${processes.sandbox}/stat`, 'utf8');
  const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  return childrenOf(parent).filter((pid) => pid !== processes.sandbox);
}

/** Kills both processes once a request has arrived at the sandbox, before its answer. */
async function killAt(
  flightdeck: Running,
  arrive: { method: string; route: string },
): Promise<() => Promise<void>> {
  const sandbox = sandboxAt(flightdeck.sandbox.baseUrl);
  await sandbox.addFault({ kind: 'slow', ms: 2_000, count: 1, ...arrive });
  return async () => {
    const hits = async () => (await sandbox.faults()).find(({ route }) => route === arrive.route)?.hits;
    await expect.poll(hits, { timeout: 60_000, intervals: [50] }).toBe(1);
    const both = processesOf(flightdeck);
    expect(both).toHaveLength(2);
    for (const pid of both) process.kill(pid, 'SIGKILL');
    const isUp = () =>
      fetch(`${flightdeck.url}/api/health/live`).then(
        ({ ok }) => ok,
        () => false,
      );
    await expect.poll(isUp, { timeout: 60_000 }).toBe(true);
  };
}

test('a build goes from its upload to notified testers by one action, both processes killed twice', async ({
  page,
  flightdeck,
}) => {
  test.setTimeout(240_000);
  const sandbox = sandboxAt(flightdeck.sandbox.baseUrl);
  const appId = (await sandbox.list('apps'))[0]?.id ?? '';
  await readyForReview(flightdeck, appId);
  const group = (await sandbox.list(`betaGroups?app=${appId}`)).find(
    ({ attributes }) => attributes.isInternalGroup === false,
  );
  const id = await uploaded(page, flightdeck, appId, { usesNonExemptEncryption: null });
  await sandbox.clearMails();
  const { count: since } = await sandbox.changes();

  await page.goto(`/apps/${appId}/builds/${id}`);
  const checklist = page
    .getByRole('region', { name: 'Ready for external testers' })
    .or(page.locator('section').filter({ hasText: 'Ready for external testers' }));
  await expect(checklist.first()).toContainText('Export compliance answered');
  await page.getByRole('button', { name: 'Ship', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: /^Ship / });
  await dialog.getByRole('searchbox').fill(String(group?.attributes.name));
  await dialog
    .getByRole('checkbox', { name: String(group?.attributes.name) })
    .first()
    .check();
  await dialog.getByRole('textbox', { name: /^What to Test/ }).fill('Try the map.');
  await dialog.getByRole('radio', { name: /uses no encryption/ }).check();
  await dialog.getByRole('radio', { name: /^At a time/ }).check();
  await dialog.getByLabel('Day and time').fill('2020-01-01T09:00');
  for (const [scheme, width] of [
    ['light', 1440],
    ['dark', 390],
  ] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width, height: 900 });
    await page.screenshot({ path: `test-results/ship/form-${scheme}-${width}.png` });
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1440, height: 900 });
  await dialog.getByRole('button', { name: 'Show the plan' }).click();
  await expect(dialog).toContainText(/App Store Connect mails \d+ testers? of/);
  await page.screenshot({ path: 'docs/images/ship-plan.png', animations: 'disabled' });

  const killAtGroup = await killAt(flightdeck, {
    method: 'POST',
    route: '/v1/betaGroups/{id}/relationships/builds',
  });
  await dialog.getByRole('button', { name: 'Ship', exact: true }).click();
  await expect(page).toHaveURL(/\/jobs\//);
  await expect(page.getByRole('list', { name: 'Steps' })).toContainText('is processing the build', {
    timeout: 15_000,
  });
  await sandbox.event({ kind: 'finish-processing', buildId: id });
  const answered = async () => (await sandbox.get('builds', id)).attributes.usesNonExemptEncryption;
  await expect.poll(answered, { timeout: 30_000 }).toBe(false);
  await sandbox.event({ kind: 'finish-processing', buildId: id });
  await killAtGroup();

  const killAtNotice = await killAt(flightdeck, { method: 'POST', route: '/v1/buildBetaNotifications' });
  const submitted = async () =>
    (await sandbox.list(`betaAppReviewSubmissions?app=${appId}`)).filter(
      ({ attributes: own }) => own.betaReviewState === 'WAITING_FOR_REVIEW',
    ).length;
  await expect.poll(submitted, { timeout: 60_000 }).toBe(1);
  await sandbox.event({ kind: 'review', buildId: id, decision: 'APPROVED' });
  await killAtNotice();

  await expect
    .poll(
      async () => {
        await page.reload().catch(() => undefined);
        return page.getByRole('main').getByText('Done', { exact: true }).first().isVisible();
      },
      { timeout: 60_000, intervals: [1_000] },
    )
    .toBe(true);
  await expectWellMade(page, 'a build that was shipped', ({ scheme, width }) =>
    page.screenshot({ path: `test-results/ship/job-${scheme}-${width}.png`, fullPage: true }),
  );
  await page.screenshot({ path: 'docs/images/ship-job.png', animations: 'disabled' });
  const { changes } = await sandbox.changes(since);
  expect(changes.map(({ method, template }) => `${method} ${template}`)).toEqual([
    'PATCH /v1/buildBetaDetails/{id}',
    'PATCH /v1/builds/{id}',
    'POST /v1/betaBuildLocalizations',
    'POST /v1/betaGroups/{id}/relationships/builds',
    'POST /v1/betaAppReviewSubmissions',
    'POST /v1/buildBetaNotifications',
  ]);
  const mails = await sandbox.mails();
  expect(mails.length).toBeGreaterThan(0);
  expect(new Set(mails.map(({ address }) => address)).size).toBe(mails.length);
  await page.goto('/activity');
  await expect(
    page
      .getByRole('main')
      .getByText(/shipped build/)
      .first(),
  ).toBeVisible();
});
