import { sql } from 'kysely';
import { shape } from '@/lib/store/shape';
import type { Write } from '@/lib/store/store';
import {
  claimsOf,
  detailValues,
  type MembershipClaim,
  type Row,
  reviewValues,
  rowOf,
  type Surroundings,
  trainValues,
  type Values,
} from './codec';
import { erasedAgain } from './erased';
import { LATE_MS } from './just-made';
import { membershipStatements } from './membership';
import { linkagesOf, type ResourceLike, toManyIds, toOneId } from './resource';
import { patchStatement, rowStatements } from './row-statements';
import { comingWith, IN_BUILDS, TABLES } from './tables';
import { buriedRows, exhumeStatements } from './tombstones';

export interface UpsertInput {
  readonly accountId: string;
  readonly resources: readonly ResourceLike[];
  readonly included?: readonly ResourceLike[] | undefined;
  /** The app the request was scoped to; testers' states and devices count only with it. */
  readonly appId?: string | undefined;
  /** The build a localization or submission belongs to, when its document does not say. */
  readonly buildId?: string | undefined;
  /** What a long-tail document belongs to, such as `apps/123`. */
  readonly parent?: string | undefined;
  /** The pass of a sync; absent for single reads and writes. */
  readonly generation?: number | undefined;
  /** When the request of a read STARTED, or when a write was answered; ms since 1970. */
  readonly fetchedAt: number;
  readonly source: 'sync' | 'read' | 'write';
  /** True when only some attributes were asked for: the missing ones then keep their values. */
  readonly sparse?: boolean | undefined;
  /** The included types to store as rows of their own; all by default. */
  readonly includedTypes?: readonly string[] | undefined;
}

/**
 * The statements that store a document. Rows that were written after this request started keep their newer values,
 * what was deleted since stays deleted, and nothing is nulled because an included resource is missing.
 */
export function upsertStatements(input: UpsertInput): Write[] {
  const included = new Map((input.included ?? []).map((item) => [`${item.type} ${item.id}`, item]));
  const around: Surroundings = {
    appId: input.appId,
    buildId: input.buildId,
    parent: input.parent,
    isSparse: input.sparse === true,
    included: (type, id) => included.get(`${type} ${id}`),
  };
  const rows: Row[] = [];
  const patches: Write[] = [];
  const stored = new Set<string>();
  const claims: MembershipClaim[] = [];
  for (const resource of input.resources) {
    stored.add(`${resource.type} ${resource.id}`);
    const patch = buildPatch(resource, input);
    if (patch) {
      patches.push(...patch);
      continue;
    }
    const row = rowOf(resource, around);
    rows.push(row);
    claims.push(...claimsOf(resource, text(row.values.appId)));
    if (COPIED.has(resource.type)) patches.push(trainPatch(resource, input));
  }
  for (const { resource, parents } of includedWithParents(input, included)) {
    if (stored.has(`${resource.type} ${resource.id}`)) continue;
    if (input.includedTypes && !input.includedTypes.includes(resource.type)) continue;
    if (IN_BUILDS.has(resource.type)) {
      if (parents.length === 0) patches.push(...(buildPatch(resource, input) ?? []));
      continue;
    }
    rows.push(rowOf(resource, { ...around, ...parentFacts(parents, input) }));
  }
  const stamped = rows.map(({ table, values }) => ({
    table,
    values: { accountId: input.accountId, fetchedAt: input.fetchedAt, ...values },
  }));
  return [
    ...(input.source === 'write' ? exhumeStatements(input.accountId, stamped) : []),
    ...rowStatements(stamped, { generation: input.generation ?? 0, isSparse: around.isSparse }),
    ...erasedAgain({
      accountId: input.accountId,
      ids: rows.flatMap(({ table, values }) => (table === 'feedback' ? [String(values.id)] : [])),
    }),
    ...patches,
    ...membershipStatements(claims, input),
    ...input.resources.flatMap((resource) => goneTexts(resource, input)),
    ...(input.source === 'write' ? [] : buriedRows(input.accountId, stamped)),
  ];
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

interface IncludedResource {
  resource: ResourceLike;
  /** The primary resources that point at it. */
  parents: readonly ResourceLike[];
}

/** What a text hangs on. */
const BUILD: string = TABLES.betaBuildLocalizations.goesWith.table;
/** What builds carry a copy of. */
const COPIED = new Set<string>(comingWith('builds'));
const VALUES: ReadonlyMap<string, (resource: ResourceLike) => Values> = new Map([
  ['buildBetaDetails', detailValues],
  ['betaAppReviewSubmissions', reviewValues],
]);

function includedWithParents(
  { resources }: UpsertInput,
  included: ReadonlyMap<string, ResourceLike>,
): IncludedResource[] {
  const parents = new Map<string, ResourceLike[]>();
  for (const resource of included.size > 0 ? resources : []) {
    for (const { type, id } of linkagesOf(resource)) {
      const key = `${type} ${id}`;
      if (!included.has(key)) continue;
      const known = parents.get(key);
      if (known) known.push(resource);
      else parents.set(key, [resource]);
    }
  }
  return [...included].map(([key, resource]) => ({ resource, parents: parents.get(key) ?? [] }));
}

/** An included resource belongs to the app of what points at it, and a localization to that build. */
function parentFacts(parents: readonly ResourceLike[], { appId, buildId }: UpsertInput) {
  const app = parents.map((parent) => toOneId(parent, 'app')).find((id) => typeof id === 'string');
  const build = parents.find((parent) => parent.type === BUILD);
  return { appId: app ?? appId, buildId: build?.id ?? buildId };
}

/** Beta details and review submissions live in their build's row. Undefined for every other type. */
function buildPatch(resource: ResourceLike, input: UpsertInput): Write[] | undefined {
  const column = IN_BUILDS.get(resource.type);
  const values = VALUES.get(resource.type)?.(resource);
  if (column === undefined || values === undefined) return undefined;
  const buildId = toOneId(resource, 'build') ?? input.buildId;
  const where: Values = buildId ? { id: buildId } : { [column]: resource.id };
  return [
    patchStatement('builds', { ...values, [column]: resource.id, fetchedAt: input.fetchedAt }, input, where),
  ];
}

function trainPatch(resource: ResourceLike, input: UpsertInput): Write {
  return patchStatement('builds', trainValues(resource), input, { preReleaseVersionId: resource.id });
}

const texts = shape(
  (
    build,
    given: {
      accountId: string;
      buildId: string;
      fetchedAt: number;
      lateSince: number;
      named: readonly string[];
    },
    { among },
  ) =>
    build
      .deleteFrom('betaBuildLocalizations')
      .where('accountId', '=', given.accountId)
      .where('buildId', '=', given.buildId)
      .where('fetchedAt', '<', given.fetchedAt)
      // What came moments ago may be shown late.
      .where((is) => is.or([is('generation', '>', 0), is('fetchedAt', '<', given.lateSince)]))
      .where((not) => not.not(among(sql.ref<string>('id'), given.named))),
);

/** Texts that a build's complete linkage no longer names are gone. */
export function goneTexts(
  resource: ResourceLike,
  { accountId, fetchedAt }: { accountId: string; fetchedAt: number },
): Write[] {
  const named = resource.type === BUILD ? toManyIds(resource, 'betaBuildLocalizations') : undefined;
  if (!named?.isComplete) return [];
  const lateSince = fetchedAt - LATE_MS;
  return [texts({ accountId, buildId: resource.id, fetchedAt, lateSince, named: named.ids })];
}
