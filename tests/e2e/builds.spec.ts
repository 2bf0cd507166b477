import type { Page } from '@playwright/test';
import { expectWellMade } from './axe';
import { readyForReview } from './ready-for-review';
import { type Held, sandboxAt } from './sandbox';
import type { Running } from './setup/flightdeck';
import { expect, test } from './setup/test';
import { undo } from './toasts';
import { seen } from './uploads';

// Its builds end expired in groups that other files give builds to.
test.use({ instance: 'builds' });

const atSandbox = ({ sandbox }: Running) => sandboxAt(sandbox.baseUrl);
/** New builds that wait for their answer to export compliance, once Flightdeck has heard of them. */
async function unanswered(page: Page, flightdeck: Running, appId: string, count: number): Promise<Held[]> {
  const sandbox = atSandbox(flightdeck);
  const ids: string[] = [];
  for (let made = 0; made < count; made += 1) {
    const attributes = { usesNonExemptEncryption: null };
    const { id } = (await sandbox.event({ kind: 'upload', appId, attributes })) as { id: string };
    await sandbox.event({ kind: 'finish-processing', buildId: id });
    ids.push(id);
  }
  await seen(page, flightdeck, appId, ids);
  return Promise.all(ids.map((id) => sandbox.get('builds', id)));
}

/** Each test has an app of its own: what a page shows is read again once a minute. */
const appAt = async (flightdeck: Running, place: number) =>
  (await atSandbox(flightdeck).list('apps'))[place]?.id ?? '';

test('a build goes from missing compliance to its testers’ hands, and expires', async ({
  page,
  flightdeck,
}) => {
  test.setTimeout(90_000);
  const sandbox = atSandbox(flightdeck);
  const appId = await appAt(flightdeck, 0);
  await readyForReview(flightdeck, appId);
  const [build] = await unanswered(page, flightdeck, appId, 1);
  if (!build) throw new Error('No build was uploaded.');
  const { id, attributes } = build;
  const held = () => sandbox.get('builds', id);
  const states = async () => {
    const answer = await page.request.get(`/api/v1/builds/${id}/buildBetaDetail?refresh=1`);
    return ((await answer.json()) as { data: { attributes: Record<string, unknown> } }).data.attributes;
  };
  const groups = (await sandbox.list(`betaGroups?app=${appId}`)).filter(
    (one) => one.attributes.hasAccessToAllBuilds !== true,
  );
  const external = groups.find((one) => one.attributes.isInternalGroup === false);
  const manual = groups.find((one) => one.attributes.isInternalGroup === true);
  if (!external || !manual) throw new Error('The programme has no groups to give a build to.');

  await page.goto(`/apps/${appId}/builds/${id}`);
  await page.waitForLoadState('networkidle');
  const step = page.getByRole('region', { name: 'Next step' });
  await expect(step).toContainText('until then nobody can test');
  await expectWellMade(page, 'a build without an answer', ({ scheme, width }) =>
    page.screenshot({ path: `test-results/builds/build-${scheme}-${width}.png`, fullPage: true }),
  );

  await step.getByRole('button', { name: 'Answer export compliance' }).click();
  const compliance = page.getByRole('dialog', { name: 'Answer export compliance' });
  await compliance.getByRole('radio', { name: /^Something to be declared anew/ }).check();
  await page.screenshot({ path: 'test-results/builds/dialog-declaration.png' });
  await compliance.getByRole('radio', { name: /^None, or only what is exempt/ }).check();
  await compliance.getByRole('button', { name: 'Answer', exact: true }).click();
  await expect(compliance).toBeHidden();
  expect((await held()).attributes.usesNonExemptEncryption).toBe(false);
  // Apple's state lags; the page says so, looks again and goes on by itself.
  await expect(step).toContainText('processing once more');
  await sandbox.stepClock(120_000);
  await expect(step).toContainText('once beta review has approved it', { timeout: 20_000 });

  await page.getByRole('button', { name: 'Add to groups', exact: true }).click();
  const giving = page.getByRole('dialog', { name: 'Add to groups' });
  await expect(giving.getByRole('listitem').filter({ hasText: 'Has it already' }).first()).toBeVisible();
  for (const group of [external, manual]) {
    await giving.getByRole('searchbox').fill(String(group.attributes.name));
    await giving
      .getByRole('checkbox', { name: String(group.attributes.name) })
      .first()
      .check();
  }
  await page.screenshot({ path: 'test-results/builds/dialog-groups.png' });
  await giving.getByRole('button', { name: 'Add to 2 groups' }).click();
  await expect(giving).toBeHidden();
  const isIn = async (group: Held) =>
    (await sandbox.list(`builds?group=${group.id}`)).some((one) => one.id === id);
  expect([await isIn(external), await isIn(manual)]).toEqual([true, true]);
  await page.getByRole('button', { name: `Take the build out of ${manual.attributes.name}` }).click();
  await expect.poll(() => isIn(manual)).toBe(false);
  await undo(page, /Taken out of/);
  await expect.poll(() => isIn(manual)).toBe(true);

  await page.getByRole('button', { name: 'Notify testers' }).click();
  const notice = page.getByRole('dialog', { name: 'Notify testers' });
  await expect(notice).toContainText('refuses a notice by hand');
  await notice.getByRole('button', { name: 'Switch automatic notification off' }).click();
  await expect(notice.getByRole('button', { name: 'Notify testers' })).toBeVisible();
  // The page shows it at once; the request is still on its way.
  await expect.poll(async () => (await states()).autoNotifyEnabled).toBe(false);
  await notice.getByRole('button', { name: 'Notify testers' }).click();
  await expect(notice.getByRole('alert')).toContainText('not in externally testable state');
  await notice.getByRole('button', { name: 'Cancel' }).click();

  await step.getByRole('button', { name: 'Submit for beta review' }).click();
  const submit = page.getByRole('dialog', { name: 'Submit for beta review' });
  await submit.getByRole('button', { name: 'Submit for review' }).click();
  await expect(submit).toBeHidden();
  await expect(step).toContainText('The build is with beta review');
  expect((await states()).externalBuildState).toBe('WAITING_FOR_BETA_REVIEW');

  await sandbox.event({ kind: 'review', buildId: id, decision: 'APPROVED' });
  const mails = async () => (await sandbox.mails()).length;
  await page.waitForTimeout(5_500);
  await page.getByRole('button', { name: /^Read .* again$/ }).click();
  await expect(step.getByRole('button', { name: 'Notify testers' })).toBeVisible();
  const before = await mails();
  await step.getByRole('button', { name: 'Notify testers' }).click();
  await notice.getByRole('button', { name: 'Notify testers' }).click();
  await expect(notice).toBeHidden();
  expect(await mails()).toBeGreaterThan(before);
  expect((await states()).externalBuildState).toBe('IN_BETA_TESTING');

  await page.getByRole('button', { name: 'More to do with the build' }).click();
  await page.getByRole('menuitem', { name: 'Expire build' }).click();
  const expire = page.getByRole('alertdialog', { name: 'Expire this build?' });
  await expect(expire).toContainText('It reaches 3 groups');
  await expect(expire.getByRole('button', { name: 'Expire build' })).toBeDisabled();
  await expire.getByRole('textbox').fill(String(attributes.version));
  await page.screenshot({ path: 'test-results/builds/dialog-expire.png' });
  await expire.getByRole('button', { name: 'Expire build' }).click();
  await expect(expire).toBeHidden();
  expect((await held()).attributes.expired).toBe(true);
  await expect(step).toContainText('cannot be tested any more');

  await page.goto('/activity');
  const told = page.getByRole('main');
  for (const words of [
    /expired build/,
    /notified the testers of build/,
    /submitted build .* for beta review/,
    /switched off automatic notification of build/,
    /answered the export compliance of build .* as exempt/,
  ])
    await expect(told.getByText(words).first()).toBeVisible();
});

