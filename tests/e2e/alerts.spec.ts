import { fakeMailServer } from '@/tests/fakes/smtp';
import { complaintsOf, expectWellMade } from './axe';
import { expect, test } from './setup/test';
import { expectTold } from './toasts';

test.use({ instance: 'alerts' });

test('a mail server is set up and tried, and what somebody wants to know is mailed to them with its next step', async ({
  page,
}) => {
  const complaints = complaintsOf(page);
  const mail = await fakeMailServer({ login: { name: 'fd', password: 'of-the-mail' } });
  const picture = (name: string) => (at: { scheme: string; width: number }) =>
    page.screenshot({ path: `test-results/alerts/${name}-${at.scheme}-${at.width}.png`, fullPage: true });

  await page.goto('/settings/channels');
  await page.getByRole('button', { name: 'Set up a mail server' }).click();
  const server = page.getByRole('dialog', { name: 'Set up a mail server' });
  await server.getByLabel('Server', { exact: true }).fill('127.0.0.1');
  await server.getByLabel('Encryption').selectOption('none');
  await server.getByLabel('Port').fill(String(mail.port));
  await server.getByLabel('Name to sign in with').fill('fd');
  await server.getByLabel('Password').fill('not it');
  await server.getByLabel('Mail comes from').fill('flightdeck@example.com');
  await server.getByRole('button', { name: 'Save' }).click();
  await expect(server.getByText('through your own network only')).toBeVisible();
  await server.getByLabel(/stands in our own network/).check();
  await server.getByRole('button', { name: 'Send me a test' }).click();
  await expect(server.getByText(/does not take this name and password/)).toBeVisible();
  await server.getByLabel('Password').fill('of-the-mail');
  await server.getByRole('button', { name: 'Send me a test' }).click();
  await expect(server.getByRole('status')).toContainText('Look whether it arrived');
  expect(mail.taken).toHaveLength(1);
  await server.getByRole('button', { name: 'Save' }).click();
  await expectTold(page, 'Mail server set up');

  await page.goto('/settings/alerts');
  await page.getByRole('button', { name: 'Add the usual alerts' }).click();
  const alerts = page.getByRole('list', { name: 'Your alerts' });
  await expect(alerts.getByRole('listitem')).not.toHaveCount(0);
  await page.getByRole('button', { name: 'Add an alert' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add an alert' });
  await dialog.getByLabel('Tell me when').selectOption({ label: 'Feedback waits' });
  await dialog.getByLabel('Days').fill('1');
  await dialog.getByLabel(/E-mail to/).check();
  await dialog.getByRole('button', { name: 'What it would have sent' }).click();
  await expect(dialog.getByRole('status')).toContainText('new for 1 day');
  await expectWellMade(page, 'alert', picture('dialog'));
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expectTold(page, 'Alert added');

  await expect.poll(() => mail.taken.length, { timeout: 60_000 }).toBeGreaterThan(1);
  const text = mail.taken.at(-1)?.text.replace(/\n/g, ' ') ?? '';
  expect(text).toMatch(/has feedback that has been new for 1 day/);
  const told = page.getByRole('list', { name: 'Told last' });
  await expect(told.getByText('Sent').first()).toBeVisible();
  await page.getByRole('button', { name: 'What they would have sent' }).click();
  await expect(page.getByText(/^In the last 30 days .* would have been told/)).toBeVisible();
  await expectWellMade(page, 'alerts', picture('alerts'));
  const next = told.getByRole('link', { name: /new for 1 day/ }).first();
  await next.click();
  await expect(page).toHaveURL(/\/apps\/.*\/feedback/);
  // The two refusals that were wanted.
  expect(complaints.filter((one) => !/status of (400|422)/.test(one))).toEqual([]);
  await mail.close();
});
