import type { Assembly } from '../assembly';
import type { Resource } from '../engine/resource';
import { type ControlCall, ControlError, type Handler } from './call';

/** Resources of a type as stored: attributes Apple does not publish and owning relationships included. */
function listed(parts: Assembly, type: string, query: URLSearchParams): Resource[] {
  const { store } = parts.world;
  const [app, group] = [query.get('app'), query.get('group')];
  if (group !== null) {
    const found = store.get('betaGroups', group);
    if (!found) throw new ControlError(`no group ${group}`, 404);
    return store.related(found, type === 'builds' ? 'builds' : 'betaTesters');
  }
  const all = [...store.all(type).values()];
  const email = query.get('email')?.toLowerCase();
  return all.filter(
    (one) =>
      (app === null || one.appId === app) &&
      (email === undefined || String(one.attributes.email ?? '').toLowerCase() === email),
  );
}

function resources(parts: Assembly, { rest, query }: ControlCall): unknown {
  const [type = '', id] = rest;
  if (id === undefined) return listed(parts, type, query);
  const found = parts.world.store.get(type, id);
  if (!found) throw new ControlError(`no ${type} ${id}`, 404);
  return found;
}

const FEEDBACK = ['betaFeedbackCrashSubmissions', 'betaFeedbackScreenshotSubmissions'];

/** Totals per type and app; testers are counted without being generated. */
function counts(parts: Assembly, { query }: ControlCall): unknown {
  const { store } = parts.world;
  const only = query.get('app');
  const types = new Map<string, number>();
  const apps: Record<string, Record<string, number>> = {};
  const count = (appId: string, type: string, more: number): void => {
    const perApp = apps[appId] ?? {};
    apps[appId] = { ...perApp, [type]: (perApp[type] ?? 0) + more };
  };
  for (const type of new Set([...store.types(), ...FEEDBACK])) {
    if (type === 'betaTesters') continue;
    for (const resource of store.all(type).values()) {
      if (only !== null && resource.appId !== only) continue;
      types.set(type, (types.get(type) ?? 0) + 1);
      if (resource.appId === null) continue;
      count(resource.appId, type, 1);
    }
  }
  for (const app of store.all('apps').values()) {
    if (only !== null && app.id !== only) continue;
    const testers = store.relatedCount(app, 'betaTesters');
    types.set('betaTesters', (types.get('betaTesters') ?? 0) + testers);
    count(app.id, 'betaTesters', testers);
  }
  return { types: Object.fromEntries(types), apps };
}

function groupCounts({ world }: Assembly, { query }: ControlCall): unknown {
  const app = query.get('app');
  const out: Record<string, { name: unknown; betaTesters: number; builds: number }> = {};
  for (const group of world.store.all('betaGroups').values()) {
    if (app !== null && group.appId !== app) continue;
    out[group.id] = {
      name: group.attributes.name,
      betaTesters: world.store.relatedCount(group, 'betaTesters'),
      builds: world.store.relatedCount(group, 'builds'),
    };
  }
  return out;
}

function requests(parts: Assembly, { query }: ControlCall): unknown {
  const method = query.get('method');
  const template = query.get('template');
  const since = Number(query.get('since') ?? 0);
  const wanted = parts.requests
    .entries()
    .filter(
      (entry) =>
        entry.n > since &&
        (method === null || entry.method === method) &&
        (template === null || entry.template === template),
    );
  return { count: parts.requests.count, requests: wanted };
}

/** What is there to look at. */
export const inspection: Readonly<Record<string, Handler>> = {
  'GET ': ({ options, clock, world }) => ({
    baseUrl: world.baseUrl(),
    program: options.size,
    seed: options.seed,
    now: clock.iso(),
    speed: clock.speed,
    epoch: clock.iso(clock.epochMs),
  }),
  'GET resources': resources,
  'GET counts': counts,
  'GET groups': groupCounts,
  'GET requests': requests,
  'DELETE requests': (parts) => parts.requests.reset(),
  'GET mails': ({ world }) => ({ invitations: world.mail.invitations(), mails: world.mail.all() }),
  'DELETE mails': ({ world }) => world.mail.reset(),
};
