import type { Resource } from '@/lib/sandbox/engine/resource';
import type { Sandbox } from '@/lib/sandbox/server';

export interface Attempt {
  id?: string;
  body?: unknown;
}

/** One acceptable request per published write, on a sandbox that is brought into the state it needs. */
export function createAttempts(sandbox: Pick<Sandbox, 'parts'>): Readonly<Record<string, () => Attempt>> {
  const store = () => sandbox.parts().world.store;

  function pick(type: string, wanted: (one: Resource) => boolean = () => true): Resource {
    const found = [...store().all(type).values()].find(wanted);
    if (!found) throw new Error(`the programme has no such ${type}`);
    return found;
  }

  const external = (): Resource => pick('betaGroups', (one) => one.attributes.publicLinkEnabled === true);
  const manualInternal = (): Resource => {
    const group = pick('betaGroups', (one) => one.attributes.isInternalGroup === true);
    store().update(group, { hasAccessToAllBuilds: false });
    return group;
  };
  const testerOf = (group: Resource): Resource => {
    const [tester] = store().related(group, 'betaTesters');
    if (!tester) throw new Error('the group is empty');
    return tester;
  };
  const state = (build: Resource): unknown =>
    store().relatedOne(build, 'buildBetaDetail')?.attributes.externalBuildState;
  const isTested = (build: Resource): boolean =>
    store().relatedOne(build, 'buildBetaDetail')?.attributes.internalBuildState === 'IN_BETA_TESTING';
  const buildIn = (wanted: string, appId?: string | null): Resource => {
    const found = [...store().all('builds').values()].find(
      (one) => state(one) === wanted && (appId === undefined || one.appId === appId),
    );
    if (found) return found;
    const any = pick(
      'builds',
      (one) => one.attributes.expired !== true && (appId === undefined || one.appId === appId),
    );
    const detail = store().relatedOne(any, 'buildBetaDetail');
    if (detail) store().update(detail, { externalBuildState: wanted, internalBuildState: 'IN_BETA_TESTING' });
    return any;
  };
  const link = (type: string, id: string | null | undefined) => ({ data: { type, id } });
  const data = (type: string, attributes: unknown, relationships: unknown, id?: string) => ({
    data: {
      type,
      ...(id === undefined ? {} : { id }),
      ...(attributes ? { attributes } : {}),
      ...(relationships ? { relationships } : {}),
    },
  });
  const list = (type: string, ...ids: string[]) => ({ data: ids.map((id) => ({ type, id })) });
  const patch = (type: string, one: Resource, attributes: unknown): Attempt => ({
    id: one.id,
    body: data(type, attributes, null, one.id),
  });
  const remove = (one: Resource): Attempt => ({ id: one.id });
  const withoutGroup = (group: Resource, type: 'builds' | 'betaTesters'): Resource => {
    const app = store().get('apps', group.appId ?? '');
    const inside = new Set(
      store()
        .related(group, type)
        .map((one) => one.id),
    );
    const found = (app ? store().related(app, type) : []).find(
      (one) => !inside.has(one.id) && (type === 'betaTesters' || isTested(one)),
    );
    if (found) return found;
    const [member] = store().related(group, type);
    if (!member) throw new Error('nothing to add');
    store().unlink(group, type, [member.id]);
    return member;
  };

  function webhook(): Resource {
    return store().insert({
      type: 'webhooks',
      id: 'hook',
      appId: external().appId,
      attributes: {
        name: 'Hook',
        url: 'http://127.0.0.1:9/',
        secret: 's',
        enabled: true,
        eventTypes: ['BUILD_UPLOAD_STATE_UPDATED'],
      },
      relationships: { app: external().appId },
    });
  }

  function delivery(): Resource {
    const hook = webhook();
    const event = {
      type: 'webhookEvents',
      id: 'event',
      appId: hook.appId,
      attributes: { payload: '{}' },
      relationships: {},
    };
    store().insert(event);
    const attributes = { deliveryState: 'FAILED' };
    return store().insert({
      type: 'webhookDeliveries',
      id: 'delivery',
      appId: hook.appId,
      attributes,
      relationships: { webhook: hook.id, event: event.id },
    });
  }

  function criteria(): Resource {
    const group = external();
    const attributes = {
      deviceFamilyOsVersionFilters: [{ deviceFamily: 'IPHONE' }],
      lastModifiedDate: '2026-01-01T00:00:00Z',
    };
    return store().insert({
      type: 'betaRecruitmentCriteria',
      id: 'criteria',
      appId: group.appId,
      attributes,
      relationships: { betaGroup: group.id },
    });
  }

  function reserved(): Resource {
    return pick('appEncryptionDeclarationDocuments');
  }

  function undocumented(): Resource {
    const one = pick('appEncryptionDeclarationDocuments');
    const declaration = store().relatedOne(one, 'appEncryptionDeclaration');
    store().remove(one);
    if (!declaration) throw new Error('no declaration');
    return declaration;
  }

  function quietBuild(): Resource {
    const build = buildIn('IN_BETA_TESTING');
    const detail = store().relatedOne(build, 'buildBetaDetail');
    if (detail) store().update(detail, { autoNotifyEnabled: false });
    return build;
  }

  function invited(): Resource {
    const tester = testerOf(external());
    store().update(tester, { state: 'INVITED', email: 'someone@example.com', inviteType: 'EMAIL' });
    return tester;
  }

  function submittable(): Resource {
    for (const submission of store().all('betaAppReviewSubmissions').values())
      if (submission.attributes.betaReviewState !== 'APPROVED') store().remove(submission);
    const build = buildIn('READY_FOR_BETA_SUBMISSION');
    const app = store().get('apps', build.appId ?? '');
    for (const text of app ? store().related(app, 'betaAppLocalizations') : [])
      store().update(text, { description: 'A fine app', feedbackEmail: 'beta@example.com' });
    const contact = app && store().relatedOne(app, 'betaAppReviewDetail');
    if (contact)
      store().update(contact, {
        contactFirstName: 'A',
        contactLastName: 'B',
        contactPhone: '+351 210 000 000',
        contactEmail: 'a@example.com',
        demoAccountRequired: false,
      });
    return build;
  }

  function freeBundle(): Resource {
    const invocation = pick('betaAppClipInvocations');
    const bundle = pick('buildBundles', (one) => one.id === invocation.relationships.buildBundle);
    for (const one of store().related(bundle, 'betaAppClipInvocations')) store().remove(one);
    return bundle;
  }

  const declarationIn = (build: Resource): Resource =>
    store().insert({
      type: 'appEncryptionDeclarations',
      id: 'declaration',
      appId: build.appId,
      attributes: { appEncryptionDeclarationState: 'APPROVED' },
      relationships: { app: build.appId },
    });

  return {
    'POST /v1/appEncryptionDeclarationDocuments': () => ({
      body: data(
        'appEncryptionDeclarationDocuments',
        { fileSize: 12, fileName: 'a.pdf' },
        {
          appEncryptionDeclaration: link('appEncryptionDeclarations', undocumented().id),
        },
      ),
    }),
    'PATCH /v1/appEncryptionDeclarationDocuments/{id}': () =>
      patch('appEncryptionDeclarationDocuments', reserved(), { uploaded: true, sourceFileChecksum: 'x' }),
    'POST /v1/appEncryptionDeclarations': () => ({
      body: data(
        'appEncryptionDeclarations',
        {
          appDescription: 'TLS only',
          containsProprietaryCryptography: false,
          containsThirdPartyCryptography: true,
          availableOnFrenchStore: true,
        },
        { app: link('apps', external().appId) },
      ),
    }),
    'POST /v1/appEncryptionDeclarations/{id}/relationships/builds': () => {
      const build = buildIn('IN_BETA_TESTING');
      return { id: declarationIn(build).id, body: list('builds', build.id) };
    },
    'DELETE /v1/apps/{id}/relationships/betaTesters': () => {
      const tester = testerOf(external());
      return { id: tester.appId ?? '', body: list('betaTesters', tester.id) };
    },
    'POST /v1/betaAppClipInvocationLocalizations': () => {
      const invocation = pick('betaAppClipInvocations');
      const taken = store()
        .related(invocation, 'betaAppClipInvocationLocalizations')
        .map((one) => one.attributes.locale);
      const locale = ['fr-FR', 'ja', 'da'].find((one) => !taken.includes(one));
      return {
        body: data(
          'betaAppClipInvocationLocalizations',
          { title: 'Titel', locale },
          {
            betaAppClipInvocation: link('betaAppClipInvocations', invocation.id),
          },
        ),
      };
    },
    'PATCH /v1/betaAppClipInvocationLocalizations/{id}': () =>
      patch('betaAppClipInvocationLocalizations', pick('betaAppClipInvocationLocalizations'), {
        title: 'New',
      }),
    'DELETE /v1/betaAppClipInvocationLocalizations/{id}': () =>
      remove(pick('betaAppClipInvocationLocalizations')),
    'POST /v1/betaAppClipInvocations': () => ({
      body: {
        ...data(
          'betaAppClipInvocations',
          { url: 'https://example.com/clip' },
          {
            buildBundle: link('buildBundles', freeBundle().id),
            betaAppClipInvocationLocalizations: list('betaAppClipInvocationLocalizations', `\${en}`),
          },
        ),
        included: [
          {
            type: 'betaAppClipInvocationLocalizations',
            id: `\${en}`,
            attributes: { title: 'Order', locale: 'en-US' },
          },
        ],
      },
    }),
    'PATCH /v1/betaAppClipInvocations/{id}': () =>
      patch('betaAppClipInvocations', pick('betaAppClipInvocations'), { url: 'https://example.com/two' }),
    'DELETE /v1/betaAppClipInvocations/{id}': () => remove(pick('betaAppClipInvocations')),
    'POST /v1/betaAppLocalizations': () => ({
      body: data(
        'betaAppLocalizations',
        { locale: 'th', description: 'x', feedbackEmail: 'a@example.com' },
        {
          app: link('apps', external().appId),
        },
      ),
    }),
    'PATCH /v1/betaAppLocalizations/{id}': () =>
      patch('betaAppLocalizations', pick('betaAppLocalizations'), { description: 'New', marketingUrl: null }),
    'DELETE /v1/betaAppLocalizations/{id}': () =>
      remove(
        pick('betaAppLocalizations', (one) => {
          const app = store().relatedOne(one, 'app');
          return app?.attributes.primaryLocale !== one.attributes.locale;
        }),
      ),
    'PATCH /v1/betaAppReviewDetails/{id}': () =>
      patch('betaAppReviewDetails', pick('betaAppReviewDetails'), {
        notes: 'Ring twice',
        demoAccountRequired: false,
      }),
    'POST /v1/betaAppReviewSubmissions': () => ({
      body: data('betaAppReviewSubmissions', null, { build: link('builds', submittable().id) }),
    }),
    'POST /v1/betaBuildLocalizations': () => {
      const build = pick('builds');
      return {
        body: data(
          'betaBuildLocalizations',
          { locale: 'th', whatsNew: 'x' },
          { build: link('builds', build.id) },
        ),
      };
    },
    'PATCH /v1/betaBuildLocalizations/{id}': () =>
      patch('betaBuildLocalizations', pick('betaBuildLocalizations'), { whatsNew: 'Try the new map' }),
    'DELETE /v1/betaBuildLocalizations/{id}': () => remove(pick('betaBuildLocalizations')),
    'DELETE /v1/betaFeedbackCrashSubmissions/{id}': () => remove(pick('betaFeedbackCrashSubmissions')),
    'DELETE /v1/betaFeedbackScreenshotSubmissions/{id}': () =>
      remove(pick('betaFeedbackScreenshotSubmissions')),
    'POST /v1/betaGroups': () => ({
      body: data(
        'betaGroups',
        { name: 'Brand new', feedbackEnabled: false, publicLinkLimit: 10 },
        {
          app: link('apps', external().appId),
          betaTesters: list('betaTesters', testerOf(external()).id),
        },
      ),
    }),
    'PATCH /v1/betaGroups/{id}': () =>
      patch('betaGroups', external(), { name: 'Renamed', publicLinkEnabled: false }),
    'DELETE /v1/betaGroups/{id}': () => remove(external()),
    'POST /v1/betaGroups/{id}/relationships/betaTesters': () => {
      const group = external();
      return { id: group.id, body: list('betaTesters', withoutGroup(group, 'betaTesters').id) };
    },
    'DELETE /v1/betaGroups/{id}/relationships/betaTesters': () => ({
      id: external().id,
      body: list('betaTesters', testerOf(external()).id),
    }),
    'POST /v1/betaGroups/{id}/relationships/builds': () => {
      const group = manualInternal();
      return { id: group.id, body: list('builds', withoutGroup(group, 'builds').id) };
    },
    'DELETE /v1/betaGroups/{id}/relationships/builds': () => {
      const [build] = store().related(external(), 'builds');
      return { id: external().id, body: list('builds', build?.id ?? '') };
    },
    'PATCH /v1/betaLicenseAgreements/{id}': () =>
      patch('betaLicenseAgreements', pick('betaLicenseAgreements'), { agreementText: 'Be kind.' }),
    'POST /v1/betaRecruitmentCriteria': () => ({
      body: data(
        'betaRecruitmentCriteria',
        { deviceFamilyOsVersionFilters: [{ deviceFamily: 'IPHONE', minimumOsInclusive: '26.0' }] },
        { betaGroup: link('betaGroups', external().id) },
      ),
    }),
    'PATCH /v1/betaRecruitmentCriteria/{id}': () =>
      patch('betaRecruitmentCriteria', criteria(), {
        deviceFamilyOsVersionFilters: [{ deviceFamily: 'IPAD' }],
      }),
    'DELETE /v1/betaRecruitmentCriteria/{id}': () => remove(criteria()),
    'POST /v1/betaTesterInvitations': () => {
      const tester = invited();
      return {
        body: data('betaTesterInvitations', null, {
          app: link('apps', tester.appId),
          betaTester: link('betaTesters', tester.id),
        }),
      };
    },
    'POST /v1/betaTesters': () => ({
      body: data(
        'betaTesters',
        { email: 'new.person@example.com', firstName: 'New' },
        {
          betaGroups: list('betaGroups', external().id),
        },
      ),
    }),
    'DELETE /v1/betaTesters/{id}': () => remove(testerOf(external())),
    'DELETE /v1/betaTesters/{id}/relationships/apps': () => {
      const tester = testerOf(external());
      return { id: tester.id, body: list('apps', tester.appId ?? '') };
    },
    'POST /v1/betaTesters/{id}/relationships/betaGroups': () => ({
      id: withoutGroup(external(), 'betaTesters').id,
      body: list('betaGroups', external().id),
    }),
    'DELETE /v1/betaTesters/{id}/relationships/betaGroups': () => ({
      id: testerOf(external()).id,
      body: list('betaGroups', external().id),
    }),
    'POST /v1/betaTesters/{id}/relationships/builds': () => ({
      id: testerOf(external()).id,
      body: list('builds', buildIn('IN_BETA_TESTING', external().appId).id),
    }),
    'DELETE /v1/betaTesters/{id}/relationships/builds': () => {
      const tester = testerOf(external());
      const build = buildIn('IN_BETA_TESTING', tester.appId);
      store().link(tester, 'builds', [build.id]);
      return { id: tester.id, body: list('builds', build.id) };
    },
    'PATCH /v1/buildBetaDetails/{id}': () =>
      patch('buildBetaDetails', pick('buildBetaDetails'), { autoNotifyEnabled: false }),
    'POST /v1/buildBetaNotifications': () => ({
      body: data('buildBetaNotifications', null, { build: link('builds', quietBuild().id) }),
    }),
    'PATCH /v1/builds/{id}': () => patch('builds', buildIn('IN_BETA_TESTING'), { expired: true }),
    'PATCH /v1/builds/{id}/relationships/appEncryptionDeclaration': () => {
      const build = buildIn('IN_BETA_TESTING');
      return { id: build.id, body: link('appEncryptionDeclarations', declarationIn(build).id) };
    },
    'POST /v1/builds/{id}/relationships/betaGroups': () => {
      const group = manualInternal();
      return { id: withoutGroup(group, 'builds').id, body: list('betaGroups', group.id) };
    },
    'DELETE /v1/builds/{id}/relationships/betaGroups': () => {
      const [build] = store().related(external(), 'builds');
      return { id: build?.id ?? '', body: list('betaGroups', external().id) };
    },
    'POST /v1/builds/{id}/relationships/individualTesters': () => ({
      id: buildIn('IN_BETA_TESTING', external().appId).id,
      body: list('betaTesters', testerOf(external()).id),
    }),
    'DELETE /v1/builds/{id}/relationships/individualTesters': () => {
      const tester = testerOf(external());
      const build = buildIn('IN_BETA_TESTING', tester.appId);
      store().link(tester, 'builds', [build.id]);
      return { id: build.id, body: list('betaTesters', tester.id) };
    },
    'POST /v1/webhookDeliveries': () => ({
      body: data('webhookDeliveries', null, { template: link('webhookDeliveries', delivery().id) }),
    }),
    'POST /v1/webhookPings': () => ({
      body: data('webhookPings', null, { webhook: link('webhooks', webhook().id) }),
    }),
    'POST /v1/webhooks': () => ({
      body: data(
        'webhooks',
        {
          name: 'n',
          url: 'http://127.0.0.1:9/x',
          secret: 's',
          enabled: true,
          eventTypes: ['BUILD_UPLOAD_STATE_UPDATED'],
        },
        { app: link('apps', external().appId) },
      ),
    }),
    'PATCH /v1/webhooks/{id}': () => patch('webhooks', webhook(), { enabled: false }),
    'DELETE /v1/webhooks/{id}': () => remove(webhook()),
  };
}
