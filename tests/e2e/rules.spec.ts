import type { Page } from '@playwright/test';
import { complaintsOf, expectWellMade } from './axe';
import { expect, test } from './setup/test';

test.use({ instance: 'rules' });

interface Issue {
  readonly id: string;
  readonly attributes: { readonly title: string };
  readonly meta: { readonly issue: { readonly number: number } };
}

/** A crash issue whose log is here. */
async function crashIssue(page: Page): Promise<Issue> {
  const first = async () =>
    (await (await page.request.get('/api/issues?filter[view]=open&limit=1')).json()).data?.[0];
  await expect.poll(async () => (await first())?.meta.issue?.number, { timeout: 60_000 }).toBeTruthy();
  return first();
}

test('a label makes a rule assign, rules change places by keyboard, and one is applied and taken back', async ({
  page,
}) => {
  test.setTimeout(240_000);
  const issue = await crashIssue(page);
  await page.goto('/settings/rules?do=add');
  const add = async (name: string, fill: (form: ReturnType<Page['getByRole']>) => Promise<unknown>) => {
    if (!page.url().includes('do=')) await page.getByRole('button', { name: 'Add a rule' }).click();
    const form = page.getByRole('dialog', { name: 'Add a rule' });
    await form.getByLabel('Name').fill(name);
    await fill(form);
    await form.getByRole('button', { name: 'Add', exact: true }).click();
    await expect(form).toBeHidden();
  };
  await expect(page.getByRole('dialog', { name: 'Add a rule' })).toBeVisible();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await add('Payments', async (form) => {
    await form.getByLabel('Label', { exact: true }).fill('e2e-pay');
    await form.getByLabel('Assign to').selectOption({ index: 1 });
    await form.getByLabel('Set the priority').selectOption('High');
  });
  await add('Everything', async (form) => {
    await form.getByLabel('Add the label').fill('e2e-seen');
  });
  const rows = page.getByRole('list', { name: 'Rules in their order' }).getByRole('listitem');
  await expect(rows).toHaveCount(2);
  await page.getByRole('button', { name: 'Ask Everything earlier' }).focus();
  await page.keyboard.press('Enter');
  await expect(rows.first()).toContainText('Everything');
  await expect(page.getByRole('button', { name: 'Ask Everything later' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(rows.first()).toContainText('Payments');

  // The number leads to it, and its page shows its app in the rail.
  await page.goto(`/issues?view=all&q=%23${issue.meta.issue.number}`);
  await page
    .getByRole('link')
    .and(page.locator(`[href^="/issues/${issue.id}"]`))
    .first()
    .click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText(`#${issue.meta.issue.number}`);
  await expect(page).toHaveTitle(new RegExp(`^#${issue.meta.issue.number} `));
  await expect(page.getByRole('button', { name: /^App: .+\. Switch app$/ })).toBeVisible();
  const triage = page.getByRole('complementary', { name: 'Triage' });
  await triage.getByLabel('Add a label').fill('e2e-pay');
  await triage.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(triage.getByLabel('Assignee')).not.toHaveValue('');
  await expect(triage.getByLabel('Priority')).toHaveValue('3');
  await expect(triage.getByText(/^rule “Payments”/).first()).toBeVisible();

  await page.goto('/settings/rules');
  await page.getByRole('button', { name: 'Try them' }).click();
  const apply = page.getByRole('button', { name: /^Apply Everything to \d+ issues?$/ });
  await expect(apply).toBeVisible();
  await apply.click();
  await expect(page.getByText(/^“Everything” applied to \d+ issues?$/)).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Undone', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Remove Payments' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(rows).toHaveCount(1);
});

test('the pages of rules and replies: nothing refused, and no finding of axe in light and dark', async ({
  page,
}) => {
  test.setTimeout(300_000);
  const complaints = complaintsOf(page);
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  for (const name of ['rules', 'replies']) {
    await page.goto(`/settings/${name}`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
    await page.waitForLoadState('networkidle');
    await expectWellMade(page, name, ({ scheme, width }) =>
      page.screenshot({ path: `test-results/rules/${name}-${scheme}-${width}.png` }),
    );
  }
  expect(complaints).toEqual([]);
});