test('builds of all apps are found by what they lack and answered together', async ({ page, flightdeck }) => {
  const appId = await appAt(flightdeck, 1);
  const [declared, ...builds] = await unanswered(page, flightdeck, appId, 3);
  if (!declared) throw new Error('No build was uploaded.');
  await page.goto('/builds?usesNonExemptEncryption=none&expired=false');
  await page.waitForLoadState('networkidle');
  await expectWellMade(page, 'all builds', ({ scheme, width }) =>
    page.screenshot({ path: `test-results/builds/all-${scheme}-${width}.png` }),
  );
  for (const { attributes } of builds)
    await page
      .getByRole('row')
      .filter({ hasText: `(${attributes.version})` })
      .getByRole('checkbox')
      .check();
  await page.getByRole('button', { name: 'Answer export compliance' }).click();
  const dialog = page.getByRole('dialog', { name: 'Answer export compliance' });
  await dialog.getByRole('radio', { name: /^None, or only what is exempt/ }).check();
  await dialog.getByRole('button', { name: 'Answer for 2 builds' }).click();
  await expect(dialog).toBeHidden();
  // A job goes on by itself.
  for (const { id } of builds)
    await expect
      .poll(async () => (await atSandbox(flightdeck).get('builds', id)).attributes.usesNonExemptEncryption, {
        timeout: 30_000,
      })
      .toBe(false);

  // One is declared anew on its own page, with its document.
  const sandbox = atSandbox(flightdeck);
  await page.goto(`/apps/${appId}/builds/${declared.id}`);
  await page
    .getByRole('region', { name: 'Next step' })
    .getByRole('button', { name: 'Answer export compliance' })
    .click();
  await dialog.getByRole('radio', { name: /^Something to be declared anew/ }).check();
  await dialog.getByLabel('What the app does, and what it encrypts').fill('Messages, end to end.');
  await dialog.getByRole('switch', { name: /^Standard encryption beside the system/ }).click();
  // More than one part of those that Apple asks for.
  const buffer = Buffer.alloc(300 * 1024, 'classified ');
  await dialog
    .getByLabel('Document', { exact: true })
    .setInputFiles({ name: 'approval.pdf', mimeType: 'application/pdf', buffer });
  await dialog.getByRole('button', { name: 'Answer', exact: true }).click();
  await expect(dialog).toBeHidden();
  expect((await sandbox.get('builds', declared.id)).attributes.usesNonExemptEncryption).toBe(true);
  const papers = await sandbox.list(`appEncryptionDeclarationDocuments?app=${appId}`);
  expect(papers.filter(({ attributes }) => attributes.fileName === 'approval.pdf')).toEqual([
    expect.objectContaining({ attributes: expect.objectContaining({ fileSize: buffer.length }) }),
  ]);
});
