import { auditOf, expectAccessible } from './people';
import { type Held, sandboxAt } from './sandbox';
import { expect, test } from './setup/test';
import { expectTold, undo } from './toasts';

/** A build that can be tested and has What to Test in the primary language of its app, and that text. */
async function noted(baseUrl: string) {
  const sandbox = sandboxAt(baseUrl);
  const locales = new Map((await sandbox.list('apps')).map((app) => [app.id, app.attributes.primaryLocale]));
  const open = (await sandbox.list('builds')).filter(({ attributes }) => attributes.expired !== true);
  for (const text of (await sandbox.list('betaBuildLocalizations')) as Related[]) {
    const buildId = text.relationships.build;
    if (text.attributes.locale !== locales.get(text.appId ?? '')) continue;
    if (open.some(({ id }) => id === buildId))
      return { sandbox, text, buildId: String(buildId), appId: String(text.appId) };
  }
  throw new Error('A build has What to Test.');
}

type Related = Held & { readonly relationships: Readonly<Record<string, unknown>> };

test('What to Test is marked, saved in two languages, merged with a colleague’s text, and taken back', async ({
  page,
  flightdeck,
}) => {
  const { sandbox, text, buildId, appId } = await noted(flightdeck.sandbox.baseUrl);
  const now = async () => (await sandbox.get('betaBuildLocalizations', text.id)).attributes.whatsNew;
  const before = await now();
  await page.goto(`/apps/${appId}/builds/${buildId}`);
  await page.getByRole('button', { name: /^(Edit|Write)$/ }).click();
  const languages = page.getByRole('list', { name: 'Languages' });
  const first = languages.getByRole('textbox').first();
  await expect(languages.getByRole('listitem').first()).toContainText('Primary');
  await first.fill('Try the map 🗺️ and the list.');
  await expect(page.getByText('App Store Connect takes no emoji here.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save 1 language' })).toBeDisabled();
  await page.screenshot({ path: test.info().outputPath('notes-marked.png'), fullPage: true });
  await page.getByRole('button', { name: 'Remove it' }).click();
  await expect(first).toHaveValue('Try the map  and the list.');

  // What is typed survives a reload, and is offered with its age.
  await expect
    .poll(async () => (await page.request.get(`/api/drafts?key=notes/${buildId}`)).text())
    .toContain('Try the map  and');
  await page.reload();
  await expect(page.getByText(/You have unsaved text from/)).toBeVisible();
  await page.getByRole('button', { name: 'Go on writing' }).click();
  await expect(first).toHaveValue('Try the map  and the list.');
  await first.fill('Try the map.\nTry the list.\nTry the search.');
  await page.getByLabel('Add a language').selectOption('th');
  await languages.getByRole('textbox', { name: 'What to Test in Thai' }).fill('ลองแผนที่');
  await page.getByRole('button', { name: 'Save 2 languages' }).click();
  await expect.poll(now).toBe('Try the map.\nTry the list.\nTry the search.');
  const thai = async () =>
    (await sandbox.list('betaBuildLocalizations')).find(
      ({ attributes }) => attributes.whatsNew === 'ลองแผนที่',
    );
  await expect.poll(async () => (await thai())?.attributes.locale).toBe('th');
  await undo(page, 'What to Test saved in 2 languages');
  await expect.poll(now).toBe(before);
  expect(await thai()).toBeUndefined();

  // Somebody else changes another line meanwhile: both texts are shown, and merged on request.
  await page.reload();
  await page.getByRole('button', { name: 'Edit' }).click();
  const base = String(before);
  await first.fill(`${base}\nMine.`);
  await sandbox.event({
    kind: 'set',
    type: 'betaBuildLocalizations',
    id: text.id,
    attributes: { whatsNew: `Theirs.\n${base}` },
  });
  await page.getByRole('button', { name: 'Save 1 language' }).click();
  const choice = page.getByRole('alert').filter({ hasText: 'Somebody else changed' });
  await expect(choice).toContainText('Theirs.');
  await expect(choice).toContainText('Mine.');
  await page.screenshot({ path: test.info().outputPath('notes-conflict.png'), fullPage: true });
  await choice.getByRole('button', { name: /^(Merge both|Put both)/ }).click();
  await expect(first).toHaveValue(/Theirs\.[\s\S]*Mine\./);
  await page.getByRole('button', { name: 'Save 1 language' }).click();
  await expect.poll(now).toMatch(/Theirs\.[\s\S]*Mine\./);
  const rows = await auditOf(page, `app=${appId}&type=betaBuildLocalizations`);
  expect(rows.map(({ action, status }) => `${action} ${status}`)).toContain('update succeeded');

  // A language in which somebody else writes meanwhile is not removed: what they wrote is shown.
  await page.reload();
  await page.getByRole('button', { name: 'Edit' }).click();
  await languages
    .getByRole('button', { name: /^Remove / })
    .first()
    .click();
  await sandbox.event({
    ...{ kind: 'set', type: 'betaBuildLocalizations', id: text.id },
    attributes: { whatsNew: 'Theirs again.' },
  });
  await page.getByRole('button', { name: 'Save 1 language' }).click();
  await expect(page.getByText('Somebody has changed this since you opened it.')).toBeVisible();
  await expect(first).toHaveValue('Theirs again.');
  await page.screenshot({ path: test.info().outputPath('notes-not-removed.png'), fullPage: true });
  expect(await now()).toBe('Theirs again.');
  await page.goto('/activity');
  await expect(page.getByText(/changed What to Test/).first()).toBeVisible();
});

