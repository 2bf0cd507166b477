import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Resource } from '@/lib/sandbox/engine/resource';
import { type Answer, codesOf, openSandbox, type TestSandbox } from './sandbox-client';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let sandbox: TestSandbox;
let app: Resource;
let fresh: Resource;

beforeAll(async () => {
  sandbox = await openSandbox();
});

beforeEach(async () => {
  sandbox.reset();
  const [first] = sandbox.parts().world.store.all('apps').values();
  if (!first) throw new Error('no app');
  app = first;
  readyForReview();
  fresh = await uploaded();
});

afterAll(() => sandbox.close());

const store = () => sandbox.parts().world.store;

/** Texts and contact complete, and nothing of the app in review. */
function readyForReview(): void {
  for (const text of store().related(app, 'betaAppLocalizations'))
    store().update(text, { description: 'A fine app', feedbackEmail: 'beta@example.com' });
  const contact = store().relatedOne(app, 'betaAppReviewDetail');
  const names = {
    contactFirstName: 'A',
    contactLastName: 'B',
    contactPhone: '+351 1',
    contactEmail: 'a@example.com',
  };
  if (contact) store().update(contact, { ...names, demoAccountRequired: false });
  for (const submission of store().all('betaAppReviewSubmissions').values())
    if (submission.attributes.betaReviewState !== 'APPROVED') store().remove(submission);
}

async function uploaded(attributes: Record<string, unknown> = {}): Promise<Resource> {
  const answer = await sandbox.control('POST', 'events', { kind: 'upload', appId: app.id, attributes });
  await sandbox.control('POST', 'events', { kind: 'finish-processing', buildId: answer.body.id });
  return build(answer.body.id);
}

function build(id: string): Resource {
  const found = store().get('builds', id);
  if (!found) throw new Error(`no build ${id}`);
  return found;
}

async function states(id: string): Promise<{ internal: string; external: string }> {
  const answer = await sandbox.call('GET', `/v1/builds/${id}/buildBetaDetail`);
  const { internalBuildState, externalBuildState } = answer.body.data.attributes;
  return { internal: internalBuildState, external: externalBuildState };
}

function post(type: string, attributes: unknown, buildId: string): Promise<Answer> {
  const relationships = { build: { data: { type: 'builds', id: buildId } } };
  return sandbox.call('POST', `/v1/${type}`, {
    data: { type, ...(attributes ? { attributes } : {}), relationships },
  });
}

function patchBuild(id: string, attributes: unknown): Promise<Answer> {
  return sandbox.call('PATCH', `/v1/builds/${id}`, { data: { type: 'builds', id, attributes } });
}

const step = (ms: number) => sandbox.control('POST', 'clock/step', { ms });

describe('a build', () => {
  test('finishes processing by itself and reaches the group that gets every build', async () => {
    const answer = await sandbox.control('POST', 'events', { kind: 'upload', appId: app.id });
    const { id } = answer.body;
    expect(await states(id)).toEqual({ internal: 'PROCESSING', external: 'PROCESSING' });
    await step(16 * MINUTE_MS);
    expect(await states(id)).toEqual({ internal: 'IN_BETA_TESTING', external: 'READY_FOR_BETA_SUBMISSION' });
    const upload = await sandbox.call('GET', `/v1/buildUploads/${id}`);
    expect(upload.body.data.attributes.state.state).toBe('COMPLETE');
  });

  test('waits for its export compliance answer, which cannot be changed', async () => {
    const silent = await uploaded({ usesNonExemptEncryption: null });
    expect((await states(silent.id)).external).toBe('MISSING_EXPORT_COMPLIANCE');
    const unanswered = await sandbox.call(
      'GET',
      `/v1/builds?filter%5Bapp%5D=${app.id}&exists%5BusesNonExemptEncryption%5D=false`,
    );
    expect(unanswered.body.data.map((one: { id: string }) => one.id)).toContain(silent.id);
    expect(codesOf(await patchBuild(silent.id, { usesNonExemptEncryption: true }))).toEqual([
      'ENTITY_ERROR.RELATIONSHIP.REQUIRED',
    ]);
    expect((await patchBuild(silent.id, { usesNonExemptEncryption: false })).status).toBe(200);
    expect((await states(silent.id)).internal).toBe('PROCESSING');
    await step(2 * MINUTE_MS);
    expect((await states(silent.id)).external).toBe('READY_FOR_BETA_SUBMISSION');
    expect(codesOf(await patchBuild(silent.id, { usesNonExemptEncryption: true }))).toEqual([
      'STATE_ERROR.ENTITY_STATE_INVALID',
    ]);
  });

  test('expires when asked or after 90 days, and never comes back', async () => {
    expect((await patchBuild(fresh.id, { expired: true })).body.data.attributes.expired).toBe(true);
    expect(await states(fresh.id)).toEqual({ internal: 'EXPIRED', external: 'EXPIRED' });
    expect((await patchBuild(fresh.id, { expired: false })).status).toBe(409);
    const other = await uploaded();
    await step(91 * 24 * HOUR_MS);
    expect(build(other.id).attributes.expired).toBe(true);
  });

  test('announces itself only by hand when it does not do so by itself', async () => {
    const early = await post('buildBetaNotifications', null, fresh.id);
    expect(early.body.errors[0]).toMatchObject({
      code: 'STATE_ERROR.ENTITY_STATE_INVALID',
      detail: 'Auto-notify already enabled',
    });
    const detail = store().relatedOne(fresh, 'buildBetaDetail');
    const body = {
      data: { type: 'buildBetaDetails', id: detail?.id, attributes: { autoNotifyEnabled: false } },
    };
    await sandbox.call('PATCH', `/v1/buildBetaDetails/${detail?.id}`, body);
    const unapproved = await post('buildBetaNotifications', null, fresh.id);
    expect(unapproved.body.errors[0].detail).toBe('Build is not in externally testable state.');
  });
});

