import type { Page } from '@playwright/test';
import { axeFindings } from './axe';
import { expect, test } from './setup/test';

test.use({ instance: 'feedback' });

const field = (page: Page) => page.getByRole('searchbox', { name: /^Search comments/ });
const offered = (page: Page) => page.getByRole('listbox', { name: 'Filters to choose from' });

async function openInbox(page: Page) {
  await page.goto('/feedback?view=all');
  await expect(page.getByRole('table', { name: 'reports' })).toBeVisible();
  await page.waitForLoadState('networkidle');
}

test('filters are written into the search: completed by keyboard, negated, and taken off again', async ({
  page,
}) => {
  await openInbox(page);
  await page.keyboard.press('/');
  await expect(field(page)).toBeFocused();
  await page.keyboard.type('sta');
  await expect(offered(page).getByRole('option', { name: 'Status' })).toBeVisible();
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(field(page)).toHaveValue('status:');
  await page.keyboard.type('tri');
  await expect(offered(page).getByRole('option')).toHaveText([/^Triaged/]);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/status=triaged/);
  await expect(field(page)).toHaveValue('');
  await expect(page.getByRole('button', { name: 'Change filter Status is Triaged' })).toBeVisible();

  await field(page).fill('');
  await page.keyboard.type('-status:triaged ');
  await expect(page).toHaveURL(/not\.status=triaged/);
  await expect(page).not.toHaveURL(/[?&]status=/);
  await page.getByRole('button', { name: 'Remove filter Status' }).click();
  await expect(page).not.toHaveURL(/status/);
});

test('a search that holds several filters and words is read at once', async ({ page }) => {
  await openInbox(page);
  await field(page).fill('is:open -is:screenshot build:>=1 low-disk zzz');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/view=open/);
  const filters = page.getByRole('list', { name: 'Filters in force' });
  await expect(filters.getByRole('button', { name: 'Change filter Kind is not Screenshot' })).toBeVisible();
  await expect(filters).toContainText('Build number is 1 or later');
  await expect(filters.getByRole('button', { name: 'Change filter Free disk is Under 1 GB' })).toBeVisible();
  await expect(page).toHaveURL(/q=zzz/);
  await expect(field(page)).toHaveValue('zzz');
  await page.getByRole('button', { name: 'Clear all' }).click();
  await expect(page.getByRole('table', { name: 'reports' })).toBeVisible();
});

test('what no filter has is said, and searched for as it stands', async ({ page }) => {
  await openInbox(page);
  await field(page).focus();
  await page.keyboard.type('status:nothing');
  await expect(page.getByText('No status is called so here.')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/q=status(:|%3A)nothing/);
  await expect(page.getByRole('heading', { name: 'No reports match' })).toBeVisible();
});
