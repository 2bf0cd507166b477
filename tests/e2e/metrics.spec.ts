import { readFile } from 'node:fs/promises';
import { expectWellMade } from './axe';
import { sandboxAt } from './sandbox';
import { inDatabase } from './setup/database';
import { expect, test } from './setup/test';

const DAY_MS = 86_400_000;
const dayBefore = (day: string, days: number) =>
  new Date(Date.parse(day) - days * DAY_MS).toISOString().slice(0, 10);

test('figures of a day come with its second reading, as tile, chart, table and file, and the address keeps them', async ({
  page,
  flightdeck,
}) => {
  const [app] = await sandboxAt(flightdeck.sandbox.baseUrl).list('apps');
  const appId = app?.id ?? '';
  await page.goto('/');
  await page.keyboard.press('g');
  await page.keyboard.press('k');
  await expect(page.getByRole('heading', { level: 1, name: 'All metrics' })).toBeVisible();
  // The worker reads builds once it has synced.
  const readings = () =>
    inDatabase(flightdeck, (ask) =>
      ask<{ day: string; sessions: number }>(
        'SELECT day, sum(sessionCount) AS sessions FROM buildDays WHERE appId = ? GROUP BY day',
        appId,
      ),
    );
  await expect.poll(async () => (await readings()).length, { timeout: 30_000 }).toBe(1);
  const [{ day = '', sessions = 0 } = {}] = await readings();
  await page.goto(`/apps/${appId}/metrics`);
  await expect(page.getByText('A day’s figure needs two readings')).toBeVisible();
  await expect(page.getByRole('button', { name: /^Sessions – No figures yet/ })).toBeVisible();

  // Each build counted two sessions less the day before, and one crash less; the day before that was missed.
  await inDatabase(flightdeck, async (ask) => {
    for (const [ago, less] of [
      [1, 2],
      [3, 5],
    ] as const)
      await ask(
        `INSERT INTO buildDays (accountId, appId, buildId, day, inviteCount, installCount, sessionCount, crashCount, feedbackCount, readAt)
         SELECT accountId, appId, buildId, CAST(? AS TEXT), inviteCount, installCount, sessionCount - ${less}, crashCount - ${ago}, feedbackCount, readAt
         FROM buildDays WHERE appId = ? AND day = ?`,
        dayBefore(day, ago),
        appId,
        day,
      );
  });
  const builds = await inDatabase(flightdeck, (ask) =>
    ask<{ n: number | string }>(
      'SELECT count(*) AS n FROM buildDays WHERE appId = ? AND day = ?',
      appId,
      day,
    ),
  );
  const count = Number(builds[0]?.n);
  expect([count > 0, Number(sessions) > 5 * count]).toEqual([true, true]);
  await page.reload();
  const tile = page.getByRole('button', { name: /^Sessions/ });
  await expect(tile).toContainText(`${5 * count}`);
  await expect(tile).toContainText('3 of 30 days');
  const table = page.getByRole('region', { name: /^Sessions, .*as a table$/ });
  await expect(table.getByRole('row').nth(1)).toContainText(String(2 * count));
  await expect(table.getByRole('row').nth(2)).toContainText(`${3 * count} in all since`);
  await expect(page.getByRole('img', { name: /^Sessions on 30 days/ })).toBeVisible();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Sessions as CSV' }).click(),
  ]);
  expect(await readFile(await download.path(), 'utf8')).toContain(`\r\n${day},${2 * count},`);

  await page.getByRole('button', { name: /^Crash-free sessions/ }).click();
  await expect(page).toHaveURL(/figure=crashFree/);
  await page.getByRole('button', { name: 'From … to' }).click();
  await page.getByLabel('From', { exact: true }).fill(dayBefore(day, 1));
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`from=${dayBefore(day, 1)}`));
  await page.reload();
  await expect(page.getByRole('button', { name: /^Crash-free sessions/ })).toContainText(
    `1 − ${count} crash`,
  );
  await expect(page.getByRole('heading', { name: 'Retention' })).toBeVisible();
  await expectWellMade(page, 'metrics', ({ scheme, width }) =>
    page.screenshot({ path: `test-results/metrics/page-${scheme}-${width}.png`, fullPage: true }),
  );
});
