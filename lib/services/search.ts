import { authorise, may, type Permission } from '@/lib/access/policy';
import { buildWords } from '@/lib/format/builds';
import { personName } from '@/lib/format/people';
import { appNames, queryMirror } from '@/lib/mirror/query';
import type { MirrorType } from '@/lib/mirror/query/facts';
import { attributesOf, type ResourceObject } from '@/lib/mirror/resource';
import type { Ctx } from './ctx';
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
      : await Promise.all(
          (await queryMirror(ctx.db, type, { search, isMasked, limit: MOST, now: ctx.clock.now() })).data.map(
            (resource) => hitOf(ctx, resource),
          ),
        );
  return forActor(ctx, {
    apps: await find('apps', 'programme:read'),
    groups: await find('betaGroups', 'programme:read'),
    testers: await find('betaTesters', 'testers:read'),
    builds: await find('builds', 'programme:read'),
  });
}

async function hitOf(ctx: Ctx, resource: ResourceObject): Promise<SearchHit> {
  const { accountId, appId } = resource.meta ?? {};
  const app = resource.type === 'apps' ? resource.id : typeof appId === 'string' ? appId : null;
  const names = app === null ? null : await appNames(ctx.db, app, String(accountId));
  return {
    id: resource.id,
    accountId: typeof accountId === 'string' ? accountId : null,
    appId: app,
    appName: names?.name ?? null,
    accountName: names?.accountName ?? null,
    ...wordsOf(resource),
  };
}

/** What the palette calls a thing, and the line below it. */
export function wordsOf(resource: ResourceObject): { label: string; detail: string | null } {
  const attributes = attributesOf(resource);
  const text = (name: string) => (typeof attributes[name] === 'string' ? String(attributes[name]) : '');
  if (resource.type === 'betaTesters') {
    const label = personName(attributes);
    const email = text('email');
    return { label, detail: email === label ? null : email || null };
  }
  if (resource.type === 'builds') {
    return { label: buildWords({ ...resource.meta, version: text('version') }), detail: null };
  }
  return { label: text('name') || resource.id, detail: text('bundleId') || null };
}
