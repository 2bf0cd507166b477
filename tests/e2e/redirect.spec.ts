import { devices } from '@playwright/test';
import { FOREIGN_TARGETS } from '@/tests/factories/foreign-targets';
import { expect, test } from './setup/test';

const { defaultBrowserType: _, ...phone } = devices['Pixel 7'];
const SIZES = [
  ['on a desk', {}],
  ['on a phone', phone],
] as const;
const addressOf = (target: string) => `/sign-in?next=${encodeURIComponent(target)}`;
/** Those that a browser reads as another site, or a server fails on, tried in the browser itself. */
const BY_HAND = ['/\t/evil.example', '/\\evil.example', '/.//evil.example', 'javascript:alert(1)', '/\r\nx'];

for (const [size, device] of SIZES) {
  test.describe(size, () => {
    test.use(device);

    test('who is signed in stays here, whatever the address asks for', async ({ page, flightdeck }) => {
      for (const target of FOREIGN_TARGETS.filter((one) => one.length < 2_500)) {
        const answer = await page.request.get(addressOf(target), { maxRedirects: 0 });
        const { location } = answer.headers();
        expect([target, answer.status(), location]).toEqual([target, 307, '/']);
      }
      for (const target of BY_HAND) {
        const answer = await page.goto(addressOf(target));
        expect([target, answer?.status(), page.url()]).toEqual([target, 200, `${flightdeck.url}/`]);
      }
      await page.goto(addressOf('/testers?search=a'));
      await expect(page).toHaveURL(`${flightdeck.url}/testers?search=a`);
    });

    test.describe('without a session', () => {
      test.use({ storageState: { cookies: [], origins: [] } });

      test('who signs in stays here, and comes to the page asked for', async ({ page, flightdeck }) => {
        for (const [target, place] of [
          ...BY_HAND.map((one) => [one, '/']),
          ['/testers?search=a', '/testers?search=a'],
        ]) {
          await page.context().clearCookies();
          await page.goto(addressOf(target ?? ''));
          await page.getByLabel('E-mail').fill(flightdeck.email);
          await page.getByLabel('Password').fill(flightdeck.password);
          await page.getByRole('button', { name: 'Sign in' }).click();
          await expect(page).toHaveURL(flightdeck.url + place);
          await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        }
      });
    });
  });
}

test('addresses of our own that look like another host lead nowhere else', async ({
  request,
  flightdeck,
}) => {
  for (const path of [
    '//evil.example',
    '/%2Fevil.example/',
    '/%5Cevil.example/',
    '/.//evil.example/',
    '///evil.example/%2e%2e',
  ]) {
    const answer = await request.get(flightdeck.url + path, {
      maxRedirects: 0,
      headers: { 'x-forwarded-host': 'evil.example', referer: 'https://evil.example/' },
    });
    const { location } = answer.headers();
    expect([path, answer.status() < 500]).toEqual([path, true]);
    if (location !== undefined) {
      const target = new URL(location, `${flightdeck.url}${path}`);
      expect([path, target.origin]).toEqual([path, flightdeck.url]);
      expect(target.pathname).not.toMatch(/^\/[/\\]/);
    }
  }
});
