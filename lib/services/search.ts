import { authorise, may, type Permission } from '@/lib/access/policy';
import { factsOf } from '@/lib/asc/operations';
import { buildWords } from '@/lib/format/builds';
import { numberWord } from '@/lib/format/feedback';
import { personName } from '@/lib/format/people';
import { queryMirror, sharedApps } from '@/lib/mirror/query';
import type { MirrorType } from '@/lib/mirror/query/facts';
import { attributesOf, type ResourceObject } from '@/lib/mirror/resource';
import type { Ctx } from './ctx';
import { worded } from './feedback/title';
import { forActor } from './resources/shape';

/** One thing the palette found. */
export interface SearchHit {
  readonly id: string;
  readonly accountId: string | null;
  readonly appId: string | null;
  readonly appName: string | null;
  /** What the account is called, where another has the app too. */
  readonly accountName: string | null;
  readonly label: string;
  readonly detail: string | null;
}

export interface SearchAnswer {
  readonly apps: readonly SearchHit[];
  readonly groups: readonly SearchHit[];
  readonly testers: readonly SearchHit[];
  readonly builds: readonly SearchHit[];
  /** Crash issues of a number: `#128`. */
  readonly issues: readonly SearchHit[];
}

const MOST = 6;
/** Longer than anything one would type, characters. */
const MOST_TYPED = 200;

/** What the palette offers for typed text: a few apps, groups, testers and builds, from the mirror. */
export async function searchEverything(ctx: Ctx, typed: string): Promise<SearchAnswer> {
  authorise(ctx.actor, 'programme:read');
  const search = typed.trim().slice(0, MOST_TYPED);
  const isMasked = !may(ctx.actor, 'testers:identify');
  const find = async (type: MirrorType, permission: Permission) =>
    search === '' || !may(ctx.actor, permission)
      ? []
      : (await queryMirror(ctx.db, type, { search, isMasked, limit: MOST, now: ctx.clock.now() })).data;
  const apps = await find('apps', 'programme:read');
  const groups = await find('betaGroups', 'programme:read');
  const testers = await find('betaTesters', 'testers:read');
  const builds = await find('builds', 'programme:read');
  const issues =
    /^#\d+$/.test(search) && may(ctx.actor, 'feedback:read')
      ? (await queryMirror(ctx.db, 'issues', { search, isMasked, limit: MOST, now: ctx.clock.now() })).data
      : [];
  const names = await namesOf(ctx, [...apps, ...groups, ...testers, ...builds, ...issues]);
  const hits = (resources: readonly ResourceObject[]) => resources.map((one) => hitOf(one, names));
  return forActor(ctx, {
    apps: hits(apps),
    groups: hits(groups),
    testers: hits(testers),
    builds: hits(builds),
    issues: hits(issues),
  });
}

/** `<account> <app>` → what the app is called, and its account where another has the app too. */
type Names = ReadonlyMap<string, { readonly name: string | null; readonly accountName: string | null }>;

async function namesOf({ db }: Ctx, found: readonly ResourceObject[]): Promise<Names> {
  const ids = [...new Set(found.flatMap((one) => appOf(one) ?? []))];
  if (ids.length === 0) return new Map();
  const shared = await sharedApps(db);
  const apps = await db.read(
    db.build
      .selectFrom('apps')
      .select(['accountId', 'id', 'name'])
      .where((eb) => db.dialect.among(eb.ref('id'), ids)),
  );
  return new Map(
    apps.map(({ accountId, id, name }) => {
      const key = `${accountId} ${id}`;
      return [key, { name, accountName: shared.get(key) ?? null }];
    }),
  );
}

function appOf({ type, id, meta }: ResourceObject): string | null {
  if (type !== 'issues' && factsOf(type).isApp) return id;
  return typeof meta?.appId === 'string' ? meta.appId : null;
}

function hitOf(resource: ResourceObject, names: Names): SearchHit {
  const { accountId } = resource.meta ?? {};
  const app = appOf(resource);
  const named = names.get(`${accountId} ${app}`);
  return {
    id: resource.id,
    accountId: typeof accountId === 'string' ? accountId : null,
    appId: app,
    appName: named?.name ?? null,
    accountName: named?.accountName ?? null,
    ...wordsOf(resource),
  };
}

/** What the palette calls a thing, and the line below it. */
export function wordsOf(resource: ResourceObject): { label: string; detail: string | null } {
  const attributes = attributesOf(resource);
  if (resource.type === 'issues') {
    const { attributes: told, meta } = worded(resource);
    const issue = meta?.issue as { readonly number: number | null } | null | undefined;
    return { label: `${numberWord(issue?.number) ?? ''} ${told?.title ?? ''}`.trim(), detail: null };
  }
  const text = (name: string) => (typeof attributes[name] === 'string' ? String(attributes[name]) : '');
  const { calledBy } = factsOf(resource.type);
  if (calledBy === 'person') {
    const label = personName(attributes);
    const email = text('email');
    return { label, detail: email === label ? null : email || null };
  }
  if (calledBy === 'version') {
    return { label: buildWords({ ...resource.meta, version: text('version') }), detail: null };
  }
  return { label: text('name') || resource.id, detail: text('bundleId') || null };
}
