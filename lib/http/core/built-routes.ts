import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { RouteHandler } from './endpoint';

/** What a route file exports. */
export type Handlers = Readonly<Partial<Record<string, RouteHandler>>>;

/** A route that an address leads to. */
export interface FoundRoute {
  readonly params: Readonly<Record<string, string | string[]>>;
  /** The very handlers that Next calls: whoever comes first loads them. */
  load(): Promise<Handlers>;
}

export type FindRoute = (pathname: string) => FoundRoute | null;

/** What Next keeps in the file of a route. */
interface BuiltFile {
  readonly routeModule: { ensureUserland(): Promise<void>; readonly userland: Handlers };
}

/** One part of addresses, and what may follow it. */
interface Place {
  readonly parts: Map<string, Place>;
  one?: { readonly name: string; readonly place: Place };
  rest?: { readonly name: string; readonly file: string };
  file?: string;
}

/**
 * Finds what Next has built for an address under `/api`, in its order: a part that is written out before one that may be
 * anything. Nothing where Next has built nothing, as while it develops.
 * @param folder `.next/server`
 */
export function builtRoutes(folder: string): FindRoute {
  const root: Place = { parts: new Map() };
  for (const [address, file] of Object.entries(manifestIn(folder))) {
    const parts = address.split('/').slice(1);
    if (parts[0] === 'api' && parts.at(-1) === 'route') settle(root, parts.slice(0, -1), file);
  }
  const load = loader(folder);
  return (pathname) => {
    const found = walk(root, pathname.split('/').slice(1));
    return found && { params: found.params, load: () => load(found.file) };
  };
}

function manifestIn(folder: string): Record<string, string> {
  try {
    return JSON.parse(readFileSync(path.join(folder, 'app-paths-manifest.json'), 'utf8'));
  } catch {
    return {};
  }
}

function settle(root: Place, parts: readonly string[], file: string): void {
  let place = root;
  for (const part of parts) {
    const rest = /^\[\.\.\.(\w+)\]$/.exec(part)?.[1];
    if (rest !== undefined) {
      place.rest = { name: rest, file };
      return;
    }
    const name = /^\[(\w+)\]$/.exec(part)?.[1];
    if (name !== undefined) place.one ??= { name, place: { parts: new Map() } };
    const next = name === undefined ? place.parts.get(part) : place.one?.place;
    const made = next ?? { parts: new Map() };
    if (name === undefined) place.parts.set(part, made);
    place = made;
  }
  place.file = file;
}

type Walked = Pick<FoundRoute, 'params'> & { readonly file: string };

function walk(place: Place, [part, ...more]: readonly string[]): Walked | null {
  if (part === undefined) return place.file === undefined ? null : { params: {}, file: place.file };
  if (part === '') return null;
  const written = place.parts.get(part);
  const found = written ? walk(written, more) : null;
  if (found) return found;
  const { one, rest } = place;
  const below = one ? walk(one.place, more) : null;
  if (one && below) return { ...below, params: { [one.name]: decodeURIComponent(part), ...below.params } };
  return rest ? { params: { [rest.name]: [part, ...more].map(decodeURIComponent) }, file: rest.file } : null;
}

/** By Node's own `require`, so that Next and we hold the same module. */
function loader(folder: string): (file: string) => Promise<Handlers> {
  const require = process.getBuiltinModule('node:module').createRequire(path.join(folder, 'index.js'));
  const known = new Map<string, Handlers>();
  return async (file) => {
    const before = known.get(file);
    if (before) return before;
    const { routeModule } = require(path.join(folder, file)) as BuiltFile;
    await routeModule.ensureUserland();
    known.set(file, routeModule.userland);
    return routeModule.userland;
  };
}
