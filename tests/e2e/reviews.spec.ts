import { expectWellMade } from './axe';
import { auditOf } from './people';
import { readyForReview } from './ready-for-review';
import { type Held, sandboxAt } from './sandbox';
import { expect, test } from './setup/test';
import { seen } from './uploads';

// Its builds are rejected and expire, which other files would find.
test.use({ instance: 'builds' });

type Built = Held & { readonly relationships: Readonly<Record<string, unknown>> };

test('the queue of beta review leads from a rejection to the next build, and out of review', async ({
  page,
  flightdeck,
}) => {
  test.setTimeout(90_000);
  const sandbox = sandboxAt(flightdeck.sandbox.baseUrl);
  const appId = (await sandbox.list('apps'))[1]?.id ?? '';
  const upload = async () => {
    const { id } = (await sandbox.event({ kind: 'upload', appId, attributes: {} })) as { id: string };
    await sandbox.event({ kind: 'finish-processing', buildId: id });
    return id;
  };
  await readyForReview(flightdeck, appId);
  /** Reads a build anew: its list is read at most once a minute. */
  const state = async (id: string) => {
    const answer = await page.request.get(`/api/v1/builds/${id}?refresh=1`);
    const { data } = (await answer.json()) as { data?: { meta?: { externalBuildState?: string } } };
    return data?.meta?.externalBuildState;
  };
  const first = await upload();
  const second = await upload();
  await seen(page, flightdeck, appId, [first, second]);
  await expect.poll(() => state(first), { timeout: 30_000 }).toBe('READY_FOR_BETA_SUBMISSION');
  const sent = await page.request.post('/api/v1/betaAppReviewSubmissions', {
    data: {
      data: {
        type: 'betaAppReviewSubmissions',
        relationships: { build: { data: { type: 'builds', id: first } } },
      },
    },
    headers: { origin: flightdeck.url },
  });
  expect(sent.status(), await sent.text()).toBe(201);
  await sandbox.event({ kind: 'review', buildId: first, decision: 'REJECTED' });
  expect(await state(second)).toBe('READY_FOR_BETA_SUBMISSION');
  expect(await state(first)).toBe('BETA_REJECTED');

  const number = async (id: string) =>
    String(((await sandbox.get('builds', id)) as Built).attributes.version);
  await page.goto(`/reviews?app=${appId}`);
  await page.waitForLoadState('networkidle');
  const row = async (id: string) =>
    page.locator('tr[data-row]').filter({ has: page.locator(`a[href$="/builds/${id}"][data-row-link]`) });
  const rejected = await row(first);
  await expect(page.locator('tr[data-row]').first()).toContainText('Rejected');
  await expect(rejected.getByRole('link', { name: /^Read why/ })).toHaveAttribute(
    'href',
    new RegExp(`^https://appstoreconnect.apple.com/apps/${appId}/testflight`),
  );
  await expectWellMade(page, 'the queue of beta review', ({ scheme, width }) =>
    page.screenshot({ path: `test-results/reviews/reviews-${scheme}-${width}.png` }),
  );
  await page.screenshot({ path: 'docs/images/reviews.png', animations: 'disabled' });

  await rejected.getByRole('button', { name: /^Submit .* for beta review$/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Submit for beta review' });
  await expect(dialog).toContainText(await number(second));
  await dialog.getByRole('button', { name: 'Submit for review' }).click();
  await expect(dialog).toBeHidden();
  const waiting = await row(second);
  await expect(waiting).toContainText('Waiting for review');
  await expect(rejected.getByRole('link', { name: /^See / })).toBeVisible();
  expect((await auditOf(page, 'betaAppReviewSubmissions'))[0]).toMatchObject({
    action: 'create',
    status: 'succeeded',
  });

  await waiting.getByRole('button', { name: 'Withdraw…' }).click();
  const withdraw = page.getByRole('alertdialog', { name: 'Withdraw from beta review?' });
  await expect(withdraw).toContainText('no way to withdraw a build from review but to expire it');
  await withdraw.getByRole('textbox').fill(await number(second));
  await withdraw.getByRole('button', { name: 'Withdraw and expire' }).click();
  await expect(withdraw).toBeHidden();
  await expect(waiting).toHaveCount(0);
  expect((await sandbox.get('builds', second)).attributes.expired).toBe(true);
});