describe('the document of a declaration', () => {
  test('is taken in parts and closed only when all of them are there', async () => {
    const declared = await sandbox.call('POST', '/v1/appEncryptionDeclarations', {
      data: {
        type: 'appEncryptionDeclarations',
        attributes: {
          ...{ appDescription: 'Notes', availableOnFrenchStore: false },
          ...{ containsProprietaryCryptography: true, containsThirdPartyCryptography: false },
        },
        relationships: { app: { data: { type: 'apps', id: app.id } } },
      },
    });
    const declaration = { type: 'appEncryptionDeclarations', id: declared.body.data.id };
    const type = 'appEncryptionDeclarationDocuments';
    const reserved = await sandbox.call('POST', `/v1/${type}`, {
      data: {
        type,
        attributes: { fileName: 'ccats.pdf', fileSize: 300 * 1024 },
        relationships: { appEncryptionDeclaration: { data: declaration } },
      },
    });
    const { id, attributes } = reserved.body.data;
    const parts: { url: string; offset: number; length: number }[] = attributes.uploadOperations;
    expect(parts.map(({ offset, length }) => [offset, length])).toEqual([
      [0, 256 * 1024],
      [256 * 1024, 44 * 1024],
    ]);
    const put = async ({ url }: { url: string }, size: number) =>
      (await fetch(url, { method: 'PUT', body: new Uint8Array(size) })).status;
    const close = () =>
      sandbox.call('PATCH', `/v1/${type}/${id}`, { data: { type, id, attributes: { uploaded: true } } });
    const state = async () =>
      (await sandbox.call('GET', `/v1/appEncryptionDeclarations/${declaration.id}`)).body.data.attributes
        .appEncryptionDeclarationState;
    const [first, second] = parts;
    if (!first || !second) throw new Error('no parts');
    expect([await put(first, first.length), await put(second, first.length)]).toEqual([200, 400]);
    expect(codesOf(await close())).toEqual(['STATE_ERROR.ENTITY_STATE_INVALID']);
    expect(await state()).toBe('CREATED');
    expect(await put(second, second.length)).toBe(200);
    expect([(await close()).status, await state()]).toEqual([200, 'IN_REVIEW']);
  });
});

