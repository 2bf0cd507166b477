import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test as base, expect } from '@playwright/test';
import { type Running, startFlightdeck } from '@/tests/e2e/setup/flightdeck';
import { openFirefox } from './firefox';
import type { Tab } from './tab';
import { the, Visit } from './visit';
import { openWebKit } from './webkit';

export type EngineName = 'webkit' | 'firefox';

const OPEN: Readonly<Record<EngineName, (folder: string) => Promise<Tab>>> = {
  webkit: openWebKit,
  firefox: openFirefox,
};

/**
 * `stranger` has a browser and no session; `visit` is signed in as the administrator. All tests of an engine share one
 * browser and one Flightdeck, and none of them may leave a complaint of the browser's behind.
 */
export const test = base.extend<
  { visit: Visit; stranger: Visit },
  { engine: EngineName; flightdeck: Running; tab: Tab }
>({
  engine: ['webkit', { option: true, scope: 'worker' }],
  flightdeck: [
    async ({ engine: _ }, use) => {
      const { running, stop } = await startFlightdeck({ program: 'medium' });
      await use(running);
      await stop();
    },
    { scope: 'worker', timeout: 300_000 },
  ],
  tab: [
    async ({ engine }, use) => {
      const folder = mkdtempSync(path.join(tmpdir(), `flightdeck-${engine}-`));
      const tab = await OPEN[engine](folder);
      await use(tab);
      await tab.close();
      rmSync(folder, { recursive: true, force: true });
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  stranger: async ({ tab, flightdeck, engine }, use, info) => {
    const stranger = new Visit(tab, flightdeck.url);
    await stranger.resize(1440, 900);
    await stranger.restMouse();
    await use(stranger);
    const complaints = await stranger.complaints().catch(() => []);
    if (info.errors.length > 0) {
      const file = info.outputPath(`${engine}.png`);
      writeFileSync(file, await stranger.picture());
      process.stderr.write(`Seen when it failed: ${path.relative(process.cwd(), file)}\n`);
    }
    expect(complaints, 'what the browser complained of').toEqual([]);
  },
  visit: async ({ stranger, flightdeck }, use) => {
    await stranger.open('/settings');
    if ((await stranger.address()).startsWith('/sign-in')) await signIn(stranger, flightdeck);
    await use(stranger);
  },
});

/** Signs in by the form, with the keyboard. */
export async function signIn(visit: Visit, { email, password }: Running): Promise<void> {
  await visit.click(the('textbox', 'E-mail'));
  await visit.type(email);
  await visit.press('Tab');
  await visit.type(password);
  await visit.press('Enter');
  await visit.sees(the('button', /^Account of/));
  await visit.ready();
}

export { expect };
