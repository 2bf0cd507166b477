import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { axeFindings } from './axe';
import { sandboxAt } from './sandbox';
import { expect, test } from './setup/test';

test.use({ instance: 'person' });

interface Report {
  readonly id: string;
  readonly attributes: { readonly comment?: string };
  readonly meta?: { readonly tester?: { readonly email?: string | null } | null };
}

/** A tester who has sent feedback with words. */
async function talkative(page: Page): Promise<{ address: string; id: string }> {
  let found: Report | undefined;
  await expect
    .poll(
      async () => {
        const { data } = (await (await page.request.get('/api/feedback?limit=100')).json()) as {
          data: Report[];
        };
        found = data.find(({ attributes, meta }) => attributes.comment && meta?.tester?.email);
        return found !== undefined;
      },
      { timeout: 60_000 },
    )
    .toBe(true);
  return { address: found?.meta?.tester?.email ?? '', id: found?.id ?? '' };
}

test('what is known of a person is told, taken along and erased by keyboard', async ({
  page,
  flightdeck,
}) => {
  test.setTimeout(120_000);
  const { address, id } = await talkative(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.goto('/settings/person');
  const field = page.getByLabel('E-mail address of a tester');
  await field.fill('nobody');
  await field.press('Enter');
  await expect(page.getByText('Enter one e-mail address.')).toBeVisible();
  await field.fill('nobody@example.com');
  await field.press('Enter');
  await expect(page.getByText('Nothing is known of this person')).toBeVisible();
  await field.fill(address.toUpperCase());
  await field.press('Enter');
  await expect(page.getByText('Feedback sent by the person')).toBeVisible();
  await expect(page.getByText('Still in App Store Connect')).toBeVisible();
  expect(page.url()).not.toContain('@');
  expect(await axeFindings(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);

  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).press('Enter');
  const file = await (await downloading).path();
  expect(readFileSync(file).subarray(0, 2).toString()).toBe('PK');

  await page.getByRole('button', { name: 'Erase…' }).press('Enter');
  const dialog = page.getByRole('alertdialog');
  await dialog.getByRole('textbox').fill(address);
  await dialog.getByRole('textbox').press('Enter');
  await expect(page.getByText(/^Erased /).first()).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText('Feedback sent by the person', { exact: true })).toHaveCount(0);
  const { data } = (await (await page.request.get('/api/feedback?limit=100')).json()) as { data: Report[] };
  expect(data.filter(({ meta }) => meta?.tester?.email === address)).toEqual([]);
  expect(data.find((report) => report.id === id)?.attributes.comment).toBeUndefined();

  await page.getByRole('button', { name: /^Delete (it|all \d+) at Apple…$/ }).press('Enter');
  await dialog.getByRole('textbox').fill('delete');
  await dialog.getByRole('textbox').press('Enter');
  await expect(dialog).toHaveCount(0, { timeout: 60_000 });
  await expect(page.getByRole('button', { name: /at Apple…$/ })).toHaveCount(0);
  const types = ['betaFeedbackCrashSubmissions', 'betaFeedbackScreenshotSubmissions'];
  const left = await Promise.all(types.map((type) => sandboxAt(flightdeck.sandbox.baseUrl).list(type)));
  expect(left.flat().map((held) => held.id)).not.toContain(id);
  await page.goto('/activity');
  await expect(page.getByText(/erased what was known of/).first()).toBeVisible();
});
