import { authorise, may } from '@/lib/access/policy';
import { isAscError } from '@/lib/asc/errors';
import { namesOfApps } from '@/lib/mirror/query';
import { isRecord } from '@/lib/mirror/resource';
import { shape } from '@/lib/store/shape';
import { readUploads, UPLOADS, uploadsScope } from '@/lib/sync/uploads';
import { appOf } from '../app-facts';
import type { Ctx } from '../ctx';
import { noteHealth } from '../resources/health';

/** What Apple found in an upload, in its own words. */
interface UploadProblem {
  readonly kind: 'error' | 'warning';
  readonly code: string | null;
  readonly description: string;
}

/** An upload that is no build, or not yet. */
export interface Upload {
  readonly id: string;
  readonly accountId: string;
  readonly appId: string;
  /** What the account is called, where another has the app too. */
  readonly accountName: string | null;
  readonly trainVersion: string | null;
  readonly version: string | null;
  readonly platform: string | null;
  readonly state: string | null;
  /** When it was begun or had arrived, ISO text. */
  readonly at: string | null;
  readonly problems: readonly UploadProblem[];
  /** The build it belongs to, where there is one already. */
  readonly buildId: string | null;
  /** A build of the same version, number and platform that came of a later try. */
  readonly laterBuildId: string | null;
}

export interface Uploads {
  readonly uploads: readonly Upload[];
  /** When the oldest part was read, ISO text; null when a part never was. */
  readonly fetchedAt: string | null;
  /** Why Apple could not be asked now, in words. */
  readonly trouble: string | null;
}

/** A copy younger than this is not read again by itself, ms. */
const FRESH_MS = 60_000;
const MOST = 2_000;

/**
 * The uploads that are in progress or failed, newest first, with what Apple says of them: of an app, read again where
 * the copy is no longer young, or of all apps as they were read in the slow lane.
 * @throws RefusedError 404 when there is no such app
 */
export async function listUploads(
  ctx: Ctx,
  { appId, accountId: named }: { appId?: string | undefined; accountId?: string | undefined },
): Promise<Uploads> {
  authorise(ctx.actor, 'programme:read');
  const app = appId === undefined ? null : await appOf(ctx, appId, named);
  const trouble = app ? await readNow(ctx, app) : null;
  const place = { accountId: app?.accountId ?? '', parent: app ? `apps/${app.appId}` : '' };
  const rows = await ctx.db.read(app ? ofApp({ ...place, most: MOST }) : ofAll({ most: MOST }));
  const read = rows.map(uploadOf);
  const later = await laterBuilds(ctx, read);
  const namesOf = await namesOfApps(
    ctx.db,
    read.map((upload) => upload.appId),
  );
  const uploads = read.map((upload): Upload => {
    const { accountName = null } = namesOf(upload.appId, upload.accountId) ?? {};
    const laterBuildId = later.get(keyOf(upload)) ?? null;
    return {
      ...upload,
      accountName,
      laterBuildId: laterBuildId === upload.buildId ? null : laterBuildId,
    };
  });
  return {
    uploads: uploads.sort((one, other) => Date.parse(other.at ?? '') - Date.parse(one.at ?? '') || 0),
    fetchedAt: await readAt(ctx, app),
    trouble,
  };
}

type Place = { readonly accountId: string; readonly appId: string };

async function readNow(ctx: Ctx, app: Place): Promise<string | null> {
  if (!may(ctx.actor, 'apple:read')) return null;
  const at = await readAt(ctx, app);
  if (at !== null && ctx.clock.now() - Date.parse(at) < FRESH_MS) return null;
  try {
    const asc = await ctx.ascFor(app.accountId, 'interactive');
    await readUploads({ db: ctx.db, asc, accountId: app.accountId, clock: ctx.clock }, app.appId);
    await noteHealth(ctx, app.accountId, null);
    return null;
  } catch (error) {
    await noteHealth(ctx, app.accountId, error);
    if (!isAscError(error)) throw error;
    return error.message;
  }
}

const scopes = shape((build, given: { names: readonly string[] }, { among }) =>
  build
    .selectFrom('syncScopes')
    .select(['accountId', 'completedAt'])
    .where(({ ref }) => among(ref('scope'), given.names)),
);

