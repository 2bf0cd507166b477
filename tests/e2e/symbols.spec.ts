import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { TRAMLINE_UUID } from '@/lib/sandbox/symbols/tramline';
import { axeFindings } from './axe';
import { expect, test } from './setup/test';

test.use({ instance: 'symbols' });

const DSYM = 'lib/sandbox/symbols/Tramline.app.dSYM.zip';
const UUID = TRAMLINE_UUID.toUpperCase();

interface Issue {
  readonly id: string;
  readonly attributes: { readonly topFrame?: string; readonly title: string };
}

/** The app of which a build came without symbols. */
async function appOf(page: Page): Promise<string> {
  const { data } = await (await page.request.get('/api/v1/apps')).json();
  return data.find(({ attributes }: { attributes: { name: string } }) => /tram/i.test(attributes.name)).id;
}

/** The same; waits until its crashes are read. */
async function unnamed(page: Page): Promise<{ appId: string; issues: () => Promise<Issue[]> }> {
  const appId = await appOf(page);
  const missing = async () => {
    const { data } = await (await page.request.get(`/api/symbols?app=${appId}`)).json();
    return data.missing.flatMap(({ images }: { images: { uuid: string }[] }) =>
      images.map(({ uuid }) => uuid),
    );
  };
  await expect.poll(missing, { timeout: 90_000 }).toContain(UUID);
  const issues = async () => (await (await page.request.get(`/api/issues?filter[app]=${appId}`)).json()).data;
  return { appId, issues };
}

/** Drops a file as a person does from another window. */
async function dropped(page: Page, file: string, name: string): Promise<void> {
  const transfer = await page.evaluateHandle(
    ({ content, name: called }) => {
      const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
      const data = new DataTransfer();
      data.items.add(new File([bytes], called));
      return data;
    },
    { content: readFileSync(file).toString('base64'), name },
  );
  await page.getByRole('region', { name: 'Send symbols' }).dispatchEvent('drop', { dataTransfer: transfer });
}

test('a dSYM dropped on the page turns an unsymbolicated group into named frames', async ({ page }) => {
  test.setTimeout(240_000);
  const { appId, issues } = await unnamed(page);
  const nameless = (await issues()).find(({ attributes }) => (attributes.topFrame ?? '') === '');
  expect(nameless).toBeDefined();
  await page.goto(`/issues/${nameless?.id}`);
  await expect(page.getByText('Symbols missing for 1 image')).toBeVisible();
  await page.getByRole('link', { name: 'Add symbols' }).click();
  await expect(page).toHaveURL(new RegExp(`/apps/${appId}/symbols`));
  await expect(page.getByText(UUID).first()).toBeVisible();
  await page.screenshot({ path: 'docs/images/symbols.png', animations: 'disabled' });
  // What is none is refused in words.
  await page
    .getByLabel('Files with symbols')
    .setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no symbols') });
  await expect(page.getByText('neither a Mach-O file nor')).toBeVisible();
  await dropped(page, DSYM, 'Tramline.app.dSYM.zip');
  await expect(page.getByText(/^Taken: Tramline \(arm64\)/)).toBeVisible();
  await expect(page.getByRole('list', { name: 'Symbols that are here' }).getByText(UUID)).toBeVisible();
  // The worker reads them and groups anew; the issue keeps its address.
  await expect
    .poll(async () => (await issues()).find(({ id }) => id === nameless?.id)?.attributes.topFrame ?? '', {
      timeout: 90_000,
    })
    .toMatch(/^[A-Z]\w+\.\w+/);
  const named = (await issues()).find(({ id }) => id === nameless?.id)?.attributes.topFrame ?? '';
  await page.goto(`/issues/${nameless?.id}`);
  await expect(
    page.getByRole('region', { name: 'The stack that tells what happened' }).getByText(named).first(),
  ).toBeVisible();
  await expect(page.getByText(/Symbols missing/)).toBeHidden();
});

test('a file larger than the proxy holds is taken as it is', async ({ page }) => {
  await page.goto(`/apps/${await appOf(page)}/symbols`);
  // A dSYM with as many bytes behind it as no page may hold in memory.
  const buffer = Buffer.concat([
    readFileSync('tests/fixtures/symbols/Harbour'),
    Buffer.alloc(24 * 1024 * 1024, 7),
  ]);
  await page
    .getByLabel('Files with symbols')
    .setInputFiles({ name: 'Harbour', mimeType: 'application/octet-stream', buffer });
  await expect(page.getByText(/Harbour \(arm64\)/).first()).toBeVisible();
  await expect(page.getByText('No crash report that is here needs it so far.').first()).toBeVisible();
});

for (const scheme of ['light', 'dark'] as const) {
  test(`the page of symbols in ${scheme}: no finding of axe, as narrow as a phone`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    const { data } = await (await page.request.get('/api/v1/apps')).json();
    await page.goto(`/apps/${data[0].id}/symbols`);
    await expect(page.getByRole('heading', { level: 1, name: 'Symbols' })).toBeVisible();
    for (const [width, height] of [
      [1440, 900],
      [390, 844],
    ] as const) {
      await page.setViewportSize({ width, height });
      await page.screenshot({ path: `test-results/symbols/symbols-${scheme}-${width}.png`, fullPage: true });
      expect.soft(await axeFindings(page), `at ${width}`).toEqual([]);
      const isTooWide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
      expect.soft(isTooWide, `wider than ${width}`).toBe(false);
    }
  });
}
