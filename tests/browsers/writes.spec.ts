import { request } from '@playwright/test';
import { sandboxAt } from '../e2e/sandbox';
import { expect, test } from './setup/test';
import { the } from './setup/visit';

test('a group gets another name, at App Store Connect too, and its old one back', async ({
  visit,
  flightdeck,
}) => {
  const sandbox = sandboxAt(flightdeck.sandbox.baseUrl);
  const [group] = (await sandbox.list('betaGroups')).filter(({ attributes }) => !attributes.isInternalGroup);
  const before = String(group?.attributes.name);
  const nameNow = async () => (await sandbox.get('betaGroups', group?.id ?? '')).attributes.name;
  await visit.open(`/apps/${group?.appId}/groups/${group?.id}`);
  await visit.press('e');
  await expect.poll(async () => (await visit.sees(the('textbox', 'Rename the group'))).isFocused).toBe(true);
  // What stood there was selected, and is written over.
  await visit.type('Night shift');
  await visit.press('Enter');
  await visit.sees(the('heading', /Night shift/));
  await expect.poll(nameNow).toBe('Night shift');
  await visit.click(the('button', 'Undo'));
  await expect.poll(nameNow).toBe(before);
  await visit.sees(the('heading'), before);
});

test('an open page follows what somebody else changes', async ({ visit, flightdeck }) => {
  const { url, sandbox } = flightdeck;
  await visit.open('/groups');
  await visit.sees(the('link', undefined, { within: the('table', 'groups') }));
  // Of several hundred only those in sight are drawn.
  const shown = await visit.run(() => document.querySelector('tr[data-row] a')?.getAttribute('href') ?? '');
  const group = await sandboxAt(sandbox.baseUrl).get('betaGroups', shown.split('/').at(-1) ?? '');
  const api = await request.newContext({ baseURL: url, extraHTTPHeaders: { origin: url } });
  const { csrfToken } = (await (await api.get('/api/auth/csrf')).json()) as { csrfToken: string };
  const form = { csrfToken, email: flightdeck.email, password: flightdeck.password, json: 'true' };
  await api.post('/api/auth/callback/credentials', { form: { ...form, callbackUrl: url } });
  const rename = async (name: string) => {
    const data = { data: { type: 'betaGroups', id: group?.id, attributes: { name } } };
    expect((await api.patch(`/api/v1/betaGroups/${group?.id}`, { data })).ok()).toBe(true);
  };
  // So that it stays among the first.
  const elsewhere = '1 named elsewhere';
  await rename(elsewhere);
  await visit.sees(the('link', elsewhere));
  await rename(String(group?.attributes.name));
  await visit.seesNo(the('link', elsewhere));
  await api.dispose();
});

test('a build is shipped to a small group, once its plan has been seen', async ({ visit, flightdeck }) => {
  const sandbox = sandboxAt(flightdeck.sandbox.baseUrl);
  const group = (await sandbox.list('betaGroups')).find(
    ({ attributes }) => attributes.isInternalGroup && !attributes.hasAccessToAllBuilds,
  );
  const held = async () =>
    ((await sandbox.get('betaGroups', group?.id ?? '')) as unknown as { relationships: { builds: string[] } })
      .relationships.builds;
  const has = await held();
  const build = (await sandbox.list('builds')).find(
    ({ id, appId, attributes }) =>
      appId === group?.appId &&
      !has.includes(id) &&
      !attributes.expired &&
      attributes.processingState === 'VALID' &&
      attributes.usesNonExemptEncryption !== null,
  );
  const name = String(group?.attributes.name);
  await visit.open(`/apps/${group?.appId}/builds/${build?.id}`);
  await visit.click(the('button', 'Ship'));
  const within = the('dialog', /^Ship /);
  await visit.click(the('searchbox', undefined, { within }));
  await visit.type(name);
  await visit.click(the('checkbox', new RegExp(`^${name}`), { within }));
  await visit.click(the('checkbox', /^Submit for beta review/, { within }));
  await visit.click(the('radio', /^Not at all/, { within }));
  await visit.click(the('button', 'Show the plan', { within }));
  await visit.sees(the('list', 'Steps', { within }), name);
  await visit.click(the('button', 'Ship', { within }));
  await expect.poll(() => visit.address()).toMatch(/^\/jobs\//);
  await visit.sees(the('status'), /^Done/);
  expect(await held()).toContain(build?.id);
});
