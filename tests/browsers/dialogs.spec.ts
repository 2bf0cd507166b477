import { setTimeout as delay } from 'node:timers/promises';
import { sandboxAt } from '../e2e/sandbox';
import { expect, test } from './setup/test';
import { the } from './setup/visit';

test('dialogs and menus close by Escape and give the focus back to where they were opened', async ({
  visit,
  flightdeck,
}) => {
  const [app] = await sandboxAt(flightdeck.sandbox.baseUrl).list('apps');
  await visit.open(`/apps/${app?.id}/testers`);
  const isInside = () =>
    visit.run(() => document.activeElement?.closest('[data-base-ui-portal],[role=dialog]') != null);
  for (const [opener, opened] of [
    [the('button', 'Invite'), the('dialog', 'Invite a tester')],
    [the('button', /^Export/), the('menu')],
    [the('button', 'Filter by state'), the('listbox')],
    [the('button', /^Account of/), the('menu')],
  ] as const) {
    await visit.click(opener);
    await visit.sees(opened);
    // A key pressed before what was opened has the focus is the page's own.
    await expect.poll(isInside, { message: JSON.stringify(opened) }).toBe(true);
    // WebKit brings a field into sight a moment after it got the focus; where the dialog has gone by then, the page is
    // scrolled instead. Nobody is so fast.
    await delay(700);
    await visit.press('Escape');
    await visit.seesNo(opened);
    await expect
      .poll(async () => (await visit.sees(opener)).isFocused, { message: JSON.stringify(opener) })
      .toBe(true);
  }
});

test('the sheet of keys and the palette leave the focus in the row where it was', async ({ visit }) => {
  await visit.open('/testers');
  const links = the('link', undefined, { within: the('table', 'testers') });
  const focused = async () => (await visit.all(links)).findIndex(({ isFocused }) => isFocused);
  await visit.sees(links);
  await visit.press('j', 'j');
  await expect.poll(focused).toBeGreaterThan(0);
  const row = await focused();
  for (const [keys, opened, words] of [
    ['?', the('dialog', 'Keyboard shortcuts'), visit.isMac ? '⌘K' : 'CtrlK'],
    [visit.isMac ? 'Meta+k' : 'Control+k', the('combobox', /Go to, do or find/), ''],
  ] as const) {
    await visit.press(keys);
    await visit.sees(opened, words);
    await visit.press('Escape');
    await visit.seesNo(opened);
    await expect.poll(focused).toBe(row);
  }
});