async function readAt(ctx: Ctx, app: Place | null): Promise<string | null> {
  const apps = app
    ? [{ id: app.appId, accountId: app.accountId }]
    : await ctx.db.read(ctx.db.build.selectFrom('apps').select(['id', 'accountId']));
  const rows = await ctx.db.read(scopes({ names: apps.map(({ id }) => uploadsScope(id)) }));
  const times = rows.flatMap(({ accountId, completedAt }) =>
    completedAt !== null && (app === null || accountId === app.accountId) ? [Number(completedAt)] : [],
  );
  return times.length < apps.length || times.length === 0 ? null : new Date(Math.min(...times)).toISOString();
}

const ofApp = shape((build, given: { accountId: string; parent: string; most: number }) =>
  build
    .selectFrom('documents')
    .select(['id', 'accountId', 'parent', 'document'])
    .where('accountId', '=', given.accountId)
    .where('parent', '=', given.parent)
    .where('type', '=', UPLOADS)
    .limit(given.most),
);
const ofAll = shape((build, given: { most: number }) =>
  build
    .selectFrom('documents as d')
    .innerJoin('Account as a', 'a.id', 'd.accountId')
    .select(['d.id', 'd.accountId', 'd.parent', 'd.document'])
    .where('a.removedAt', 'is', null)
    .where('d.type', '=', UPLOADS)
    .limit(given.most),
);

type Read = Omit<Upload, 'accountName' | 'laterBuildId'>;

/** Apple's document as people are told it; what is not as the schema says is left out, never guessed. */
function uploadOf(row: { id: string; accountId: string; parent: string; document: string }): Read {
  const { attributes, relationships } = JSON.parse(row.document) as Record<string, unknown>;
  const own = isRecord(attributes) ? attributes : {};
  const state = isRecord(own.state) ? own.state : {};
  const build = isRecord(relationships) && isRecord(relationships.build) ? relationships.build.data : null;
  return {
    ...{ id: row.id, accountId: row.accountId, appId: row.parent.replace(/^apps\//, '') },
    trainVersion: text(own.cfBundleShortVersionString),
    version: text(own.cfBundleVersion),
    platform: text(own.platform),
    state: text(state.state),
    at: text(own.uploadedDate) ?? text(own.createdDate),
    problems: problemsOf(state),
    buildId: isRecord(build) ? text(build.id) : null,
  };
}

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** What the state of an upload says that Apple found; errors first. */
export function problemsOf(state: unknown): UploadProblem[] {
  const { errors, warnings } = isRecord(state) ? state : {};
  return [...problemsIn(errors, 'error'), ...problemsIn(warnings, 'warning')];
}

function problemsIn(list: unknown, kind: UploadProblem['kind']): UploadProblem[] {
  return (Array.isArray(list) ? list : []).filter(isRecord).flatMap(({ code, description }) => {
    const words = text(description) ?? text(code);
    return words === null ? [] : [{ kind, code: text(code), description: words }];
  });
}

const named = shape((build, given: { apps: readonly string[]; versions: readonly string[] }, { among }) =>
  build
    .selectFrom('builds')
    .select(['id', 'accountId', 'appId', 'trainVersion', 'version', 'platform'])
    .where(({ ref }) => among(ref('appId'), given.apps))
    .where(({ ref }) => among(ref('version'), given.versions)),
);

interface Numbered {
  readonly accountId: string;
  readonly appId: string;
  readonly trainVersion: string | null;
  readonly version: string | null;
  readonly platform: string | null;
}

const keyOf = ({ accountId, appId, trainVersion, version, platform }: Numbered): string =>
  JSON.stringify([accountId, appId, trainVersion, version, platform]);

/** Builds by version, number and platform: a failed try was made good by them. */
async function laterBuilds(ctx: Ctx, uploads: readonly Read[]): Promise<Map<string, string>> {
  if (uploads.length === 0) return new Map();
  const apps = [...new Set(uploads.map(({ appId }) => appId))];
  const versions = [...new Set(uploads.flatMap(({ version }) => version ?? []))];
  const rows = await ctx.db.read(named({ apps, versions }));
  return new Map(rows.map((row) => [keyOf(row), row.id]));
}
