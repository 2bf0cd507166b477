import { expect, test } from './setup/test';

test.use({ instance: 'rules' });

test('a tester is answered with a saved reply, in a mail program or by a copy', async ({ page }) => {
  test.setTimeout(180_000);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const list = async () =>
    (await (await page.request.get('/api/feedback?limit=100')).json()).data as {
      id: string;
      meta: { issue: unknown; tester: { email: string | null } | null };
    }[];
  const known = async () => (await list()).find(({ meta }) => meta.issue && meta.tester?.email)?.id ?? '';
  await expect.poll(known, { timeout: 60_000 }).not.toBe('');
  const id = await known();

  await page.goto('/settings/replies');
  await page.getByRole('button', { name: 'Add a reply' }).click();
  const form = page.getByRole('dialog', { name: 'Add a reply' });
  await form.getByLabel('Name').fill('Which build?');
  await form.getByLabel('Subject').fill('About {app}');
  await form.getByLabel('Text').fill('Hi {tester first nam}');
  await form.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(form.getByText(/\{tester first nam\} stands for nothing/)).toBeVisible();
  await form.getByLabel('Text').fill('Hi {tester first name},\nwhich build is it on your {device}?');
  await form.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'Which build?' })).toBeVisible();

  await page.goto(`/feedback/${id}`);
  await page.getByRole('button', { name: 'Reply…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Reply to the tester' });
  await dialog.getByRole('searchbox', { name: 'Find a saved reply' }).fill('which');
  await page.keyboard.press('Enter');
  await expect(dialog.getByLabel('Text')).toHaveValue(/^Hi .+,\nwhich build is it on your .+\?$/);
  const open = dialog.getByRole('link', { name: 'Open in the mail program' });
  await expect(open).toHaveAttribute(
    'href',
    /^mailto:[^?]+@[^?]+\?subject=About%20.+&body=Hi%20.+%0D%0Awhich/,
  );
  await dialog.getByRole('button', { name: 'Copy the text' }).click();
  await expect(dialog.getByText('Copied')).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('which build is it');
  // No mail program answers here; that it was asked for is what is noted.
  await open.evaluate((link) => link.addEventListener('click', (event) => event.preventDefault()));
  const noted = page.waitForResponse(
    (response) => /\/reply\?/.test(response.url()) && response.status() === 204,
  );
  await open.click();
  await noted;
  await dialog.getByLabel('Text').fill('Too long. '.repeat(300));
  await expect(dialog.getByText(/mail programs take about 1,900/)).toBeVisible();
  await expect(
    dialog.getByRole('link', { name: 'Open the mail program without the text' }),
  ).not.toHaveAttribute('href', /body=/);
  await page.keyboard.press('Escape');
  await expect(page.getByText(/opened a reply to the tester in a mail program/).first()).toBeVisible();
});
