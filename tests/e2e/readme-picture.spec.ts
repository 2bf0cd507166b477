import { expect, test } from './setup/test';

/** The picture in the README is what a newcomer sees after the two commands. */
test('the overview shows the programme, and its picture is kept for the README', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByRole('main').getByText(/\d/).first()).toBeVisible();
  await page.screenshot({ path: 'docs/images/overview.png', animations: 'disabled' });
});
