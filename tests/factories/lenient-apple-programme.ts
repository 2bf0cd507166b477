// What the lenient App Store Connect holds. Links are kept on one side; the other side is looked up.

export interface Kept {
  readonly type: string;
  readonly id: string;
  readonly attributes: Record<string, unknown>;
  readonly to: Record<string, string[]>;
}

export interface Relation {
  readonly target: string;
  readonly isMany: boolean;
  /** The relationship of the target that keeps the link; absent where this side does. */
  readonly keptBy?: string;
}

const one = (target: string): Relation => ({ target, isMany: false });
const many = (target: string): Relation => ({ target, isMany: true });
const oneBy = (target: string, keptBy: string): Relation => ({ target, isMany: false, keptBy });
const manyBy = (target: string, keptBy: string): Relation => ({ target, isMany: true, keptBy });

const FEEDBACK = { build: one('builds'), tester: one('betaTesters') };

export const RELATIONS: Readonly<Record<string, Readonly<Record<string, Relation>>>> = {
  apps: {
    betaGroups: manyBy('betaGroups', 'app'),
    betaTesters: manyBy('betaTesters', 'apps'),
    builds: manyBy('builds', 'app'),
    preReleaseVersions: manyBy('preReleaseVersions', 'app'),
    betaFeedbackCrashSubmissions: manyBy('betaFeedbackCrashSubmissions', 'app'),
    betaFeedbackScreenshotSubmissions: manyBy('betaFeedbackScreenshotSubmissions', 'app'),
  },
  betaGroups: {
    app: one('apps'),
    builds: many('builds'),
    betaTesters: manyBy('betaTesters', 'betaGroups'),
    betaRecruitmentCriteria: oneBy('betaRecruitmentCriteria', 'betaGroup'),
  },
  betaTesters: { apps: many('apps'), betaGroups: many('betaGroups'), builds: many('builds') },
  builds: {
    app: one('apps'),
    preReleaseVersion: one('preReleaseVersions'),
    betaGroups: manyBy('betaGroups', 'builds'),
    individualTesters: manyBy('betaTesters', 'builds'),
    buildBetaDetail: oneBy('buildBetaDetails', 'build'),
    betaAppReviewSubmission: oneBy('betaAppReviewSubmissions', 'build'),
    betaBuildLocalizations: manyBy('betaBuildLocalizations', 'build'),
  },
  preReleaseVersions: { app: one('apps'), builds: manyBy('builds', 'preReleaseVersion') },
  buildBetaDetails: { build: one('builds') },
  betaAppReviewSubmissions: { build: one('builds') },
  betaBuildLocalizations: { build: one('builds') },
  betaRecruitmentCriteria: { betaGroup: one('betaGroups') },
  betaFeedbackCrashSubmissions: FEEDBACK,
  betaFeedbackScreenshotSubmissions: FEEDBACK,
};

/** Resources and their links. */
export class Programme {
  readonly #shelves = new Map<string, Map<string, Kept>>();
  #made = 0;

  add(type: string, id: string, attributes: Kept['attributes'], to: Kept['to'] = {}): Kept {
    const kept = { type, id, attributes, to };
    this.#shelf(type).set(id, kept);
    return kept;
  }

  make(type: string, attributes: Kept['attributes'], to: Kept['to']): Kept {
    this.#made += 1;
    return this.add(type, `made-${type}-${this.#made}`, attributes, to);
  }

  get(type: string, id: string): Kept | undefined {
    return this.#shelf(type).get(id);
  }

