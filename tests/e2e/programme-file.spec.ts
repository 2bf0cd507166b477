import { expectWellMade } from './axe';
import { sandboxAt } from './sandbox';
import { expect, test } from './setup/test';

test('a programme is taken out as a file, mended where it is wrong, compared and applied with what it deletes', async ({
  page,
  flightdeck,
}) => {
  const sandbox = sandboxAt(flightdeck.sandbox.baseUrl);
  const [app] = await sandbox.list('apps');
  const groups = async () => (await sandbox.list('betaGroups')).filter(({ appId }) => appId === app?.id);
  const gone = (await groups()).find(({ attributes }) => attributes.isInternalGroup !== true);
  const name = String(gone?.attributes.name);
  await page.goto(`/apps/${app?.id}/test-information`);
  await page.getByRole('link', { name: 'Programme as code' }).click();
  await page.getByRole('button', { name: 'Put it below' }).click();
  const file = page.getByRole('textbox', { name: 'File' });
  await expect(file).toHaveValue(/^version: 1$/m);
  const text = await file.inputValue();
  const without = text.replace(new RegExp(` {2}- name: ${name}\n( {4}.*\n)+`), '');
  expect(without.length).toBeLessThan(text.length);
  const wanted = without.replace('groups:\n', 'groups:\n  - name: Night Owls\n    isInternalGroup: false\n');

  await file.fill(wanted.replace('isInternalGroup: false', 'isInternalGroup: false\n    colour: red'));
  await page.getByRole('button', { name: 'Compare' }).click();
  await page.getByRole('button', { name: /Line \d+, column 5: “colour” is not known here/ }).click();
  await expect(file).toBeFocused();
  expect(
    await file.evaluate((area: HTMLTextAreaElement) => area.value.slice(area.selectionStart).split('\n')[0]),
  ).toBe('colour: red');

  await file.fill(wanted);
  await page.getByRole('checkbox', { name: /Delete what the file does not name/ }).check();
  await page.getByRole('button', { name: 'Compare' }).click();
  const comparison = page.getByRole('region', { name: 'Comparison' });
  await expect(comparison).toContainText('Create the external group “Night Owls”');
  await expectWellMade(page, 'A comparison');
  await comparison.getByRole('button', { name: 'Dry run' }).scrollIntoViewIfNeeded();
  await page.screenshot({ path: 'docs/images/programme-as-code.png', animations: 'disabled' });
  await comparison.getByRole('button', { name: 'Apply 2 changes…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText(name);
  await dialog.getByLabel('Type 1 to confirm').fill('1');
  await dialog.getByRole('button', { name: 'Apply 2 changes' }).click();
  await comparison.getByRole('link', { name: 'Open the job' }).click();
  await expect(page.getByText('2 done', { exact: true })).toBeVisible();
  await expect
    .poll(async () => (await groups()).map(({ attributes }) => attributes.name))
    .toContain('Night Owls');
  // What is deleted goes after all else is done.
  await expect.poll(async () => (await groups()).map(({ id }) => id)).not.toContain(gone?.id);
});
