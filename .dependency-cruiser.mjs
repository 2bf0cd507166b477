/** The store as it is used by who was handed it: queries, errors, leases, announcements. To open it is left to lib/context. */
const STORE_IN_USE = ['errors', 'feed', 'lease', 'rows', 'shape', 'store'].map(
  (name) => `lib/store/${name}.ts`,
);

/**
 * Who may import whom, as one table. A room may always import its own files; everything that is not listed is
 * refused. The reasons stand in docs/decisions/0001-rooms-and-stack.md.
 */
export const ROOMS = {
  'app/': ['components/', 'lib/http/', 'lib/services/', 'lib/browser/', 'lib/access/', 'lib/format/'],
  'components/': ['lib/browser/', 'lib/asc/catalogue/', 'lib/format/'],
  'lib/browser/': ['lib/asc/catalogue/', 'lib/format/'],
  // The store tells that it is locked or full; the wrapper answers 503.
  'lib/http/': [
    'lib/context.ts',
    'lib/services/',
    'lib/access/',
    'lib/asc/errors.ts',
    'lib/store/database.ts',
  ],
  'lib/services/': [
    'lib/asc/',
    'lib/mirror/',
    'lib/history/',
    'lib/audit/',
    'lib/jobs/',
    'lib/sync/',
    'lib/feedback/',
    'lib/connectors/',
    'lib/symbols/',
    'lib/access/',
    'lib/format/',
    ...STORE_IN_USE,
  ],
  'lib/sync/': ['lib/asc/', 'lib/mirror/', 'lib/history/', ...STORE_IN_USE],
  // What people read is what is sorted and searched by.
  'lib/mirror/': ['lib/store/', 'lib/history/', 'lib/asc/catalogue/values.ts', 'lib/format/crashes.ts'],
  'lib/history/': ['lib/store/'],
  'lib/audit/': ['lib/store/'],
  // The permission matrix is derived from the catalogue.
  'lib/access/': ['lib/store/', 'lib/asc/catalogue/'],
  'lib/jobs/': ['lib/store/'],
  // What goes out is judged by the same rule of addresses as what is fetched.
  'lib/connectors/': ['lib/feedback/archive/public-address.ts'],
  'lib/feedback/': ['lib/store/', 'lib/crash/'],
  // Symbols lie in the archive, beside the pictures.
  'lib/symbols/': ['lib/store/', 'lib/crash/', 'lib/feedback/archive/limits.ts'],
  // What differs between database engines stays here; prisma/ holds the schema and its generated client.
  'lib/store/': ['prisma/'],
  'lib/worker/': [
    'lib/context.ts',
    'lib/services/',
    'lib/sync/',
    'lib/jobs/',
    'lib/store/lease.ts',
    'lib/store/feed.ts',
  ],
  'lib/cli/': [
    'lib/context.ts',
    'lib/services/',
    'lib/sync/',
    'lib/jobs/',
    'lib/store/backup',
    'lib/store/copy/',
  ],
  'lib/asc/': [],
  'lib/sandbox/': [],
  'lib/format/': [],
  'lib/crash/': [],
  // A migration for PostgreSQL is written with the help of one.
  'prisma/': ['scripts/lib/postgres.mjs'],
  'scripts/': [],
};

/** Time, log lines and configuration are parameters everywhere; these rooms may name their types. */
const PLUMBING = ['lib/clock.ts', 'lib/log.ts', 'lib/env.ts'];
const WITHOUT_PLUMBING = [
  'components/',
  'lib/browser/',
  'lib/asc/',
  'lib/sandbox/',
  'lib/format/',
  'lib/crash/',
  'prisma/',
  'scripts/',
];

const STORE = ['lib/store/database.ts'];
/**
 * What a room may name the types of, and nothing but the types: some are handed the store as a parameter, and the
 * browser says of an answer what the service says that gives it (docs/decisions/0006-answers-said-once.md).
 */
const BY_TYPE = {
  'lib/services/': STORE,
  'lib/sync/': STORE,
  'lib/worker/': STORE,
  'lib/cli/': STORE,
  'lib/browser/': [
    'lib/services/',
    'lib/jobs/',
    'lib/mirror/',
    'lib/history/',
    'lib/connectors/types.ts',
    'lib/access/policy.ts',
  ],
};

/** The packages a room may import; rooms that are not listed are only bound by FRAMEWORKS. */
const PACKAGES = {
  'lib/asc/': ['zod', 'jose'],
  'lib/sandbox/': ['jose', 'ajv', 'ajv-formats'],
};

