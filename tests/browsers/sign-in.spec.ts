import { expect, signIn, test } from './setup/test';
import { the, type Visit } from './setup/visit';

test('a wrong password is told, the right one lets in, and signing out leads back', async ({
  stranger,
  flightdeck,
}) => {
  await stranger.open('/activity');
  if (!(await stranger.address()).startsWith('/sign-in')) await signOut(stranger);
  await stranger.click(the('textbox', 'E-mail'));
  await stranger.type(flightdeck.email);
  await stranger.press('Tab');
  await stranger.type('not the password');
  await stranger.press('Enter');
  await stranger.sees(the('alert'), 'do not belong together');

  await stranger.open('/sign-in');
  await signIn(stranger, flightdeck);
  await stranger.sees(the('heading', 'Health'));
  await signOut(stranger);
  await stranger.open('/activity');
  expect(await stranger.address()).toMatch(/^\/sign-in/);
});

async function signOut(visit: Visit): Promise<void> {
  await visit.click(the('button', /^Account of/));
  await visit.click(the('menuitem', 'Sign out'));
  await visit.sees(the('textbox', 'E-mail'));
  await visit.ready();
}
