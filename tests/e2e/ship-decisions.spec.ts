import { execFileSync } from 'node:child_process';
import type { Locator, Page } from '@playwright/test';
import { expectWellMade } from './axe';
import { auditOf, colleaguePage, jobIdOf } from './people';
import { readyForReview } from './ready-for-review';
import { type Held, sandboxAt } from './sandbox';
import type { Running } from './setup/flightdeck';
import { expect, test } from './setup/test';
import { seen } from './uploads';

// Its time is moved.
test.use({ instance: 'ship' });

/** An app that review would take builds of, with builds that may be submitted, the oldest first. */
let programme: Promise<{ appId: string; builds: Held[] }> | undefined;

async function place(page: Page, flightdeck: Running) {
  const sandbox = sandboxAt(flightdeck.sandbox.baseUrl);
  // Once for all: the list of builds is read at most once a minute.
  programme ??= (async () => {
    const appId = (await sandbox.list('apps'))[1]?.id ?? '';
    await readyForReview(flightdeck, appId);
    const ids: string[] = [];
    for (const minutes of [5, 4, 3, 2, 1]) {
      const attributes = { uploadedDate: new Date(Date.now() - minutes * 60_000).toISOString() };
      const { id } = (await sandbox.event({ kind: 'upload', appId, attributes })) as Held;
      await sandbox.event({ kind: 'finish-processing', buildId: id });
      ids.push(id);
    }
    await seen(page, flightdeck, appId, ids);
    return { appId, builds: await Promise.all(ids.map((id) => sandbox.get('builds', id))) };
  })();
  const { appId, builds } = await programme;
  const group = (await sandbox.list(`betaGroups?app=${appId}`)).find(
    // Who came by a public link has no address that a mail could be counted by.
    ({ attributes }) => attributes.isInternalGroup === false && attributes.publicLinkEnabled === false,
  );
  return { sandbox, appId, builds, group: String(group?.attributes.name) };
}

/** Moves the programme's time as an operator does. */
function moveTime({ databaseUrl, dataDir, sandbox }: Running, ahead: string): void {
  execFileSync(process.execPath, ['.build/flightdeck.mjs', 'clock', 'set', ahead], {
    env: { ...process.env, DATABASE_URL: databaseUrl, DATA_DIR: dataDir, ASC_BASE_URL: sandbox.baseUrl },
  });
}

const HOUR_MS = 3_600_000;
function taken(build: Held | undefined): Held {
  if (!build) throw new Error('No build is left.');
  return build;
}
const numberOf = ({ attributes }: Held) => String(attributes.version);
const steps = (page: Page) => page.getByRole('list', { name: 'Steps' });
const state = (page: Page) => page.getByRole('main').getByRole('status').first();

async function openShip(page: Page, appId: string, build: Held): Promise<Locator> {
  await page.goto(`/apps/${appId}/builds/${build.id}`);
  await page.getByRole('button', { name: 'Ship', exact: true }).click();
  return page.getByRole('dialog', { name: /^Ship / });
}

async function choose(dialog: Locator, group: string): Promise<void> {
  await dialog.getByRole('searchbox').fill(group);
  await dialog.getByRole('checkbox', { name: group }).first().check();
}

