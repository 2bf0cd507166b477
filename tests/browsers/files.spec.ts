import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { sandboxAt } from '../e2e/sandbox';
import { inDatabase } from '../e2e/setup/database';
import { expect, test } from './setup/test';
import { the, type Visit } from './setup/visit';

/** The one file that arrives when something is pressed, by its name and what is in it. */
async function arriving(visit: Visit, press: () => Promise<void>) {
  const whole = async () =>
    (await readdir(visit.downloads)).filter((name) => !/\.(part|wkdownload)$/.test(name));
  await press();
  await expect.poll(async () => (await whole()).length, { timeout: 30_000 }).toBe(1);
  const [name = ''] = await whole();
  const file = path.join(visit.downloads, name);
  await expect.poll(async () => (await readFile(file)).length).toBeGreaterThan(0);
  const text = await readFile(file, 'utf8');
  await rm(file);
  return { name, text };
}

test('figures are drawn, stand in a table beside, and come as a file with the same rows', async ({
  visit,
  flightdeck,
}) => {
  const [app] = await sandboxAt(flightdeck.sandbox.baseUrl).list('apps');
  const appId = app?.id ?? '';
  // A figure of a day takes two readings, and the worker has made one: the days before differ in this alone.
  const dayOf = () =>
    inDatabase(flightdeck, (ask) =>
      ask<{ day: string }>(
        'SELECT day FROM buildDays WHERE appId = ? AND sessionCount > 9 ORDER BY day DESC LIMIT 1',
        appId,
      ),
    );
  await expect.poll(async () => (await dayOf()).length, { timeout: 120_000 }).toBe(1);
  const [{ day = '' } = {}] = await dayOf();
  const before = (days: number) => new Date(Date.parse(day) - days * 86_400_000).toISOString().slice(0, 10);
  await inDatabase(flightdeck, async (ask) => {
    for (const days of [1, 2, 3])
      await ask(
        `INSERT OR IGNORE INTO buildDays (accountId, appId, buildId, day, inviteCount, installCount, sessionCount, crashCount, feedbackCount, readAt)
         SELECT accountId, appId, buildId, CAST(? AS TEXT), inviteCount, installCount, sessionCount - CASE WHEN sessionCount > 9 THEN ${days * days} ELSE 0 END, crashCount, feedbackCount, readAt
         FROM buildDays WHERE appId = ? AND day = ?`,
        before(days),
        appId,
        day,
      );
  });
  await visit.open(`/apps/${appId}/metrics`);
  await visit.sees(the('img', /^Sessions on /));
  const drawn = () =>
    visit.run(() => {
      const line = document.querySelector(
        '[role=img] svg .recharts-line-curve, [role=img] svg .recharts-bar-rectangle path',
      );
      return line?.getBoundingClientRect().height ?? 0;
    });
  await expect.poll(drawn).toBeGreaterThan(10);
  const rows = await visit.all(the('row', undefined, { within: the('region', /^Sessions, .*as a table$/) }));
  const { name, text } = await arriving(visit, () => visit.click(the('link', 'Sessions as CSV')));
  expect(name).toMatch(/\.csv$/);
  const lines = text.trim().split('\r\n');
  for (const date of [day, before(1), before(2)])
    expect(lines.filter((line) => line.startsWith(date))).toHaveLength(1);
  expect(rows.length).toBeGreaterThan(3);
});

test('all groups come as a file, and so does the log of a crash', async ({ visit, flightdeck }) => {
  const groups = await sandboxAt(flightdeck.sandbox.baseUrl).list('betaGroups');
  await visit.open('/groups');
  const file = await arriving(visit, async () => {
    await visit.click(the('button', /^Export/));
    await visit.click(the('menuitem', /CSV/));
  });
  expect(file.name).toMatch(/\.csv$/);
  expect(file.text.trim().split('\r\n')).toHaveLength(groups.length + 1);

  await visit.open('/feedback?view=all&kind=crash&hasLog=yes');
  await visit.sees(the('link', undefined, { within: the('table') }));
  await visit.press('j', 'Enter');
  await visit.sees(the('heading', 'Where it happened'));
  const log = await arriving(visit, () => visit.click(the('link', 'Download the log')));
  expect(log.text).toMatch(/Incident Identifier|incident_id/);
});
