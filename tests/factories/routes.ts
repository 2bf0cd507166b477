import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { FindRoute } from '@/lib/http/core/built-routes';
import type { RouteHandler } from '@/lib/http/core/endpoint';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export type RouteModule = Partial<Record<Method, RouteHandler>>;

const API = fileURLToPath(new URL('../../app/api', import.meta.url));

/**
 * Every route file by its address, as Next finds them: static segments before dynamic ones. `:name` stands for one
 * segment, `*name` for all that follow.
 */
export const ROUTES: readonly (readonly [pattern: string, module: RouteModule])[] = await Promise.all(
  readdirSync(API, { recursive: true, encoding: 'utf8' })
    .filter((file) => path.basename(file) === 'route.ts')
    .map((file) => [patternOf(path.dirname(file)), path.join(API, file)] as const)
    .sort(([one], [other]) => (rank(one) < rank(other) ? -1 : 1))
    .map(
      async ([pattern, file]) => [pattern, (await import(pathToFileURL(file).href)) as RouteModule] as const,
    ),
);

function patternOf(folder: string): string {
  return `/api/${folder.replace(/\[\.\.\.(\w+)\]/g, '*$1').replace(/\[(\w+)\]/g, ':$1')}`;
}

// '~' sorts behind every letter: what is dynamic comes last.
function rank(pattern: string): string {
  return pattern.replace(/:\w+/g, '~').replace(/\*\w+/g, '~~');
}

/** Calls the exported handler of an address, as Next would; 405 when the file exports no such method. */
export async function dispatch(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  for (const [pattern, module] of ROUTES) {
    const params = match(pattern, pathname);
    if (!params) continue;
    const handler = module[request.method as Method];
    if (!handler) return new Response(null, { status: 405 });
    return handler(request, { params: Promise.resolve(params) });
  }
  return new Response(null, { status: 404 });
}

/** Finds the same as `builtRoutes` finds of what Next has built. */
export const findRoute: FindRoute = (pathname) => {
  for (const [pattern, module] of ROUTES) {
    const params = match(pattern, pathname);
    if (params) return { params, load: async () => module };
  }
  return null;
};

function match(pattern: string, pathname: string): Record<string, string | string[]> | null {
  const wanted = pattern.split('/').slice(1);
  const given = pathname.split('/').slice(1);
  const params: Record<string, string | string[]> = {};
  for (const [index, part] of wanted.entries()) {
    if (part.startsWith('*')) return { ...params, [part.slice(1)]: given.slice(index) };
    const segment = given[index];
    if (segment === undefined || segment === '') return null;
    if (part.startsWith(':')) params[part.slice(1)] = decoded(segment);
    else if (part !== segment) return null;
  }
  return given.length === wanted.length ? params : null;
}

/** Next hands on what it cannot decode as it came, or refuses it before. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