  all(type: string): Kept[] {
    return [...this.#shelf(type).values()];
  }

  /** Takes a resource away, and every link that points at it. */
  remove(type: string, id: string): void {
    this.#shelf(type).delete(id);
    for (const [owner, relations] of Object.entries(RELATIONS)) {
      for (const [name, { target, keptBy }] of Object.entries(relations)) {
        if (target !== type || keptBy !== undefined) continue;
        for (const kept of this.all(owner)) kept.to[name] = (kept.to[name] ?? []).filter((at) => at !== id);
      }
    }
  }

  related({ type, id, to }: Kept, name: string): Kept[] {
    const relation = RELATIONS[type]?.[name];
    if (!relation) return [];
    const { target, keptBy } = relation;
    if (keptBy === undefined) return (to[name] ?? []).flatMap((at) => this.get(target, at) ?? []);
    return this.all(target).filter((other) => other.to[keptBy]?.includes(id));
  }

  link(owner: Kept, name: string, ids: readonly string[]): void {
    for (const [kept, relation, id] of this.#sides(owner, name, ids)) {
      kept.to[relation] = [...new Set([...(kept.to[relation] ?? []), id])];
    }
  }

  unlink(owner: Kept, name: string, ids: readonly string[]): void {
    for (const [kept, relation, id] of this.#sides(owner, name, ids)) {
      kept.to[relation] = (kept.to[relation] ?? []).filter((at) => at !== id);
    }
  }

  #sides(owner: Kept, name: string, ids: readonly string[]): [Kept, string, string][] {
    const relation = RELATIONS[owner.type]?.[name];
    const keptBy = relation?.keptBy;
    if (keptBy === undefined) return ids.map((id) => [owner, name, id]);
    return ids.flatMap((id): [Kept, string, string][] => {
      const other = this.get(relation?.target ?? '', id);
      return other ? [[other, keptBy, owner.id]] : [];
    });
  }

  #shelf(type: string): Map<string, Kept> {
    const shelf = this.#shelves.get(type) ?? new Map<string, Kept>();
    this.#shelves.set(type, shelf);
    return shelf;
  }
}

export const CROWD = 55;
export const TESTERS = 260;
export const SHARED = 5;

/**
 * Two apps. The first has an internal group, two groups with a public, 55 groups of one tester and 260 testers; the second
 * has 30 testers, five of whom have the ids they have in the first.
 */
export function smallProgramme(): Programme {
  const apple = new Programme();
  for (const [id, name] of [
    ['1001', 'Atlas'],
    ['1002', 'Borealis'],
  ] as const) {
    apple.add('apps', id, { name, bundleId: `com.example.${name.toLowerCase()}`, primaryLocale: 'en-US' });
  }
  addBuilds(apple);
  addGroups(apple);
  addTesters(apple);
  addFeedback(apple);
  return apple;
}

function addBuilds(apple: Programme): void {
  apple.add('preReleaseVersions', 'train-1', { version: '1.10', platform: 'IOS' }, { app: ['1001'] });
  apple.add('preReleaseVersions', 'train-2', { version: '2.0', platform: 'VISION_OS' }, { app: ['1002'] });
  for (let n = 1; n <= 8; n += 1) {
    const id = `build-${n}`;
    const isFirst = n <= 6;
    const attributes = {
      version: String(100 + n),
      uploadedDate: `2026-01-0${n}T09:30:00-08:00`,
      expirationDate: `2026-04-0${n}T10:30:00-07:00`,
      expired: false,
      processingState: n === 3 ? 'REPROCESSING' : 'VALID',
      qcState: 'PASSED',
    };
    apple.add('builds', id, attributes, {
      app: [isFirst ? '1001' : '1002'],
      preReleaseVersion: [isFirst ? 'train-1' : 'train-2'],
    });
    const states = {
      internalBuildState: 'IN_BETA_TESTING',
      externalBuildState: n === 2 ? 'IN_SECOND_REVIEW' : 'IN_BETA_TESTING',
      autoNotifyEnabled: true,
    };
    apple.add('buildBetaDetails', id, states, { build: [id] });
    if (n % 2 === 0) {
      const review = { betaReviewState: 'APPROVED', submittedDate: `2026-01-0${n}T12:00:00+01:00` };
      apple.add('betaAppReviewSubmissions', id, review, { build: [id] });
    }
    apple.add(
      'betaBuildLocalizations',
      `text-${n}`,
      { locale: 'en-US', whatsNew: `News ${n}` },
      { build: [id] },
    );
  }
}

