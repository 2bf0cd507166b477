import { sandboxAt } from '../e2e/sandbox';
import { expect, test } from './setup/test';
import { the, type Visit } from './setup/visit';

/** What the rows in sight say below a head of the table. */
const column = (visit: Visit, head: string) =>
  visit.run((words) => {
    const heads = [...document.querySelectorAll('thead th')];
    const at = heads.findIndex(({ textContent }) => textContent?.trim() === words);
    return [...document.querySelectorAll('tr[data-row]')].map((row) => row.children[at]?.textContent ?? '');
  }, head);

test('testers are sorted and filtered, and all 2,000 are scrolled through below a head that stays', async ({
  visit,
  flightdeck,
}) => {
  const testers = await sandboxAt(flightdeck.sandbox.baseUrl).list('betaTesters');
  const appId = testers[0]?.appId ?? '';
  const own = testers.filter((one) => one.appId === appId);
  await visit.open(`/apps/${appId}/testers`);
  await visit.sees(the('status'), `${own.length.toLocaleString('en')} testers`);

  // Those without an address stand first the other way round.
  const head = the('button', /^E-mail/, { within: the('columnheader', /^E-mail/) });
  await visit.click(head);
  await expect.poll(() => visit.address()).toMatch(/sort=email/);
  await expect.poll(async () => (await column(visit, 'E-mail'))[0]).not.toContain('@');
  await visit.click(head);
  await expect.poll(() => visit.address()).toMatch(/sort=-email/);
  await expect
    .poll(async () => {
      const emails = (await column(visit, 'E-mail')).map((email) => email.toLowerCase());
      return emails.length > 10 && emails.join() === emails.toSorted().reverse().join();
    })
    .toBe(true);

  const installed = own.filter(({ attributes }) => attributes.state === 'INSTALLED').length;
  await visit.click(the('button', 'Filter by state'));
  await visit.click(the('option', /^Installed/));
  await expect.poll(() => visit.address()).toMatch(/state=INSTALLED/);
  await visit.press('Escape');
  await visit.sees(the('status'), `${installed.toLocaleString('en')} testers`);
  await visit.click(the('button', /^Remove filter State/));
  await visit.sees(the('status'), `${own.length.toLocaleString('en')} testers`);

  const last = own.length - 1;
  const isAtTheEnd = () =>
    visit.run((row) => {
      const line = document.querySelector(`tr[data-row="${row}"]`)?.getBoundingClientRect();
      return line !== undefined && line.bottom <= window.innerHeight;
    }, last);
  const scrolled = () => visit.run(() => window.scrollY);
  await visit.turnWheel(600);
  await expect.poll(scrolled).toBeGreaterThan(300);
  await expect(async () => {
    await visit.press('End');
    expect(await isAtTheEnd()).toBe(true);
  }).toPass({ timeout: 90_000, intervals: [100] });
  const drawn = await visit.run(() => document.querySelectorAll('tr[data-row]').length);
  expect(drawn).toBeLessThanOrEqual(80);
  const top = await visit.run(() => document.querySelector('thead')?.getBoundingClientRect().top ?? -1);
  expect(top).toBeGreaterThanOrEqual(0);
});

test('by keys: the search of a list, its rows, the palette, and the sheet of keys', async ({
  visit,
  flightdeck,
}) => {
  const testers = await sandboxAt(flightdeck.sandbox.baseUrl).list('betaTesters');
  const tester = testers.find(({ attributes }) => attributes.email);
  const email = String(tester?.attributes.email);
  await visit.open(`/apps/${tester?.appId}/testers`);
  await visit.press('/');
  await expect.poll(async () => (await visit.sees(the('searchbox'))).isFocused).toBe(true);
  await visit.type(email);
  await visit.press('Enter');
  const found = the('link', undefined, { within: the('table', 'testers') });
  await expect.poll(async () => (await visit.sees(found)).isFocused).toBe(true);
  await expect.poll(async () => (await visit.all(found)).length).toBe(1);
  await visit.press('Enter');
  await expect.poll(() => visit.address()).toMatch(/\/testers\/[^?]/);

  await visit.press(visit.isMac ? 'Meta+k' : 'Control+k');
  const field = the('combobox', /Go to, do or find/);
  await expect.poll(async () => (await visit.sees(field)).isFocused).toBe(true);
  await visit.type('all builds');
  await visit.sees(the('option', /^All builds/));
  await visit.press('Enter');
  await visit.sees(the('heading', 'All builds'));
  await visit.ready();

  await visit.press('?');
  const sheet = the('dialog', 'Keyboard shortcuts');
  await visit.sees(sheet);
  await visit.press('Escape');
  await visit.seesNo(sheet);
  await visit.press('g', 'g');
  await visit.sees(the('heading', 'All groups'));
});

test('groups and builds show their rows, j and k move through them, and back comes back', async ({
  visit,
  flightdeck,
}) => {
  const [app] = await sandboxAt(flightdeck.sandbox.baseUrl).list('apps');
  for (const list of ['groups', 'builds']) {
    await visit.open(`/apps/${app?.id}/${list}`);
    const links = the('link', undefined, { within: the('table', list) });
    await visit.sees(links);
    const focused = async () => (await visit.all(links)).find(({ isFocused }) => isFocused)?.text ?? '';
    // The first line may be the head of a group.
    await expect(async () => {
      await visit.press('j');
      expect(await focused()).not.toBe('');
    }).toPass();
    const first = await focused();
    await visit.press('j');
    await expect.poll(focused).not.toBe(first);
    await visit.press('k');
    await expect.poll(focused).toBe(first);
    await visit.press('Enter');
    await expect.poll(() => visit.address()).toMatch(new RegExp(`/${list}/[^?]`));
    expect(first).toContain((await visit.sees(the('heading'))).text);
    await visit.run(() => history.back());
    await visit.sees(links);
  }
});
