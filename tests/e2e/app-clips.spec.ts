import type { Page } from '@playwright/test';
import { expectWellMade } from './axe';
import { auditOf } from './people';
import { type Held, sandboxAt } from './sandbox';
import { expect, test } from './setup/test';

type Related = Held & { readonly relationships: Readonly<Record<string, string>> };
const TITLES = 'betaAppClipInvocationLocalizations';

/** Several requests are taken back by as many, not by the trail alone. */
async function takeBack(page: Page, words: string): Promise<void> {
  const toast = page.locator('[data-sonner-toast]').filter({ hasText: words });
  await toast.getByRole('button', { name: 'Undo' }).first().click();
  await expect(page.locator('[data-sonner-toast]').filter({ hasText: 'Undone' }).first()).toBeVisible();
}

test('addresses of an App Clip are written, refused at their field, copied to the next build and taken back', async ({
  page,
  flightdeck,
}) => {
  test.setTimeout(90_000);
  const sandbox = sandboxAt(flightdeck.sandbox.baseUrl);
  const open = new Map(
    (await sandbox.list('builds')).flatMap((build) =>
      build.attributes.expired === true ? [] : [[build.id, String(build.attributes.uploadedDate)]],
    ),
  );
  const bundles = ((await sandbox.list('buildBundles')) as Related[])
    .filter(
      ({ attributes, relationships }) =>
        attributes.bundleType === 'APP_CLIP' && open.has(String(relationships.build)),
    )
    .toSorted((one, other) =>
      (open.get(String(other.relationships.build)) ?? '').localeCompare(
        open.get(String(one.relationships.build)) ?? '',
      ),
    );
  const [newest, older] = bundles;
  if (!newest || !older) throw new Error('Two builds that can be tested carry an App Clip.');
  const of = async (bundle: Held) =>
    ((await sandbox.list('betaAppClipInvocations')) as Related[]).filter(
      ({ relationships }) => relationships.buildBundle === bundle.id,
    );
  for (const bundle of [newest, older])
    for (const one of await of(bundle))
      await sandbox.event({ kind: 'remove', type: 'betaAppClipInvocations', id: one.id });

  await page.goto(`/apps/${newest.appId}/app-clips?build=${older.relationships.build}`);
  await expect(page.getByText('No address yet')).toBeVisible();
  await page.getByRole('button', { name: 'Add an address' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add an address' });
  await dialog.getByLabel('Address').fill('menu');
  await dialog.getByRole('button', { name: 'Add address' }).click();
  await expect(dialog.getByText('Enter a complete address')).toBeVisible();
  await dialog.getByLabel('Address').fill('https://kelp.example.com/menu');
  const title = dialog.getByLabel(/^Title in /).first();
  await title.fill('x'.repeat(300));
  await dialog.getByRole('button', { name: 'Add address' }).click();
  await expect(dialog.getByRole('alert').filter({ hasText: 'App Store Connect says' })).toBeVisible();
  await page.screenshot({ path: 'test-results/app-clips/refused.png' });
  const isKept = page.waitForResponse(
    (answer) =>
      answer.url().endsWith('/api/drafts') && answer.request().postData()?.includes('"Menu"') === true,
  );
  await title.fill('Menu');
  await isKept;
  await page.reload();
  await page.getByRole('button', { name: 'Add an address' }).click();
  await expect(dialog.getByText('Draft kept from')).toBeVisible();
  await expect(dialog.getByLabel('Address')).toHaveValue('https://kelp.example.com/menu');
  await expect(title).toHaveValue('Menu');
  await dialog.getByLabel('Add a language').selectOption('de-DE');
  await dialog.getByLabel('Title in German (Germany)').fill('Karte');
  await dialog.getByRole('button', { name: 'Add address' }).click();
  await expect(dialog).toBeHidden();
  const [made] = await of(older);
  expect(made?.attributes.url).toBe('https://kelp.example.com/menu');
  const titles = async () =>
    ((await sandbox.list(TITLES)) as Related[])
      .filter(({ relationships }) => relationships.betaAppClipInvocation === made?.id)
      .map(({ attributes }) => attributes.title)
      .toSorted();
  expect(await titles()).toEqual(['Karte', 'Menu']);

  await page.getByRole('button', { name: 'Edit https://kelp.example.com/menu' }).click();
  const edit = page.getByRole('dialog', { name: 'Edit the address' });
  await edit.getByLabel('Title in German (Germany)').fill('Speisekarte');
  await edit.getByRole('button', { name: 'Save' }).click();
  await expect(edit).toBeHidden();
  await expect.poll(titles).toEqual(['Menu', 'Speisekarte']);
  await takeBack(page, 'Address saved');
  await expect.poll(titles).toEqual(['Karte', 'Menu']);

  // What somebody else changes while the form is open stays theirs, unless the same is changed here: then both are told.
  await page.getByRole('button', { name: 'Edit https://kelp.example.com/menu' }).click();
  const german = (await sandbox.list(TITLES)).find(({ attributes }) => attributes.title === 'Karte');
  await sandbox.event({ kind: 'set', type: TITLES, id: german?.id, attributes: { title: 'Gerichte' } });
  await edit.getByLabel('Address').fill('https://kelp.example.com/dishes');
  await edit.getByRole('button', { name: 'Save' }).click();
  await expect(edit).toBeHidden();
  await expect.poll(titles).toEqual(['Gerichte', 'Menu']);
  await takeBack(page, 'Address saved');
  await page.getByRole('button', { name: 'Edit https://kelp.example.com/menu' }).click();
  await sandbox.event({ kind: 'set', type: TITLES, id: german?.id, attributes: { title: 'Karte' } });
  await edit.getByLabel('Title in German (Germany)').fill('Unsere Karte');
  await edit.getByRole('button', { name: 'Save' }).click();
  await expect(edit.getByText(/Somebody else has made it .*Karte/)).toBeVisible();
  await page.screenshot({ path: 'test-results/app-clips/overtaken.png' });
  expect(await titles()).toEqual(['Karte', 'Menu']);
  await edit.getByRole('button', { name: 'Save' }).click();
  await expect(edit).toBeHidden();
  await expect.poll(titles).toEqual(['Menu', 'Unsere Karte']);
  await takeBack(page, 'Address saved');
  await expect.poll(titles).toEqual(['Karte', 'Menu']);

  await expect(page.getByRole('region', { name: 'For testers' }).getByRole('listitem').first()).toBeVisible();
  await expectWellMade(page, 'the App Clips of an app', ({ scheme, width }) =>
    page.screenshot({ path: `test-results/app-clips/app-clips-${scheme}-${width}.png`, fullPage: true }),
  );
  await page.screenshot({ path: 'docs/images/app-clips.png', animations: 'disabled' });

  await page.getByRole('button', { name: 'Copy to another build…' }).click();
  const copy = page.getByRole('dialog', { name: 'Copy to another build' });
  await copy.getByLabel('To build').selectOption(newest.id);
  await expect(copy.getByText('Will be copied')).toBeVisible();
  await copy.getByRole('button', { name: 'Copy 1 address' }).click();
  await expect(copy).toBeHidden();
  expect((await of(newest)).map(({ attributes }) => attributes.url)).toEqual([
    'https://kelp.example.com/menu',
  ]);
  expect((await auditOf(page, 'betaAppClipInvocations'))[0]).toMatchObject({
    ...{ action: 'create', status: 'succeeded', appId: newest.appId },
  });
  // What is there already is left out.
  await page.getByRole('button', { name: 'Copy to another build…' }).click();
  await copy.getByLabel('To build').selectOption(newest.id);
  await expect(copy.getByText('There already')).toBeVisible();
  await copy.getByRole('button', { name: 'Cancel' }).click();

  await page.getByRole('button', { name: 'Delete https://kelp.example.com/menu' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete address' }).click();
  await expect.poll(async () => (await of(older)).length).toBe(0);
  await takeBack(page, 'Address deleted');
  await expect.poll(async () => (await of(older)).length).toBe(1);
});