/** Looks at the plan, then begins; gives the job's id, and how many testers the plan says are mailed. */
async function begin(page: Page, dialog: Locator) {
  await dialog.getByRole('button', { name: 'Show the plan' }).click();
  const plan = (await dialog.getByRole('list', { name: 'Steps' }).textContent()) ?? '';
  const [, mailed = '0'] = /App Store Connect mails (\d+) testers? of/.exec(plan) ?? [];
  await dialog.getByRole('button', { name: 'Ship', exact: true }).click();
  await expect(page).toHaveURL(/\/jobs\//);
  return { jobId: jobIdOf(page), mailed: Number(mailed) };
}

/** The sentences of the activity, the newest first. */
async function told(page: Page, query: string): Promise<string> {
  const entries = (await auditOf(page, query)) as unknown as {
    who: string;
    sentence: (string | { name: string })[];
  }[];
  const words = (part: string | { name: string }) => (typeof part === 'string' ? part : part.name);
  return entries.map(({ who, sentence }) => `${who} ${sentence.map(words).join('')}`).join('\n');
}

test('what beta review rejects leads to where it says why, and the next build is shipped by the same choices', async ({
  page,
  flightdeck,
}) => {
  test.setTimeout(120_000);
  const { sandbox, appId, group, builds } = await place(page, flightdeck);
  const [first, next] = [taken(builds.shift()), taken(builds.pop())];
  await sandbox.clearMails();
  await choose(await openShip(page, appId, first), group);
  const { jobId: rejectedJob } = await begin(page, page.getByRole('dialog', { name: /^Ship / }));
  await expect(steps(page)).toContainText('Beta review has not decided yet', { timeout: 30_000 });
  await sandbox.event({ kind: 'review', buildId: first.id, decision: 'REJECTED' });
  await expect(state(page)).toHaveText('Stopped', { timeout: 30_000 });
  await expect(steps(page)).toContainText('Beta review has rejected the build');
  const why = new RegExp(`^https://appstoreconnect.apple.com/apps/${appId}/testflight`);
  await expect(page.getByRole('link', { name: /^Read why/ })).toHaveAttribute('href', why);
  await expectWellMade(page, 'a ship that was rejected', ({ scheme, width }) =>
    page.screenshot({ path: `test-results/ship/rejected-${scheme}-${width}.png`, fullPage: true }),
  );
  await page.screenshot({ path: 'docs/images/ship-rejected.png', animations: 'disabled' });
  expect(await sandbox.mails()).toEqual([]);

  await page.getByRole('link', { name: 'See the build' }).click();
  const step = page.getByRole('region', { name: 'Next step' });
  await expect(step).toContainText('Beta review has rejected the build');
  await expect(step.getByRole('link', { name: /^Open App Store Connect/ })).toHaveAttribute('href', why);

  // The page of the stopped ship leads to the next build, by the same choices.
  await page.goto(`/jobs/${rejectedJob}`);
  await expect(page.getByRole('button', { name: 'Go on' })).toHaveCount(0);
  await page
    .getByRole('link', { name: new RegExp(`^Ship the next build, .*\\(${numberOf(next)}\\)$`) })
    .click();
  const dialog = page.getByRole('dialog', { name: /^Ship / });
  await dialog.getByRole('button', { name: 'Choose the same' }).click();
  await expect(dialog.getByRole('checkbox', { name: group }).first()).toBeChecked();
  await dialog.getByRole('textbox', { name: /^What to Test/ }).fill('What review found is mended.');
  const { jobId: shippedJob, mailed } = await begin(page, dialog);
  await expect(steps(page)).toContainText('Beta review has not decided yet', { timeout: 30_000 });
  expect(await sandbox.mails()).toEqual([]);
  await sandbox.event({ kind: 'review', buildId: next.id, decision: 'APPROVED' });
  await expect(state(page)).toHaveText('Done', { timeout: 30_000 });

  const stateOf = async ({ id }: Held) => {
    const answer = await page.request.get(`/api/v1/builds/${id}/buildBetaDetail?refresh=1`);
    const { data } = (await answer.json()) as { data: { attributes: Record<string, unknown> } };
    return data.attributes.externalBuildState;
  };
  expect([await stateOf(first), await stateOf(next)]).toEqual(['BETA_REJECTED', 'IN_BETA_TESTING']);
  const addresses = (await sandbox.mails()).map(({ address }) => address);
  expect(mailed).toBeGreaterThan(0);
  expect([addresses.length, new Set(addresses).size]).toEqual([mailed, mailed]);
  await page.goto('/activity');
  const activity = page.getByRole('list', { name: 'Activity' });
  for (const [verb, build] of [
    ['shipped build', next],
    ['tried to ship build', first],
  ] as const)
    await expect(
      activity
        .getByRole('listitem')
        .filter({ hasText: verb })
        .filter({ hasText: numberOf(build) })
        .first(),
    ).toBeVisible();
  for (const job of [rejectedJob, shippedJob])
    expect(await auditOf(page, `job=${job}&type=betaAppReviewSubmissions`)).toEqual([
      expect.objectContaining({ action: 'create', status: 'succeeded', actorEmail: flightdeck.email }),
    ]);
});

test('a ship at a time waits for a second person, then for its time, and mails each tester once', async ({
  page,
  browser,
  flightdeck,
}) => {
  test.setTimeout(120_000);
  const { sandbox, appId, group, builds } = await place(page, flightdeck);
  const build = taken(builds.shift());
  const dialog = await openShip(page, appId, build);
  await dialog.getByRole('switch', { name: /^A second person approves/ }).click();
  await expect(dialog.getByRole('switch', { name: /^A second person approves/ })).toBeChecked();
  await choose(dialog, group);
  await dialog.getByRole('radio', { name: /^At a time/ }).check();
  // As the browser's field gives it: in the zone of the person.
  const at = Date.now() + 2 * HOUR_MS;
  const local = new Date(at + 345 * 60_000).toISOString().slice(0, 16);
  await dialog.getByLabel('Day and time').fill(local);
  await sandbox.clearMails();
  const { count: since } = await sandbox.changes();
  const { jobId, mailed } = await begin(page, dialog);
  await expect(steps(page)).toContainText('Somebody other than who began it has to approve it');
  await expect(page.getByRole('button', { name: 'Approve', exact: true })).toHaveCount(0);
  const own = await page.request.patch(`/api/jobs/${jobId}`, {
    data: { isApproved: true },
    headers: { origin: flightdeck.url },
  });
  expect([own.status(), await own.text()]).toEqual([409, expect.stringContaining('Somebody other than who')]);

  const email = 'second@example.com';
  const second = await colleaguePage(page, browser, flightdeck.url, { email, role: 'manager' });
  await second.goto(`/jobs/${jobId}`);
  const approve = second.getByRole('button', { name: 'Approve', exact: true });
  await expect(approve).toBeVisible();
  await expect(steps(second)).toContainText('Would add the build to');
  await second.screenshot({ path: 'docs/images/ship-approval.png', animations: 'disabled' });
  expect((await sandbox.changes(since)).changes).toEqual([]);
  await approve.click();
  await expect(approve).toHaveCount(0);

  await expect(steps(page)).toContainText('Beta review has not decided yet', { timeout: 30_000 });
  await sandbox.event({ kind: 'review', buildId: build.id, decision: 'APPROVED' });
  await expect(steps(page)).toContainText('The time to tell testers has not come yet', { timeout: 30_000 });
  const notices = async () =>
    (await sandbox.changes(since)).changes.filter(({ template }) => template === '/v1/buildBetaNotifications')
      .length;
  expect([await sandbox.mails(), await notices()]).toEqual([[], 0]);
  moveTime(flightdeck, '3h');
  await expect(state(page)).toHaveText('Done', { timeout: 30_000 });
  expect(await notices()).toBe(1);
  const addresses = (await sandbox.mails()).map(({ address }) => address);
  expect(mailed).toBeGreaterThan(0);
  expect([addresses.length, new Set(addresses).size]).toEqual([mailed, mailed]);
  expect(await told(page, `resource=${jobId}`)).toMatch(/^second@example\.com approved the job /);
  expect(await told(page, `app=${appId}&type=shipApproval`)).toContain('approval of ships');
  await second.close();
});

test('a ship that is refused says every reason and goes on where it stopped, and one that waits can be ended', async ({
  page,
  flightdeck,
}) => {
  const { sandbox, appId, group, builds } = await place(page, flightdeck);
  const build = taken(builds.shift());
  const dialog = await openShip(page, appId, build);
  const approval = dialog.getByRole('switch', { name: /^A second person approves/ });
  if (await approval.isChecked()) await approval.click();
  await expect(approval).not.toBeChecked();
  await choose(dialog, group);
  await dialog.getByRole('radio', { name: /^Not at all/ }).check();
  const errors = ['Beta App Description is missing.', 'Feedback Email is missing.'].map((detail) => ({
    ...{ code: 'ENTITY_UNPROCESSABLE', detail },
  }));
  const submission = { method: 'POST', route: '/v1/betaAppReviewSubmissions' };
  await sandbox.addFault({ kind: 'status', status: 422, errors, count: 1, ...submission });
  const { count: since } = await sandbox.changes();
  await sandbox.clearMails();
  const { jobId } = await begin(page, dialog);
  await expect(state(page)).toHaveText('Stopped', { timeout: 30_000 });
  for (const { detail } of errors) await expect(steps(page)).toContainText(detail);
  await expect(page.getByRole('link', { name: 'See what is missing' })).toBeVisible();
  await page.screenshot({ path: 'test-results/ship/refused.png', fullPage: true });
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(steps(page)).toContainText('Beta review has not decided yet', { timeout: 30_000 });
  const sent = async () => (await sandbox.changes(since)).changes.map(({ template }) => template);
  const before = await sent();
  expect(before.filter((template) => template.endsWith('/relationships/builds'))).toHaveLength(1);
  expect(before.filter((template) => template === submission.route)).toHaveLength(2);

  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  const question = page.getByRole('dialog', { name: 'Cancel this job?' });
  await page.screenshot({ path: 'test-results/ship/cancel.png' });
  await question.getByRole('button', { name: 'Cancel the job' }).click();
  await expect(state(page)).toHaveText('Cancelled');
  await expect(steps(page)).toContainText('Not reached');
  await page.screenshot({ path: 'test-results/ship/cancelled.png', fullPage: true });
  await sandbox.event({ kind: 'review', buildId: build.id, decision: 'APPROVED' });
  await page.reload();
  await expect(state(page)).toHaveText('Cancelled');
  expect([await sent(), await sandbox.mails()]).toEqual([before, []]);
  expect(await told(page, `job=${jobId}&by=act`)).toContain('tried to ship build');
});

test('a second group gets a build once it has proved itself, and nobody of the first is mailed twice', async ({
  page,
  flightdeck,
}) => {
  test.setTimeout(120_000);
  const { sandbox, appId, group, builds } = await place(page, flightdeck);
  const build = taken(builds.shift());
  const external = (await sandbox.list(`betaGroups?app=${appId}`)).filter(
    ({ attributes }) => attributes.isInternalGroup === false,
  );
  const first = external.find(({ attributes }) => attributes.name === group);
  const second = external.find((one) => one !== first);
  const members = async (of: Held | undefined) => sandbox.list(`betaTesters?group=${of?.id}`);
  const known = new Set((await members(first)).map(({ id }) => id));
  const newcomer = (await members(second)).find(({ id, attributes }) => !known.has(id) && attributes.email);
  await sandbox.event({
    ...{ kind: 'set', type: 'betaTesters', id: newcomer?.id, attributes: { state: 'NOT_INVITED' } },
  });
  const later = String(second?.attributes.name);
  const dialog = await openShip(page, appId, build);
  const approval = dialog.getByRole('switch', { name: /^A second person approves/ });
  if (await approval.isChecked()) await approval.click();
  await choose(dialog, group);
  await dialog.getByRole('checkbox', { name: /^Release to other groups in a second stage/ }).check();
  const stage = dialog.getByRole('group', { name: 'Other groups later' });
  await stage.getByRole('searchbox').fill(later);
  await stage.getByRole('checkbox', { name: later }).first().check();
  await stage.getByLabel('For so many hours').fill('1');
  await stage.getByLabel('New sessions at least').fill('50');
  await stage.getByRole('radio', { name: /^Everybody of the build/ }).scrollIntoViewIfNeeded();
  await page.screenshot({ path: 'test-results/ship/staged-form.png' });
  await sandbox.clearMails();
  const { jobId } = await begin(page, dialog);
  await expect(steps(page)).toContainText('Beta review has not decided yet', { timeout: 30_000 });
  await sandbox.event({ kind: 'review', buildId: build.id, decision: 'APPROVED' });
  const gate = page.getByRole('region', { name: 'The second stage' });
  await expect(gate).toContainText('App Store Connect invites', { timeout: 30_000 });
  const holds = async (of: Held | undefined) =>
    (await sandbox.list(`builds?group=${of?.id}`)).some(({ id }) => id === build.id);
  expect([await holds(first), await holds(second)]).toEqual([true, false]);
  const mailed = async () =>
    (await sandbox.mails()).filter((mail) => mail.appId === appId).map(({ address }) => address);
  const before = await mailed();

  const passHour = async (ahead: string) => {
    await sandbox.stepClock(HOUR_MS);
    moveTime(flightdeck, ahead);
  };
  const use = (sessionCount: number, crashCount: number) =>
    sandbox.event({ kind: 'use', testerId: [...known][0], buildId: build.id, sessionCount, crashCount });
  await use(60, 3);
  await passHour('4h');
  await expect(gate).toContainText('1 − 3 crashes ÷ 60 sessions = 95%', { timeout: 30_000 });
  await expect(gate.getByText('Held', { exact: true })).toBeVisible();
  await expectWellMade(page, 'a second stage that is held', ({ scheme, width }) =>
    page.screenshot({ path: `test-results/ship/staged-${scheme}-${width}.png`, fullPage: true }),
  );
  await page.screenshot({ path: 'docs/images/ship-staged.png', animations: 'disabled' });
  await gate.getByRole('button', { name: /^Release to .* now$/ }).click();
  await page.screenshot({ path: 'test-results/ship/staged-release.png' });
  await page.getByRole('button', { name: 'Go on waiting' }).click();
  await page.goto('/');
  await page.getByRole('button', { name: /^Notices, \d+ unread/ }).click();
  const notice = page.getByRole('link', { name: /held, too few sessions are free of crashes/ });
  await expect(notice).toBeVisible();
  await page.screenshot({ path: 'test-results/ship/staged-bell.png' });
  await notice.click();
  await expect(page).toHaveURL(new RegExp(`/jobs/${jobId}$`));

  // Nobody lets it: enough sessions without a crash do.
  await use(340, 0);
  await passHour('5h');
  await expect(state(page)).toHaveText('Done', { timeout: 30_000 });
  await expect(steps(page)).toContainText('1 − 3 crashes ÷ 400 sessions = 99.2%');
  expect(await holds(second)).toBe(true);
  const all = await mailed();
  expect([all.length, new Set(all).size]).toEqual([before.length + 1, all.length]);
  expect(all.slice(before.length)).toEqual([newcomer?.attributes.email]);
  expect(await auditOf(page, `job=${jobId}&type=betaGroups`)).toEqual([
    expect.objectContaining({ action: 'addLinkage', status: 'succeeded' }),
    expect.objectContaining({ action: 'addLinkage', status: 'succeeded' }),
  ]);
});
