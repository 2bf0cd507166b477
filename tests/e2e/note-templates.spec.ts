import { expectWellMade } from './axe';
import { type Held, sandboxAt } from './sandbox';
import { expect, test } from './setup/test';

type Related = Held & { readonly relationships: Readonly<Record<string, unknown>> };

test('a template of What to Test is kept, mended, inserted for a build and written for several', async ({
  page,
  flightdeck,
}) => {
  test.setTimeout(90_000);
  const sandbox = sandboxAt(flightdeck.sandbox.baseUrl);
  const versions = new Map(
    (await sandbox.list('preReleaseVersions')).map(({ id, attributes }) => [id, attributes]),
  );
  const builds = ((await sandbox.list('builds')) as Related[]).filter(
    ({ attributes }) => attributes.expired !== true && attributes.processingState === 'VALID',
  );
  const [build, other] = builds.filter(({ appId }) => appId === builds[0]?.appId);
  if (!build || !other) throw new Error('An app has two builds that can be tested.');
  const said = ({ attributes, relationships }: Related) =>
    `New in ${versions.get(String(relationships.preReleaseVersion))?.version} (${attributes.version}).`;
  const written = async (of: Related, locale: string) =>
    ((await sandbox.list('betaBuildLocalizations')) as Related[]).find(
      ({ attributes, relationships }) => relationships.build === of.id && attributes.locale === locale,
    )?.attributes.whatsNew;

  await page.goto(`/apps/${build.appId}/builds/${build.id}`);
  await page.getByRole('button', { name: /^(Edit|Write)$/ }).click();
  const languages = page.getByRole('list', { name: 'Languages' });
  await expect(languages).toBeVisible();
  // A slip of the finger outside of a field leaves nothing.
  await page.getByRole('heading', { name: 'What to Test' }).click();
  await page.keyboard.press('Escape');
  await expect(languages).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`/builds/${build.id}`));

  await page.getByRole('button', { name: 'Templates…' }).click();
  const list = page.getByRole('dialog', { name: 'Templates of What to Test' });
  await list.getByRole('button', { name: /^(New template|Keep the form as a template)…$/ }).click();
  const form = page.getByRole('dialog', { name: 'New template' });
  await form.getByLabel('Name').fill('Weekly');
  const label = await form
    .locator('label')
    .filter({ hasText: /^Text in / })
    .first()
    .textContent();
  const language = String(label).replace('Text in ', '');
  await form
    .getByRole('textbox', { name: /^Text in / })
    .first()
    .fill('New in {versoin} ({build}).');
  await expect(form.getByText('Stands for nothing: {versoin}')).toBeVisible();
  await form.getByRole('button', { name: 'Keep template' }).click();
  await expect(list.getByText(/stands for nothing here: \{versoin\}/)).toBeVisible();
  await list.getByRole('button', { name: 'Edit Weekly' }).click();
  const edit = page.getByRole('dialog', { name: 'Edit the template' });
  await edit
    .getByRole('textbox', { name: /^Text in / })
    .first()
    .fill('New in {version} ({build}).');
  await edit.getByRole('button', { name: 'Save template' }).click();
  await expect(list.getByText(/stands for nothing/)).toHaveCount(0);
  await expectWellMade(page, 'the templates of What to Test', ({ scheme, width }) =>
    page.screenshot({ path: `test-results/templates/templates-${scheme}-${width}.png` }),
  );
  await page.screenshot({ path: 'docs/images/note-templates.png', animations: 'disabled' });
  await list.getByRole('button', { name: 'Insert Weekly' }).click();
  await expect(list).toBeHidden();
  await expect(
    languages.getByRole('textbox', { name: `What to Test in ${language}`, exact: true }),
  ).toHaveValue(said(build));
  await page.getByRole('button', { name: /^Save \d+ language/ }).click();
  await expect(languages).toBeHidden();
  const [text] = ((await sandbox.list('betaBuildLocalizations')) as Related[]).filter(
    ({ attributes, relationships }) =>
      relationships.build === build.id && attributes.whatsNew === said(build),
  );
  expect(text).toBeDefined();

  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await page.getByRole('button', { name: 'Write for several builds…' }).click();
  const many = page.getByRole('dialog', { name: 'Write for several builds' });
  await many.getByRole('button', { name: 'Templates…' }).click();
  await list.getByRole('button', { name: 'Use Weekly' }).click();
  await expect(many.getByText('filled in for each build')).toBeVisible();
  await many.getByRole('searchbox').fill(String(other.attributes.version));
  await many
    .getByRole('checkbox', {
      name: new RegExp(`\\(${String(other.attributes.version).replaceAll('.', '\\.')}\\)`),
    })
    .first()
    .check();
  await many.getByRole('button', { name: /^Write for 2 builds$/ }).click();
  await expect(many).toBeHidden();
  await expect
    .poll(() => written(other, String(text?.attributes.locale)), { timeout: 30_000 })
    .toBe(said(other));
});
