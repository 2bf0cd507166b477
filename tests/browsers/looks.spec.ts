import { writeFileSync } from 'node:fs';
import { besideTheScreen } from '../e2e/beside-the-screen';
import { sandboxAt } from '../e2e/sandbox';
import { expect, test } from './setup/test';
import { the } from './setup/visit';

test('pages are whole at the width of a desk and of a phone, in light and dark', async ({
  visit,
  flightdeck,
  engine,
}, info) => {
  test.setTimeout(400_000);
  const sandbox = sandboxAt(flightdeck.sandbox.baseUrl);
  const group = (await sandbox.list('betaGroups')).find(({ attributes }) => attributes.publicLinkEnabled);
  const build = (await sandbox.list('builds')).find(({ appId }) => appId === group?.appId);
  const home = `/apps/${group?.appId}`;
  const pages = [
    ['health', '/'],
    ['app', home],
    ['groups', `${home}/groups`],
    ['group', `${home}/groups/${group?.id}`],
    ['link', `${home}/groups/${group?.id}?tab=link`],
    ['testers', `${home}/testers`],
    ['builds', `${home}/builds`],
    ['build', `${home}/builds/${build?.id}`],
    ['feedback', `${home}/feedback?view=all`],
    ['issues', `${home}/issues?view=all`],
    ['adoption', `${home}/adoption`],
    ['metrics', `${home}/metrics`],
    ['test-information', `${home}/test-information`],
    ['activity', '/activity'],
    ['settings', '/settings'],
  ] as const;
  for (const scheme of ['Light', 'Dark'] as const) {
    await visit.resize(1440, 900);
    await visit.open('/');
    await visit.click(the('button', /^Account of/));
    await visit.click(the('menuitemcheckbox', scheme));
    await expect
      .poll(() => visit.run(() => document.documentElement.dataset.theme))
      .toBe(scheme.toLowerCase());
    await visit.press('Escape');
    for (const [name, path] of pages) {
      await visit.open(path);
      for (const width of [1440, 390]) {
        await visit.resize(width, width === 390 ? 844 : 900);
        await visit.sees(the('heading'));
        // A page arranges itself anew after its window changed.
        await expect.soft
          .poll(() => visit.run(besideTheScreen), { message: `${name} is wider than ${width}` })
          .toEqual([]);
        // A list goes to the row that was opened last, and draws what is in sight.
        const isDrawn = () =>
          visit.run(() => {
            const rows = [...document.querySelectorAll('tr[data-row]')].map((row) =>
              row.getBoundingClientRect(),
            );
            return rows.length === 0 || rows.some(({ top }) => top > 0 && top < window.innerHeight);
          });
        await expect.soft.poll(isDrawn, { message: `${name} at ${width} shows no rows` }).toBe(true);
        const file = info.outputPath(`${engine}-${name}-${scheme.toLowerCase()}-${width}.png`);
        writeFileSync(file, await visit.picture());
      }
    }
  }
});
