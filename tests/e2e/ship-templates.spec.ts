import { expectWellMade } from './axe';
import { readyForReview } from './ready-for-review';
import { type Held, sandboxAt } from './sandbox';
import { expect, test } from './setup/test';

// What it ships waits for review, and jobs are left behind.
test.use({ instance: 'ship-templates' });

type Related = Held & { readonly relationships: Readonly<Record<string, unknown>> };

test('a ship is chosen in several languages for a day of the week, kept as a template and chosen for the next build', async ({
  page,
  flightdeck,
}) => {
  test.setTimeout(150_000);
  const sandbox = sandboxAt(flightdeck.sandbox.baseUrl);
  const appId = (await sandbox.list('apps'))[0]?.id ?? '';
  await readyForReview(flightdeck, appId);
  const group = (await sandbox.list(`betaGroups?app=${appId}`)).find(
    ({ attributes }) => attributes.isInternalGroup === false,
  );
  const groupName = String(group?.attributes.name);
  const [text] = await sandbox.list(`betaAppLocalizations?app=${appId}`);
  await sandbox.event({
    ...{ kind: 'set', type: 'betaAppLocalizations', id: text?.id },
    attributes: { description: null },
  });
  const upload = async () => {
    const attributes = { usesNonExemptEncryption: null };
    const { id } = (await sandbox.event({ kind: 'upload', appId, attributes })) as { id: string };
    await sandbox.event({ kind: 'finish-processing', buildId: id });
    // A look that was asked for a moment ago is not asked for again.
    const isHere = async () => {
      const data = { view: { of: 'builds', app: appId } };
      await page.request.post('/api/sync', { data, headers: { origin: flightdeck.url } });
      return (await page.request.get(`/api/v1/builds/${id}`)).ok();
    };
    await expect.poll(isHere, { timeout: 60_000 }).toBe(true);
    return id;
  };
  const first = await upload();
  await page.goto(`/apps/${appId}/builds/${first}`);

  // A line of the checklist is mended above the page, by the form of the test information.
  await page.getByRole('button', { name: /^Fill in: Description in every language/ }).click();
  const panel = page.getByRole('dialog', { name: 'Test information' });
  await panel.getByRole('textbox', { name: 'Description' }).first().fill('Finds the way.');
  await page.screenshot({ path: 'test-results/ship-templates/panel.png' });
  await panel.getByRole('button', { name: /^Save 1 language/ }).click();
  await expect
    .poll(async () => (await sandbox.get('betaAppLocalizations', text?.id ?? '')).attributes.description)
    .toBe('Finds the way.');
  await panel.getByRole('button', { name: 'Close' }).click();
  await expect(page.getByRole('button', { name: /^Fill in: Description/ })).toHaveCount(0);

  await page.getByRole('button', { name: 'Ship', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: /^Ship / });
  await dialog.getByRole('searchbox').fill(groupName);
  await dialog.getByRole('checkbox', { name: groupName }).first().check();
  await dialog.getByRole('textbox', { name: /^What to Test in / }).fill('Try the <map>.');
  await expect(dialog.getByRole('button', { name: 'Show the plan' })).toBeDisabled();
  await dialog.getByRole('textbox', { name: /^What to Test in / }).fill('Try the map.');
  await dialog.getByRole('button', { name: /^Write in / }).click();
  await dialog.getByLabel('Add a language').selectOption('fi');
  await dialog.getByRole('textbox', { name: 'What to Test in Finnish' }).fill('Kokeile karttaa.');
  await dialog.getByRole('radio', { name: /uses no encryption/ }).check();
  await dialog.getByRole('radio', { name: /^On a day of the week/ }).check();
  await dialog.getByLabel('Day', { exact: true }).selectOption('Tuesday');
  await dialog.getByLabel('Time', { exact: true }).fill('09:00');
  await dialog.getByLabel('Time zone').selectOption('Europe/Berlin');
  await expect(dialog.getByText(/^Next: Tuesday,? .* at 09:00, Europe\/Berlin\./)).toBeVisible();
  await expectWellMade(page, 'the form of a ship', ({ scheme, width }) =>
    page.screenshot({ path: `test-results/ship-templates/form-${scheme}-${width}.png` }),
  );
  await dialog.getByRole('button', { name: 'Keep as a template…' }).click();
  const form = page.getByRole('dialog', { name: 'Keep as a template' });
  await form.getByLabel('Name').fill('Weekly');
  await form.getByLabel('What to Test').selectOption('The texts as they stand in the form');
  await form.getByRole('button', { name: 'Keep template' }).click();
  const list = page.getByRole('dialog', { name: 'Templates of ships' });
  await expect(list.getByText(/told Tuesday 09:00 Europe\/Berlin/)).toBeVisible();
  await expectWellMade(page, 'the templates of ships', ({ scheme, width }) =>
    page.screenshot({ path: `test-results/ship-templates/templates-${scheme}-${width}.png` }),
  );
  await page.screenshot({ path: 'docs/images/ship-templates.png', animations: 'disabled' });
  await list.getByRole('button', { name: 'Close' }).last().click();
  await dialog.getByRole('button', { name: 'Show the plan' }).click();
  await expect(dialog).toContainText(/Wait until Tuesday 09:00 Europe\/Berlin/);
  await dialog.getByRole('button', { name: 'Ship', exact: true }).click();
  await expect(page).toHaveURL(/\/jobs\//);
  // The rail still shows the app that it is about.
  await expect(page.getByRole('list', { name: 'This app' })).toBeVisible();
  const written = async () =>
    ((await sandbox.list('betaBuildLocalizations')) as Related[])
      .filter(({ relationships }) => relationships.build === first)
      .map(({ attributes }) => attributes.whatsNew)
      .sort();
  await expect
    .poll(
      async () => {
        await sandbox.event({ kind: 'finish-processing', buildId: first });
        return written();
      },
      { timeout: 60_000, intervals: [1_000] },
    )
    .toEqual(expect.arrayContaining(['Kokeile karttaa.', 'Try the map.']));

  // The next build begins with what was chosen last, or with the template.
  const second = await upload();
  await page.goto(`/apps/${appId}/builds/${second}?do=ship`);
  await dialog.getByRole('button', { name: 'Choose the same' }).click();
  await expect(dialog.getByRole('radio', { name: /^On a day of the week/ })).toBeChecked();
  await expect(dialog.getByRole('textbox', { name: /^What to Test in / })).toHaveValue('');
  await dialog.getByRole('button', { name: 'Templates (1)…' }).click();
  await list.getByRole('button', { name: 'Use Weekly' }).click();
  await expect(dialog.getByRole('textbox', { name: 'What to Test in Finnish' })).toHaveValue(
    'Kokeile karttaa.',
  );
  await dialog.getByRole('button', { name: 'Templates (1)…' }).click();
  await list.getByRole('button', { name: 'Edit Weekly' }).click();
  const edit = page.getByRole('dialog', { name: 'Edit the template' });
  await edit.getByRole('textbox', { name: 'Name' }).fill('Every Tuesday');
  await edit.getByRole('button', { name: 'Save template' }).click();
  await list.getByRole('button', { name: 'Delete Every Tuesday' }).click();
  await expect(list.getByText('No template yet', { exact: false })).toBeVisible();
  await page
    .locator('[data-sonner-toast]')
    .filter({ hasText: 'Template deleted' })
    .getByRole('button', { name: 'Undo' })
    .click();
  await expect(list.getByText('Every Tuesday')).toBeVisible();
});