test('What to Test is copied from another build, and written for two at once', async ({
  page,
  flightdeck,
}) => {
  const { sandbox, buildId, appId } = await noted(flightdeck.sandbox.baseUrl);
  await page.goto(`/apps/${appId}/builds/${buildId}`);
  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByRole('button', { name: 'Copy from another build…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Copy from another build' });
  await expect(dialog.getByText('This build')).toBeVisible();
  const others = dialog.getByRole('radio', { disabled: false });
  await others.nth(1).check();
  await page.screenshot({ path: test.info().outputPath('notes-copy.png') });
  const read = page.waitForResponse((response) => response.url().includes('/betaBuildLocalizations?'));
  await dialog.getByRole('button', { name: 'Copy into the form' }).click();
  const { data } = (await (await read).json()) as { data: Held[] };
  const [first] = data;
  if (first) {
    const language = new Intl.DisplayNames('en', { type: 'language' }).of(String(first.attributes.locale));
    await expect(page.getByRole('textbox', { name: `What to Test in ${language}` })).toHaveValue(
      String(first.attributes.whatsNew),
    );
  } else await expect(dialog.getByText(/Choose another one/)).toBeVisible();
  if (!first) await page.keyboard.press('Escape');

  // The same text for two builds at once: a job, with an outcome for each.
  await page.getByRole('list', { name: 'Languages' }).getByRole('textbox').first().fill('For both builds.');
  await page.getByRole('button', { name: 'Write for several builds…' }).click();
  const many = page.getByRole('dialog', { name: 'Write for several builds' });
  await many.getByRole('checkbox', { checked: false }).first().check();
  await many.getByRole('button', { name: 'Write for 2 builds' }).click();
  const same = async () =>
    (await sandbox.list('betaBuildLocalizations')).filter(
      ({ attributes }) => attributes.whatsNew === 'For both builds.',
    ).length;
  await expect.poll(same, { timeout: 20_000 }).toBe(2);
  await expectTold(page, /What to Test/);
});