describe('beta review', () => {
  test('goes from waiting to in review to a decision, and lets external testers in', async () => {
    const group = store()
      .related(app, 'betaGroups')
      .find((one) => one.attributes.isInternalGroup === false);
    const added = await sandbox.call('POST', `/v1/builds/${fresh.id}/relationships/betaGroups`, {
      data: [{ type: 'betaGroups', id: group?.id }],
    });
    expect(added.status).toBe(204);
    expect((await states(fresh.id)).external).toBe('READY_FOR_BETA_SUBMISSION');
    const submitted = await post('betaAppReviewSubmissions', null, fresh.id);
    expect(submitted.body.data.attributes.betaReviewState).toBe('WAITING_FOR_REVIEW');
    await step(3.1 * HOUR_MS);
    expect((await states(fresh.id)).external).toBe('IN_BETA_REVIEW');
    await sandbox.control('POST', 'events', { kind: 'review', buildId: fresh.id, decision: 'APPROVED' });
    expect((await states(fresh.id)).external).toBe('IN_BETA_TESTING');
    const filter = `filter%5Bapp%5D=${app.id}&filter%5BbetaAppReviewSubmission.betaReviewState%5D=APPROVED`;
    const approved = await sandbox.call('GET', `/v1/builds?${filter}`);
    expect(approved.body.data.map((one: { id: string }) => one.id)).toContain(fresh.id);
  });

  test('is decided by itself when nobody does', async () => {
    await post('betaAppReviewSubmissions', null, fresh.id);
    await step(5 * HOUR_MS);
    expect(['BETA_APPROVED', 'IN_BETA_TESTING', 'BETA_REJECTED']).toContain(
      (await states(fresh.id)).external,
    );
  });

  test('is slow, and ends as it is told', async () => {
    await sandbox.control('POST', 'settings', { reviewDelayMs: 48 * HOUR_MS, reviewDecision: 'REJECTED' });
    await post('betaAppReviewSubmissions', null, fresh.id);
    await step(50 * HOUR_MS);
    expect((await states(fresh.id)).external).toBe('WAITING_FOR_BETA_REVIEW');
    await step(2 * HOUR_MS);
    expect((await states(fresh.id)).external).toBe('IN_BETA_REVIEW');
    await step(49 * HOUR_MS);
    expect((await states(fresh.id)).external).toBe('BETA_REJECTED');
    expect((await sandbox.control('POST', 'settings', { reviewDecision: 'PERHAPS' })).status).toBe(400);
  });

  test('takes one build of a version at a time, and expiring it frees the place', async () => {
    await post('betaAppReviewSubmissions', null, fresh.id);
    expect(codesOf(await post('betaAppReviewSubmissions', null, fresh.id))).toEqual([
      'ENTITY_UNPROCESSABLE.INVALID_QC_STATE',
    ]);
    const sibling = await uploaded();
    expect(codesOf(await post('betaAppReviewSubmissions', null, sibling.id))).toEqual([
      'ENTITY_UNPROCESSABLE.ANOTHER_BUILD_IN_REVIEW',
    ]);
    await patchBuild(fresh.id, { expired: true });
    expect((await post('betaAppReviewSubmissions', null, sibling.id)).status).toBe(201);
  });

  test('wants descriptions, a contact and the demo account', async () => {
    const submit = async () => (await post('betaAppReviewSubmissions', null, fresh.id)).body.errors[0].detail;
    const contact = store().relatedOne(app, 'betaAppReviewDetail');
    if (!contact) throw new Error('no contact');
    store().update(contact, { demoAccountRequired: true, demoAccountName: null });
    expect(await submit()).toBe('The demo account is required but incomplete.');
    store().update(contact, { contactPhone: null });
    expect(await submit()).toBe('Beta App Review information is missing: contactPhone.');
    const [text] = store().related(app, 'betaAppLocalizations');
    if (text) store().update(text, { description: '' });
    expect(await submit()).toBe('Beta App Description is missing.');
  });
});

describe('texts', () => {
  test('What to Test refuses emoji, <, too much of it, a strange locale and a second of the same', async () => {
    const write = (attributes: Record<string, unknown>) =>
      post('betaBuildLocalizations', attributes, fresh.id);
    for (const whatsNew of ['Try the map 🗺️', 'a < b', '👍', '1️⃣ first'])
      expect((await write({ locale: 'en-US', whatsNew })).body.errors[0].detail).toBe(
        'Text for whatsNew contains invalid characters',
      );
    expect(codesOf(await write({ locale: 'en-US', whatsNew: 'é'.repeat(2001) }))).toEqual([
      'ENTITY_ERROR.ATTRIBUTE.INVALID.TOO_LONG',
    ]);
    expect((await write({ locale: 'xx-YY', whatsNew: 'x' })).body.errors[0].source.pointer).toBe(
      '/data/attributes/locale',
    );
    expect((await write({ locale: 'en-US', whatsNew: '© Ω → “quotes” & ™' })).status).toBe(201);
    expect(codesOf(await write({ locale: 'en-US', whatsNew: 'x' }))).toEqual([
      'ENTITY_ERROR.ATTRIBUTE.INVALID.DUPLICATE',
    ]);
  });
});

describe('App Clip invocations', () => {
  test('are at most three per build and come with their titles', async () => {
    const invocation = [...store().all('betaAppClipInvocations').values()][0];
    const bundle = store().get('buildBundles', String(invocation?.relationships.buildBundle));
    if (!bundle) throw new Error('no bundle');
    for (const one of store().related(bundle, 'betaAppClipInvocations')) store().remove(one);
    const create = (local: string) =>
      sandbox.call('POST', '/v1/betaAppClipInvocations', {
        data: {
          type: 'betaAppClipInvocations',
          attributes: { url: 'https://example.com/c' },
          relationships: {
            buildBundle: { data: { type: 'buildBundles', id: bundle.id } },
            betaAppClipInvocationLocalizations: {
              data: [{ type: 'betaAppClipInvocationLocalizations', id: local }],
            },
          },
        },
        included: [
          {
            type: 'betaAppClipInvocationLocalizations',
            id: `\${a}`,
            attributes: { title: 'T', locale: 'en-US' },
          },
        ],
      });
    expect(codesOf(await create(`\${b}`))).toEqual(['ENTITY_ERROR.RELATIONSHIP.INVALID']);
    for (let n = 0; n < 3; n += 1) expect((await create(`\${a}`)).status).toBe(201);
    expect((await create(`\${a}`)).status).toBe(409);
    const include = 'include=betaAppClipInvocationLocalizations';
    const listed = await sandbox.call(
      'GET',
      `/v1/buildBundles/${bundle.id}/betaAppClipInvocations?${include}`,
    );
    expect(listed.body.included).toHaveLength(3);
  });
});
