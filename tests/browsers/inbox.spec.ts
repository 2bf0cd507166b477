import { expect, test } from './setup/test';
import { the, type Visit } from './setup/visit';

const status = the('combobox', 'Status', { within: the('complementary', 'Triage') });
const statusNow = async (visit: Visit) => (await visit.sees(status)).value;

test('a crash goes from the list to resolved and back, by keys', async ({ visit }) => {
  await visit.open('/issues');
  await visit.sees(the('link', undefined, { within: the('table') }));
  await visit.press('j', 'Enter');
  await expect.poll(() => visit.address()).toMatch(/\/issues\/[^?]/);
  await visit.sees(status);
  const [first, before] = [await visit.address(), await statusNow(visit)];
  await visit.ready();
  await visit.press('j');
  await expect.poll(() => visit.address()).not.toBe(first);
  await visit.sees(the('link', 'Previous crash issue'));
  await visit.press('k');
  await expect.poll(() => visit.address()).toBe(first);
  await visit.sees(status);
  await visit.press('r');
  const dialog = the('dialog', 'Resolve this crash issue');
  await expect
    .poll(async () => (await visit.sees(the('searchbox', undefined, { within: dialog }))).isFocused)
    .toBe(true);
  await visit.sees(the('button', /\(.+\)/, { within: dialog }));
  await visit.press('Enter');
  await expect.poll(() => statusNow(visit)).toBe('resolved');
  await visit.seesNo(dialog);
  await visit.click(the('button', 'Undo'));
  await expect.poll(() => statusNow(visit)).toBe(before);
});

test('the inbox goes through reports by j and k, with what crashed', async ({ visit }) => {
  await visit.open('/feedback?view=all&kind=crash&hasLog=yes');
  await visit.sees(the('link', undefined, { within: the('table') }));
  await visit.press('j', 'Enter');
  await expect.poll(() => visit.address()).toMatch(/\/feedback\/[^?]/);
  await visit.sees(the('heading', 'Where it happened'));
  await visit.ready();
  const first = await visit.address();
  await visit.press('j');
  await expect.poll(() => visit.address()).not.toBe(first);
  await visit.sees(the('heading', 'Where it happened'));
});
