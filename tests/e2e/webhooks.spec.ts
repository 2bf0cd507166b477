import type { Page } from '@playwright/test';
import { complaintsOf, expectWellMade } from './axe';
import { auditOf } from './people';
import { sandboxAt } from './sandbox';
import { expect, test } from './setup/test';
import { expectTold } from './toasts';

test.use({ instance: 'webhooks' });

const rowOf = (page: Page, name: string) =>
  page.getByRole('list', { name: 'Webhooks' }).getByRole('listitem').filter({ hasText: name });

test('webhooks are registered for all apps, and what App Store Connect tells is in the open page at once', async ({
  page,
  flightdeck,
}) => {
  test.setTimeout(240_000);
  const complaints = complaintsOf(page);
  const { baseUrl } = flightdeck.sandbox;
  const sandbox = sandboxAt(baseUrl);
  const control = async (path: string, body: object) => {
    const answer = await fetch(`${baseUrl}/sandbox/${path}`, { method: 'POST', body: JSON.stringify(body) });
    expect(answer.ok).toBe(true);
    return (await answer.json()) as { id: string };
  };
  const apps = await sandbox.list('apps');
  const [app] = apps;
  const name = String(app?.attributes.name);
  await page.goto('/settings/webhooks');
  await expect(rowOf(page, name)).toContainText('With the next sync');
  await page.getByRole('button', { name: 'Register webhooks for all apps' }).click();
  await expectTold(page, /webhooks? registered/);
  const hooks = await sandbox.list('webhooks');
  expect(hooks).toHaveLength(apps.length);
  expect(hooks.every(({ attributes }) => attributes.enabled === true)).toBe(true);
  expect((await auditOf(page, `app=${app?.id}&type=webhooks`))[0]).toMatchObject({ status: 'succeeded' });
  await expect(rowOf(page, name)).toContainText('Registered');

  await page.getByRole('button', { name: `Send a test for ${name}` }).click();
  await expect(rowOf(page, name)).toContainText(/a test/, { timeout: 30_000 });
  await expect(rowOf(page, name)).toContainText('At once');
  await expectWellMade(page, 'webhooks', ({ scheme, width }) =>
    page.screenshot({ path: `test-results/webhooks/page-${scheme}-${width}.png`, fullPage: true }),
  );

  await page.screenshot({ path: 'docs/images/webhooks.png', animations: 'disabled' });

  // Feedback that comes in while the inbox is open, without a sync.
  await page.goto(`/apps/${app?.id}/feedback`);
  await page.waitForLoadState('networkidle');
  const comment = 'The cart forgets what I put in';
  const cameAt = Date.now();
  await control('events', { kind: 'feedback', appId: app?.id, type: 'screenshot', attributes: { comment } });
  await expect(page.getByText(comment).first()).toBeVisible({ timeout: 15_000 });
  expect(Date.now() - cameAt).toBeLessThan(5_000);

  // One that is lost on the way stands among the deliveries, and is sent again from there.
  await control('webhook-manners', { loseEvery: 1 });
  await control('events', { kind: 'feedback', appId: app?.id, type: 'crash' });
  await fetch(`${baseUrl}/sandbox/webhooks`);
  await control('webhook-manners', { loseEvery: 0 });
  await page.goto('/settings/webhooks');
  await page.getByRole('button', { name: `Deliveries for ${name}` }).click();
  const dialog = page.getByRole('dialog', { name: 'Deliveries' });
  const lost = dialog.getByRole('listitem').filter({ hasText: 'Did not arrive' });
  await expect(lost).toContainText('A crash was sent in');
  await expectWellMade(page, 'deliveries', ({ scheme, width }) =>
    page.screenshot({ path: `test-results/webhooks/deliveries-${scheme}-${width}.png` }),
  );
  await lost.getByRole('button', { name: /^Send again/ }).click();
  await expect(dialog.getByRole('listitem').filter({ hasText: 'Sent again' })).toContainText('Arrived');
  await page.keyboard.press('Escape');

  // Whether a secret was taken cannot be looked up: where the answer is lost that is said, and the same is told again.
  const renew = async () => {
    await page.getByRole('button', { name: `New secret for ${name}` }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Make a new secret' }).click();
  };
  const change = { method: 'PATCH', route: '/v1/webhooks/{id}' };
  await sandbox.addFault({ ...change, kind: 'status', status: 502 });
  await renew();
  await expect(rowOf(page, name)).toContainText(
    'It is not known whether App Store Connect uses the new secret',
  );
  await sandbox.clearFaults();
  await expectWellMade(page, 'secret in doubt', ({ scheme, width }) =>
    page.screenshot({ path: `test-results/webhooks/doubt-${scheme}-${width}.png`, fullPage: true }),
  );
  await renew();
  await expect(rowOf(page, name)).toContainText('The secret before goes out of use in');

  // Somebody switches it off there. Told again in vain, it is looked at anew and found so; then it is set right.
  const hook = hooks.find(({ appId }) => appId === app?.id) ?? { id: '' };
  await sandbox.event({ kind: 'set', type: 'webhooks', id: hook.id, attributes: { enabled: false } });
  await sandbox.addFault({ ...change, kind: 'lie', count: 1 });
  await renew();
  await expect(rowOf(page, name)).toContainText('It is switched off', { timeout: 60_000 });
  await expectWellMade(page, 'changed there', ({ scheme, width }) =>
    page.screenshot({ path: `test-results/webhooks/changed-${scheme}-${width}.png`, fullPage: true }),
  );
  await rowOf(page, name)
    .getByRole('button', { name: /^Set right/ })
    .click();
  await expect(rowOf(page, name)).not.toContainText('It is switched off');
  expect((await sandbox.get('webhooks', hook.id)).attributes).toMatchObject({ enabled: true });
  await page.getByRole('button', { name: `Remove ${name}` }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(rowOf(page, name)).toContainText('With the next sync');
  expect(await sandbox.list('webhooks')).toHaveLength(apps.length - 1);
  expect(complaints.filter((one) => !/status of 504/.test(one))).toEqual([]);
});
