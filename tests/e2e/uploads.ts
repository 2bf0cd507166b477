import { expect, type Page } from '@playwright/test';
import { sandboxAt } from './sandbox';
import { inDatabase } from './setup/database';
import type { Running } from './setup/flightdeck';

/** A build that was uploaded this moment and that Flightdeck has heard of; it is still being processed. */
export async function uploaded(
  page: Page,
  flightdeck: Running,
  appId: string,
  attributes: Readonly<Record<string, unknown>>,
): Promise<string> {
  const sandbox = sandboxAt(flightdeck.sandbox.baseUrl);
  const { id } = (await sandbox.event({ kind: 'upload', appId, attributes })) as { id: string };
  await seen(page, flightdeck, appId, [id]);
  return id;
}

/** Asks for what a page shows to be read anew. */
export async function readAgain(
  page: Page,
  flightdeck: Running,
  view: { readonly of: string; readonly app: string },
): Promise<void> {
  // A person may ask for it once a minute; another test has done so a moment ago.
  await inDatabase(flightdeck, (ask) => ask('UPDATE syncRequests SET requestedAt = 1'));
  const asked = await page.request.post('/api/sync', { data: { view }, headers: { origin: flightdeck.url } });
  expect(asked.ok(), await asked.text()).toBe(true);
}

/** Reads the builds of an app anew, until these are among them. */
export async function seen(
  page: Page,
  flightdeck: Running,
  appId: string,
  ids: readonly string[],
): Promise<void> {
  await readAgain(page, flightdeck, { of: 'builds', app: appId });
  const known = async () => {
    const answer = await page.request.get(`/api/v1/builds?filter[id]=${ids.join(',')}`);
    return ((await answer.json()) as { data: unknown[] }).data.length;
  };
  await expect.poll(known, { timeout: 30_000 }).toBe(ids.length);
}
