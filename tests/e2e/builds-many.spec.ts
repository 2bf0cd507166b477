import { expectWellMade } from './axe';
import { sandboxAt } from './sandbox';
import { inDatabase } from './setup/database';
import { expect, test } from './setup/test';
import { seen } from './uploads';

// Its builds end expired in groups that other files give builds to.
test.use({ instance: 'builds' });

test('the page of a build that could not be processed gives Apple’s reasons, and one that hangs says whom to ask', async ({
  page,
  flightdeck,
}) => {
  const sandbox = sandboxAt(flightdeck.sandbox.baseUrl);
  const appId = (await sandbox.list('apps')).at(-1)?.id ?? '';
  const upload = async (attributes: object) =>
    ((await sandbox.event({ kind: 'upload', appId, attributes })) as { id: string }).id;
  const broken = await upload({});
  const errors = [{ code: '90683', description: 'Missing purpose string in Info.plist.' }];
  const warnings = [{ code: '90078', description: 'Missing Push Notification Entitlement.' }];
  await sandbox.event({ kind: 'fail-processing', buildId: broken, errors, warnings });
  const hanging = await upload({ uploadedDate: new Date(Date.now() - 2 * 86_400_000).toISOString() });
  await sandbox.event({ kind: 'hang-processing', buildId: hanging });
  await inDatabase(flightdeck, (ask) =>
    ask("UPDATE syncScopes SET completedAt = 1 WHERE scope LIKE 'buildUploads/%'"),
  );
  await seen(page, flightdeck, appId, [broken, hanging]);

  const step = page.getByRole('region', { name: 'Next step' });
  await page.goto(`/apps/${appId}/builds/${broken}`);
  await expect(step).toContainText('could not process the build');
  const found = page.getByRole('region', { name: 'What App Store Connect found' });
  await expect(found).toContainText('Error 90683: Missing purpose string in Info.plist.');
  await expect(found).toContainText('Warning 90078: Missing Push Notification Entitlement.');
  await expectWellMade(page, 'a build that could not be processed', ({ scheme, width }) =>
    page.screenshot({ path: `test-results/builds/failed-${scheme}-${width}.png`, fullPage: true }),
  );
  await page.goto(`/apps/${appId}/builds/${hanging}`);
  await expect(step).toContainText('processing for more than a day');
  await expect(step.getByRole('link', { name: /^Open Apple Developer Support/ })).toBeVisible();
  await page.screenshot({ path: 'test-results/builds/hanging.png', fullPage: true });
});

test('a failed upload is told in Apple’s words, and old builds are expired by rule, as shown before', async ({
  page,
  flightdeck,
}) => {
  test.setTimeout(90_000);
  const sandbox = sandboxAt(flightdeck.sandbox.baseUrl);
  const app = (await sandbox.list('apps')).at(-1);
  const appId = app?.id ?? '';
  const errors = [{ code: '90189', description: 'Redundant Binary Upload.' }];
  await sandbox.event({ kind: 'refuse-upload', appId, version: '9.9', number: '99', errors });

  // A copy younger than a minute is not read again.
  await inDatabase(flightdeck, (ask) =>
    ask("UPDATE syncScopes SET completedAt = 1 WHERE scope LIKE 'buildUploads/%'"),
  );
  await page.goto(`/apps/${appId}/builds`);
  await page.waitForLoadState('networkidle');
  // Builds stand under the heads of their versions, which are closed and opened by keyboard too.
  const list = page.getByRole('table', { name: 'builds' });
  const builds = list.getByRole('checkbox', { name: /^Select (?!all)/ });
  const [open, closed] = [true, false].map((expanded) => list.getByRole('button', { expanded }));
  if (!open || !closed) throw new Error('unreachable');
  const total = await page
    .getByRole('status')
    .filter({ hasText: /builds$/ })
    .textContent();
  await expect(open.first()).toContainText(/\d+ builds?/);
  await page.keyboard.press('j');
  await expect(open.first()).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect(closed).toHaveCount(1);
  await expect(closed).toBeFocused();
  await page.reload();
  await expect(closed).toHaveCount(1);
  await closed.focus();
  await page.keyboard.press('Shift+ArrowLeft');
  await expect(builds).toHaveCount(0);
  await expect(page.getByText(total ?? '', { exact: true })).toBeVisible();
  await expect(page).toHaveURL(/closed=all/);
  await page.keyboard.press('Enter');
  await expect(open).toHaveCount(1);
  await expect(builds).not.toHaveCount(0);
  await expectWellMade(page, 'builds under their versions', ({ scheme, width }) =>
    page.screenshot({ path: `test-results/builds/grouped-${scheme}-${width}.png` }),
  );
  await page.getByRole('button', { name: 'Columns and density' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Group by version' }).click();
  await expect(open).toHaveCount(0);
  await page.goto(`/apps/${appId}/builds`);
  await page.getByRole('button', { name: /uploads? failed/ }).click();
  const uploads = page.getByRole('dialog', { name: 'Uploads that are no builds' });
  const upload = uploads.getByRole('listitem').filter({ hasText: '9.9 (99)' });
  await expect(upload).toContainText('Error 90189: Redundant Binary Upload.');
  await expect(upload).toContainText('upload again');
  await expectWellMade(page, 'uploads that are no builds', ({ scheme, width }) =>
    page.screenshot({ path: `test-results/builds/uploads-${scheme}-${width}.png` }),
  );

  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Expire by rule…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Expire builds by rule' });
  await dialog.getByLabel('Superseded by a newer build').uncheck();
  await dialog.getByLabel('Days since the upload').fill('1');
  const going = dialog.getByRole('list', { name: 'Builds to expire' }).getByRole('listitem');
  await expect(going.first()).toContainText(/Uploaded \d+ days? ago/);
  await dialog.getByText('Why others stay').click();
  await expect(dialog).toContainText('the newest build that external testers have');
  await expectWellMade(page, 'builds to expire by rule', ({ scheme, width }) =>
    page.screenshot({ path: `test-results/builds/expire-${scheme}-${width}.png` }),
  );

  // All but one are taken out by hand.
  const name = (await going.first().locator('bdi').textContent()) ?? '';
  for (const one of (await going.all()).slice(1)) await one.getByRole('checkbox').uncheck();
  const button = dialog.getByRole('button', { name: 'Expire 1 build' });
  await expect(button).toBeDisabled();
  await dialog.getByLabel('Type 1 to confirm').fill('1');
  await button.click();
  await expect(dialog).toBeHidden();
  const version = /\((.+)\)/.exec(name)?.[1];
  await expect
    .poll(
      async () =>
        (await sandbox.list(`builds?app=${appId}`)).find(({ attributes }) => attributes.version === version)
          ?.attributes.expired,
      { timeout: 30_000 },
    )
    .toBe(true);
  const activity = await page.request.get(`/api/activity?app=${appId}&limit=20`);
  expect(JSON.stringify(await activity.json())).toContain('expire');
});