function addGroups(apple: Programme): void {
  const add = (id: string, name: string, app: string, builds: string[], attributes: object = {}) =>
    apple.add(
      'betaGroups',
      id,
      {
        name,
        createdDate: '2026-01-01T01:00:00+02:00',
        isInternalGroup: false,
        feedbackEnabled: true,
        ...attributes,
      },
      { app: [app], builds },
    );
  add('team', 'Team', '1001', ['build-1'], { isInternalGroup: true, hasAccessToAllBuilds: true });
  add('friends', 'Friends', '1001', ['build-1', 'build-2']);
  add('press', 'Press', '1001', ['build-2'], {
    publicLinkEnabled: true,
    publicLink: 'https://testflight.apple.com/join/Lenient1',
    publicLinkId: 'Lenient1',
    publicLinkLimitEnabled: true,
    publicLinkLimit: 500,
  });
  for (let n = 1; n <= CROWD; n += 1) add(`crowd-${n}`, `Crowd ${n}`, '1001', []);
  add('readers', 'Readers', '1002', ['build-7']);
  const filters = [{ deviceFamily: 'IPHONE', minimumOsInclusive: '18.0', maximumOsInclusive: '26.2' }];
  apple.add(
    'betaRecruitmentCriteria',
    'criteria-1',
    { lastModifiedDate: '2026-01-02T00:00:00Z', deviceFamilyOsVersionFilters: filters },
    { betaGroup: ['press'] },
  );
}

function addTesters(apple: Programme): void {
  for (let n = 1; n <= TESTERS; n += 1) {
    const groups = n <= 10 ? ['team'] : n <= 200 ? ['friends'] : ['press'];
    if (n === 260) for (let crowd = 1; crowd <= CROWD; crowd += 1) groups.push(`crowd-${crowd}`);
    addTester(apple, `tester-${n}`, n, ['1001'], groups, n === 20 ? ['build-1'] : []);
  }
  for (let n = 1; n <= 30; n += 1) {
    const shared = n <= SHARED ? apple.get('betaTesters', `tester-${n + 10}`) : undefined;
    if (shared) {
      apple.link(shared, 'apps', ['1002']);
      apple.link(shared, 'betaGroups', ['readers']);
    } else addTester(apple, `reader-${n}`, 1_000 + n, ['1002'], ['readers'], []);
  }
}

function addTester(
  apple: Programme,
  id: string,
  n: number,
  apps: string[],
  betaGroups: string[],
  builds: string[],
): void {
  const isByLink = betaGroups.includes('press') && n % 2 === 1;
  const attributes = {
    ...(isByLink ? {} : { firstName: `First${n}`, lastName: `Last${n}`, email: `Person${n}@example.com` }),
    inviteType: isByLink ? 'PUBLIC_LINK' : 'EMAIL',
    state: n === 30 ? 'PAUSED' : 'INSTALLED',
    appDevices: [{ model: 'iPhone17,1', platform: 'IOS', osVersion: '26.1', appBuildVersion: '102' }],
  };
  apple.add('betaTesters', id, attributes, { apps, betaGroups, builds });
}

function addFeedback(apple: Programme): void {
  const add = (type: string, id: string, to: Kept['to'], attributes: object = {}) =>
    apple.add(
      type,
      id,
      {
        createdDate: '2026-01-09T09:00:00-08:00',
        deviceModel: 'iPhone17_1',
        osVersion: '26.1',
        ...attributes,
      },
      { app: ['1001'], ...to },
    );
  const whole = { build: ['build-2'], tester: ['tester-20'] };
  add('betaFeedbackScreenshotSubmissions', 'shot-1', whole, { comment: 'Blurred', email: 'a@example.com' });
  add('betaFeedbackScreenshotSubmissions', 'shot-2', {}, { comment: null, email: null, screenshots: [] });
  add('betaFeedbackScreenshotSubmissions', 'shot-3', { build: ['build-1'] });
  add('betaFeedbackCrashSubmissions', 'crash-1', whole);
  add('betaFeedbackCrashSubmissions', 'crash-2', {}, { email: null });
}