const any = (parts) => `^(${parts.map((part) => part.replaceAll('.', '\\.')).join('|')})`;
const OURS = '^(app|components|lib|prisma|scripts|tests)/';

function rooms() {
  return Object.entries(ROOMS).flatMap(([room, allowed]) => {
    const plumbing = WITHOUT_PLUMBING.includes(room) ? [] : PLUMBING;
    const byType = BY_TYPE[room] ?? [];
    const rule = {
      name: `rooms: ${room}`,
      comment: `${room} may import ${allowed.join(', ') || 'nothing but its own files'}.`,
      severity: 'error',
      from: { path: `^${room}` },
      to: { path: OURS, pathNot: any([room, ...allowed, ...plumbing, ...byType]) },
    };
    const byTypeOnly = {
      ...rule,
      name: `by type only: ${room}`,
      to: { path: any(byType), dependencyTypesNot: ['type-only', 'type-import'] },
    };
    return byType.length > 0 ? [rule, byTypeOnly] : [rule];
  });
}

function packages() {
  return Object.entries(PACKAGES).map(([room, allowed]) => ({
    name: `packages: ${room}`,
    comment: `${room} may import ${allowed.join(', ')} and node:*.`,
    severity: 'error',
    from: { path: `^${room}` },
    to: {
      path: '^node_modules/',
      pathNot: `^node_modules/(${allowed.join('|')})/`,
      dependencyTypesNot: ['type-only', 'type-import'],
    },
  }));
}

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...rooms(),
    ...packages(),
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'A file nobody imports and which is no entry is dead.',
      severity: 'error',
      from: {
        orphan: true,
        path: '^(components|lib|prisma)/',
        pathNot: ['\\.d\\.ts$', '^prisma/generated/', '^prisma/new-migration\\.mjs$'],
      },
      to: {},
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'nobody imports app or tests',
      severity: 'error',
      from: { pathNot: '^tests/' },
      to: { path: '^(app|tests)/', pathNot: '^app/' },
    },
    {
      name: 'only app imports app',
      severity: 'error',
      from: { pathNot: '^(app|tests)/' },
      to: { path: '^app/' },
    },
    {
      name: 'only the store opens the store',
      comment: 'The database drivers and the Prisma client live behind lib/store.',
      severity: 'error',
      from: { pathNot: '^(prisma|lib/store|tests)/' },
      to: {
        path: '^node_modules/(@prisma|better-sqlite3|pg|\\.prisma)/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'SQL stays in the store and the mirror',
      comment: 'Elsewhere queries are made with the builder of the store that a room was handed.',
      severity: 'error',
      from: { pathNot: '^(prisma|lib/store|lib/mirror|tests)/' },
      to: { path: '^node_modules/kysely/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'frameworks stay at the edge',
      comment: 'What the worker runs knows neither Next nor React.',
      severity: 'error',
      from: {
        path: '^lib/(asc|store|mirror|history|sync|jobs|feedback|symbols|connectors|audit|worker|cli|services|sandbox|format|crash|access/policy)',
      },
      to: { path: '^node_modules/(next|next-auth|react|react-dom|@tanstack)/' },
    },
    {
      name: 'primitives know no programme',
      comment: 'components/ui knows lists and labels, no resource of TestFlight.',
      severity: 'error',
      from: { path: '^components/ui/' },
      to: { path: '^(components|lib)/', pathNot: '^(components/ui/|lib/format/|lib/browser/)' },
    },
    {
      name: 'types of Apple are types only',
      comment: 'Nothing of this development dependency runs in production.',
      severity: 'error',
      from: { path: '^(app|components|lib|prisma|scripts)/' },
      to: { path: '@rage-against-the-pixel', dependencyTypesNot: ['type-only', 'type-import'] },
    },
    {
      name: 'production uses dependencies only',
      severity: 'error',
      from: {
        path: '^(app|components|lib|prisma|instrumentation|proxy)',
        pathNot: '^prisma/(new-migration|difference)',
      },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no barrels',
      comment: 'An index file hides who uses what; only the catalogue has one.',
      severity: 'error',
      from: {},
      to: {
        path: '^(components|lib)/.*/index\\.tsx?$',
        // The second is no barrel: the programme's generator itself.
        pathNot: '^lib/(asc/catalogue|sandbox/programme)/index\\.ts$',
      },
    },
  ],
  options: {
    doNotFollow: { path: '^(node_modules|prisma/generated)' },
    exclude: { path: '^(\\.next|\\.build|data|coverage)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
    cache: { folder: 'node_modules/.cache/dependency-cruiser', strategy: 'content' },
  },
};
