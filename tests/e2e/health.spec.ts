import { complaintsOf } from './axe';
import { auditOf } from './people';
import { expect, test } from './setup/test';
import { undo } from './toasts';

test('what needs attention leads on, is snoozed by a key for the team, and comes back', async ({ page }) => {
  const complaints = complaintsOf(page);
  await page.goto('/');
  const lights = page
    .locator('section')
    .filter({ has: page.getByRole('heading', { name: 'Needs attention' }) })
    .locator('[data-list-row]');
  await expect(lights.first()).toBeVisible();
  await page.waitForLoadState('networkidle');
  const count = await lights.count();

  await page.keyboard.press('j');
  await expect(lights.first()).toBeFocused();
  await page.keyboard.press('s');
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Until it (gets worse|comes again)$/ })
    .click();
  await expect(lights).toHaveCount(count - 1);
  await page.getByRole('button', { name: '1 snoozed' }).click();
  await expect(page.getByRole('list', { name: 'Snoozed' })).toContainText(
    /until it (gets worse|comes again)/,
  );
  expect((await auditOf(page, 'type=lights'))[0]).toMatchObject({ status: 'succeeded' });
  await undo(page, /Snoozed until it (gets worse|comes again)/);
  await expect(page.getByRole('button', { name: '1 snoozed' })).toBeHidden();
  await expect(lights).toHaveCount(count);

  await lights.filter({ hasText: 'Look at feedback' }).getByRole('link').first().click();
  await expect(page).toHaveURL(/\/apps\/[^/]+\/feedback/);
  expect(complaints).toEqual([]);
});

test('the weekly digest is written as it would be sent, and says why none is', async ({ page }) => {
  await page.goto('/settings/digest');
  await expect(page.getByText('No mail server is set up')).toBeVisible();
  await page.getByRole('button', { name: 'Show it' }).click();
  await expect(page.getByText(/^Flightdeck: \d+ red/)).toBeVisible();
  const mail = page.frameLocator('iframe[title="The mail"]');
  await expect(mail.getByRole('heading', { name: 'Needs attention' })).toBeVisible();
  await expect(mail.getByRole('heading', { name: 'Apps' })).toBeVisible();
});
