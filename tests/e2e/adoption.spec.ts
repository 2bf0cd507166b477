import { admitsDevice, type DeviceFilter } from '@/lib/format/recruitment';
import { expectWellMade } from './axe';
import { auditOf, peopleAt } from './people';
import { sandboxAt } from './sandbox';
import { expect, test } from './setup/test';
import { expectTold } from './toasts';

// It sends invitations again, which other files count.
test.use({ instance: 'adoption' });

const sumOf = (counts: Record<string, number>) => Object.values(counts).reduce((sum, one) => sum + one, 0);

test('who is on which build, where nobody tests, and the invitations that were not accepted are sent again', async ({
  page,
  flightdeck,
}) => {
  test.setTimeout(120_000);
  const sandbox = sandboxAt(flightdeck.sandbox.baseUrl);
  const people = peopleAt(flightdeck.sandbox.baseUrl);
  const { appId } = await people.place();
  const testers = await sandbox.list(`betaTesters?app=${appId}`);
  const devices = testers.flatMap(({ attributes }) => (attributes.appDevices ?? []) as object[]);
  await page.goto(`/apps/${appId}`);
  await page.getByRole('link', { name: 'Adoption' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Adoption' })).toBeVisible();
  await expect(page.getByText(`${testers.length} testers with ${devices.length} devices`)).toBeVisible();
  await expect(page.getByRole('region', { name: /^Testers by device/ }).first()).toBeVisible();
  await expectWellMade(page, 'adoption', ({ scheme, width }) =>
    page.screenshot({ path: `test-results/adoption/page-${scheme}-${width}.png`, fullPage: true }),
  );

  const recruit = page.getByRole('button', { name: /^Recruit on/ }).first();
  const [, device, system] =
    /^Recruit on (\w+) with \w+ (.+)$/.exec((await recruit.getAttribute('aria-label')) ?? '') ?? [];
  const before = JSON.stringify(await sandbox.list('betaRecruitmentCriteria'));
  await recruit.click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio').first().check();
  await page.screenshot({ path: 'test-results/adoption/recruit.png' });
  await dialog.getByRole('button', { name: 'Open the criteria' }).click();
  await expect(dialog.getByLabel(device ?? '', { exact: true })).toBeChecked();
  await page.screenshot({ path: 'test-results/adoption/criteria.png' });
  await dialog.getByRole('button', { name: 'Save criteria' }).click();
  await expect(dialog).toBeHidden();
  const changed = (await sandbox.list('betaRecruitmentCriteria')).filter(
    (one) => !before.includes(JSON.stringify(one)),
  );
  const admits = changed.map(({ attributes }) =>
    admitsDevice(attributes.deviceFamilyOsVersionFilters as DeviceFilter[], {
      ...{ deviceFamily: String(device).toUpperCase(), osVersion: system ?? '' },
    }),
  );
  expect(admits).toEqual([true]);
  expect((await auditOf(page, `app=${appId}&type=betaRecruitmentCriteria`))[0]).toMatchObject({
    status: 'succeeded',
  });

  const resend = page.getByRole('button', { name: /^Resend \d+ invitations?$/ }).first();
  const target = page.locator('section').filter({ has: resend }).last();
  await target.getByRole('button', { name: /^See the/ }).click();
  await expect(
    target
      .getByRole('list', { name: /^Testers without/ })
      .getByRole('listitem')
      .first(),
  ).toBeVisible();
  await page.screenshot({ path: 'test-results/adoption/stragglers.png', fullPage: true });
  const count = Number(/\d+/.exec((await resend.textContent()) ?? '')?.[0]);
  const mailed = sumOf(await people.invitations());
  await resend.click();
  await dialog.getByRole('button', { name: `Resend ${count} invitation` }).click();
  await expectTold(page, /the invitation to .+ again/);
  expect(sumOf(await people.invitations()) - mailed).toBe(count);
  const trail = await auditOf(page, `app=${appId}&type=betaTesterInvitations`);
  expect(trail.filter(({ status }) => status === 'succeeded')).toHaveLength(count);
});

test('what expires when leads to the build and to what can take its place, and a build tells its diagnostics', async ({
  page,
  flightdeck,
}) => {
  const sandbox = sandboxAt(flightdeck.sandbox.baseUrl);
  const { appId } = await peopleAt(flightdeck.sandbox.baseUrl).place();
  await page.goto('/builds');
  await page.getByRole('button', { name: 'Expiry calendar' }).click();
  await expect(page.getByRole('heading', { name: 'Next build needed by' })).toBeVisible();
  await page.goto(`/apps/${appId}/builds?show=calendar&which=all`);
  const days = page.getByRole('list', { name: 'Days on which builds expire' });
  const living = (await sandbox.list(`builds?app=${appId}`)).filter(({ attributes }) => !attributes.expired);
  await expect(
    days.getByRole('listitem').filter({ hasText: /group/ }).getByRole('link').first(),
  ).toBeVisible();
  expect(await days.locator('li li').count()).toBe(living.length);
  await expectWellMade(page, 'expiry', ({ scheme, width }) =>
    page.screenshot({ path: `test-results/adoption/expiry-${scheme}-${width}.png`, fullPage: true }),
  );
  const replace = days.getByRole('link', { name: /^Replace it by/ }).first();
  const name = (await replace.textContent())?.replace('Replace it by ', '') ?? '';
  await replace.click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();

  const signatures = await sandbox.list('diagnosticSignatures');
  const told = signatures.find((one) => one.appId === appId) ?? signatures[0];
  const { build } = (told as unknown as { relationships: { build: string | readonly string[] } })
    .relationships;
  const buildId = [build].flat()[0] ?? '';
  await page.goto(`/apps/${told?.appId}/builds/${buildId}`);
  const diagnostics = page
    .locator('section')
    .filter({ has: page.getByRole('heading', { name: 'Diagnostics and power' }) });
  await diagnostics.getByRole('button', { name: 'Show' }).click();
  await diagnostics
    .getByRole('button', { name: String(told?.attributes.signature) })
    .first()
    .click();
  await expect(diagnostics.getByRole('region', { name: /^Calls of log 1 / }).first()).toContainText(
    String(told?.attributes.signature),
  );
  await expect(diagnostics.getByRole('rowheader', { name: /^Launch time/ })).toBeVisible();
  await expectWellMade(page, 'diagnostics', ({ scheme, width }) =>
    page.screenshot({ path: `test-results/adoption/diagnostics-${scheme}-${width}.png`, fullPage: true }),
  );
});

test('two builds stand side by side, and a link opens the same', async ({ page, flightdeck }) => {
  const sandbox = sandboxAt(flightdeck.sandbox.baseUrl);
  const { appId } = await peopleAt(flightdeck.sandbox.baseUrl).place();
  const [one, other] = (await sandbox.list(`builds?app=${appId}`)).filter(
    ({ attributes }) => !attributes.expired,
  );
  await page.goto(`/apps/${appId}/builds/${one?.id}`);
  await page.getByRole('button', { name: 'More to do with the build' }).click();
  await page.getByRole('menuitem', { name: 'Compare with another build' }).click();
  const dialog = page.getByRole('dialog', { name: 'Compare two builds' });
  await dialog.getByLabel('Search by version or build number').fill(String(other?.attributes.version));
  await dialog.getByRole('radio', { name: `(${other?.attributes.version})` }).check();
  await dialog.getByRole('button', { name: 'Compare' }).click();
  const heads = dialog.getByRole('columnheader');
  await expect(heads.nth(0)).toContainText(`(${one?.attributes.version})`);
  await expect(heads.nth(1)).toContainText(`(${other?.attributes.version})`);
  await expect(dialog.getByRole('row', { name: /^Crash-free sessions/ })).toContainText('÷');
  await expect(dialog.getByRole('heading', { name: 'What to Test' })).toBeVisible();
  await page.reload();
  await expect(heads.nth(1)).toContainText(`(${other?.attributes.version})`);
  await expectWellMade(page, 'compare', ({ scheme, width }) =>
    page.screenshot({ path: `test-results/adoption/compare-${scheme}-${width}.png` }),
  );
});
