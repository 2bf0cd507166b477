import { type Browser, expect, type Page } from '@playwright/test';
import { axeFindings } from './axe';
import type { Running } from './setup/flightdeck';
import { readAgain } from './uploads';

/** A tester as the sandbox holds one. */
export interface HeldTester {
  readonly id: string;
  readonly appId: string;
  readonly email: string | null;
  readonly firstName: string | null;
  readonly state: string;
  readonly groupIds: readonly string[];
  readonly buildIds: readonly string[];
}

interface Held {
  readonly id: string;
  readonly appId: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly relationships: Readonly<Record<string, unknown>>;
}

/** The sandbox's people, groups, builds and mails, beside the API that Flightdeck uses. */
export function peopleAt(baseUrl: string) {
  const call = async <Answer>(method: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(`${baseUrl}/sandbox/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Answer;
  };
  const testers = async (appId: string): Promise<HeldTester[]> =>
    (await call<Held[]>('GET', `resources/betaTesters?app=${appId}`)).map(testerOf);
  return {
    testers,
    tester: async (appId: string, email: string): Promise<HeldTester | undefined> =>
      (await testers(appId)).find((one) => one.email?.toLowerCase() === email.toLowerCase()),
    /** The app with the most testers, a closed external group of it, and its builds that have not expired. */
    async place() {
      const groups = await call<Held[]>('GET', 'resources/betaGroups');
      const group = groups.find(
        ({ attributes }) => !attributes.isInternalGroup && !attributes.publicLinkEnabled,
      );
      if (!group) throw new Error('The programme has no closed external group.');
      const open = groups.find(
        ({ appId, attributes, id }) =>
          appId === group.appId && !attributes.isInternalGroup && id !== group.id,
      );
      const [app] = (await call<Held[]>('GET', 'resources/apps')).filter(({ id }) => id === group.appId);
      const builds = (await call<Held[]>('GET', `resources/builds?app=${group.appId}`)).filter(
        ({ attributes }) => !attributes.expired && attributes.processingState === 'VALID',
      );
      return {
        appId: group.appId,
        appName: String(app?.attributes.name),
        group: { id: group.id, name: String(group.attributes.name) },
        other: { id: open?.id ?? '', name: String(open?.attributes.name) },
        builds: builds.map(({ id, attributes }) => ({ id, version: String(attributes.version) })),
      };
    },
    /** Invitation e-mails by address. */
    invitations: async () =>
      (await call<{ invitations: Record<string, number> }>('GET', 'mails')).invitations,
    settings: (settings: Record<string, number>) => call<unknown>('POST', 'settings', settings),
    event: (event: Record<string, unknown>) => call<unknown>('POST', 'events', event),
    addFault: (fault: Record<string, unknown>) => call<unknown>('POST', 'faults', fault),
    clearFaults: () => call<unknown>('DELETE', 'faults'),
  };
}

function testerOf({ id, appId, attributes, relationships }: Held): HeldTester {
  const text = (value: unknown) => (typeof value === 'string' ? value : null);
  const ids = (value: unknown) => (Array.isArray(value) ? (value as string[]) : []);
  return {
    id,
    appId,
    email: text(attributes.email),
    firstName: text(attributes.firstName),
    state: String(attributes.state),
    groupIds: ids(relationships.betaGroups),
    buildIds: ids(relationships.builds),
  };
}

interface AuditRow {
  readonly action: string;
  readonly type: string;
  readonly label: string | null;
  readonly status: string;
  readonly actorEmail: string | null;
  readonly resourceId: string | null;
  readonly undoOf: string | null;
}

/** The audit trail as the activity shows it; `query` filters by app, type, action, job. */
export async function auditOf(page: Page, query: string): Promise<readonly AuditRow[]> {
  const response = await page.request.get(`/api/activity?limit=200&${query}`);
  expect(response.ok()).toBe(true);
  return ((await response.json()) as { data: AuditRow[] }).data;
}

/** Reads the testers of an app anew, where tests before have added or removed some at Apple, until all are known. */
export async function testersKnown(
  page: Page,
  flightdeck: Running,
  appId: string,
  count: number,
): Promise<void> {
  const known = async () => {
    const answer = await page.request.get(`/api/v1/betaTesters?filter[apps]=${appId}&limit=1`);
    return ((await answer.json()) as { meta: { paging: { total: number } } }).meta.paging.total;
  };
  if ((await known()) === count) return;
  await readAgain(page, flightdeck, { of: 'betaTesters', app: appId });
  await expect.poll(known, { timeout: 30_000 }).toBe(count);
}

/** The id of the job whose page is open. */
export function jobIdOf(page: Page): string {
  return new URL(page.url()).pathname.split('/').at(-1) ?? '';
}

/** Waits until the job whose page or dialog is shown has ended. */
export async function waitForJob(page: Page, words: RegExp = /^Done/): Promise<void> {
  await expect(page.getByRole('status').filter({ hasText: words }).first()).toBeVisible({ timeout: 60_000 });
}

/** No finding of axe on the page at hand, wide and on a phone, and nothing beside a phone's screen. */
export async function expectAccessible(page: Page): Promise<void> {
  // Colours are the same at both widths.
  for (const { colours, ...size } of [
    { width: 390, height: 844 },
    { width: 1440, height: 900, colours: 'left out' as const },
  ]) {
    await page.setViewportSize(size);
    // In a corner the pointer rests on nothing that would tell more of itself.
    await page.mouse.move(size.width - 1, size.height - 1);
    expect.soft(await axeFindings(page, colours ? { colours } : {}), `axe at ${size.width}`).toEqual([]);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect.soft(width, `width at ${size.width}`).toBeLessThanOrEqual(size.width);
  }
}

/** A page of somebody who may only look, added to the team by `page`. */
export function viewerPage(page: Page, browser: Browser, url: string, email: string): Promise<Page> {
  return colleaguePage(page, browser, url, { email, role: 'viewer' });
}

/** A page of somebody else, added to the team by `page`. */
export async function colleaguePage(
  page: Page,
  browser: Browser,
  url: string,
  { email, role }: { readonly email: string; readonly role: string },
): Promise<Page> {
  const added = await page.request.post('/api/team', { headers: { origin: url }, data: { email, role } });
  const { meta } = (await added.json()) as { meta: { temporaryPassword: string } };
  const context = await browser.newContext({ storageState: { cookies: [], origins: [] }, baseURL: url });
  const colleague = await context.newPage();
  await colleague.goto('/sign-in');
  await colleague.getByLabel('E-mail').fill(email);
  await colleague.getByLabel('Password').fill(meta.temporaryPassword);
  await colleague.getByRole('button', { name: 'Sign in' }).click();
  await colleague.getByLabel('Temporary password').fill(meta.temporaryPassword);
  await colleague.getByLabel('New password').fill('three calm otters rowing');
  await colleague.keyboard.press('Enter');
  await expect(colleague.getByRole('heading', { level: 1, name: 'Health' })).toBeVisible();
  return colleague;
}