test('test information, the contact and the demo account are changed, and the password is shown to nobody', async ({
  page,
  flightdeck,
}) => {
  const sandbox = sandboxAt(flightdeck.sandbox.baseUrl);
  const detail = (await sandbox.list('betaAppReviewDetails')).find(
    ({ attributes }) => attributes.demoAccountRequired === true,
  );
  if (!detail) throw new Error('An app has a demo account.');
  const appId = String(detail.appId);
  const secret = 'quiet-otter-58';
  await sandbox.event({
    kind: 'set',
    type: 'betaAppReviewDetails',
    id: detail.id,
    attributes: { demoAccountPassword: secret },
  });
  const app = (await sandbox.list('apps')).find(({ id }) => id === appId);
  const row = (await sandbox.list('betaAppLocalizations')).find(
    (one) => one.appId === appId && one.attributes.locale === app?.attributes.primaryLocale,
  );
  const now = async () => (await sandbox.get('betaAppLocalizations', row?.id ?? '')).attributes;
  const review = async () => (await sandbox.get('betaAppReviewDetails', detail.id)).attributes;

  const answers: string[] = [];
  page.on('response', (response) => {
    void response.text().then(
      (words) => answers.push(words),
      () => undefined,
    );
  });
  await page.goto(`/apps/${appId}`);
  await page.getByRole('link', { name: 'Test information' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Test information' })).toBeVisible();
  const languages = page.getByRole('list', { name: 'Languages' });
  const primary = languages.getByRole('listitem').first();
  await expect(primary).toContainText('Primary');
  await primary.getByLabel('Feedback e-mail').fill('nobody');
  await page.getByRole('button', { name: 'Save 1 language' }).click();
  await expect(primary.getByLabel('Feedback e-mail')).toHaveAttribute('aria-invalid', 'true');
  await primary.getByLabel('Feedback e-mail').fill('beta@example.com');
  await primary.getByLabel('Description').fill('What we are up to.');
  await page.getByRole('button', { name: 'Save 1 language' }).click();
  await expect.poll(async () => (await now()).description).toBe('What we are up to.');
  expect((await now()).feedbackEmail).toBe('beta@example.com');
  await expect(page.getByRole('button', { name: 'Save 1 language' })).toBeHidden();

  await page.getByLabel('Add a language').selectOption('vi');
  const added = languages.getByRole('group', { name: 'Vietnamese' });
  await added.getByLabel('Description').fill('Mới');
  await page.getByRole('button', { name: 'Save 1 language' }).click();
  const vietnamese = async () =>
    (await sandbox.list('betaAppLocalizations')).find(
      (one) => one.appId === appId && one.attributes.locale === 'vi',
    );
  await expect.poll(async () => (await vietnamese())?.attributes.description).toBe('Mới');
  await page.getByRole('button', { name: 'Remove Vietnamese' }).click();
  await page.getByRole('button', { name: 'Save 1 language' }).click();
  await expect.poll(vietnamese).toBeUndefined();

  await page.getByLabel('Notes for beta review').fill('Tap twice.');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect.poll(async () => (await review()).notes).toBe('Tap twice.');
  await page.getByRole('switch', { name: 'Sign-in required' }).click();
  await expect.poll(async () => (await review()).demoAccountRequired).toBe(false);
  await expect(page.getByText('A password is set.')).toBeVisible();
  await page.getByLabel('Password of the demo account').fill('calm-otter-59');
  await page.getByRole('button', { name: 'Replace the password' }).click();
  await expect.poll(async () => (await review()).demoAccountPassword).toBe('calm-otter-59');
  await expect(page.getByLabel('Password of the demo account')).toHaveValue('');

  await page.reload();
  await expect(page.getByText('A password is set.')).toBeVisible();
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await page.screenshot({ path: test.info().outputPath(`information-${theme}.png`), fullPage: true });
  }
  await expectAccessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.screenshot({ path: test.info().outputPath('information-phone.png'), fullPage: true });
  expect(answers.join()).not.toContain(secret);
  expect(answers.join()).not.toContain('calm-otter-59');
  const rows = await auditOf(page, `app=${appId}&type=betaAppReviewDetails`);
  expect(rows.length).toBeGreaterThanOrEqual(3);
  expect(JSON.stringify(rows)).not.toContain('calm-otter-59');
});
