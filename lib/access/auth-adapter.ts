import NextAuth, { type AuthOptions } from 'next-auth';
import { parseCookies } from './cookies';
import { ownAddress } from './own-path';

/**
 * next-auth's own handler on a plain Request. Its App Router entry reads `next/headers`, which exists only inside a
 * running Next; its Pages entry wants only these few members, so it is given them.
 */
export async function answerAuth(
  request: Request,
  segments: readonly string[],
  options: AuthOptions,
  baseUrl: string,
): Promise<Response> {
  const url = new URL(request.url);
  const headers = new Headers();
  let status = 200;
  let body: string | null = null;
  const response = {
    status(code: number) {
      status = code;
      return response;
    },
    getHeader: (name: string) =>
      name.toLowerCase() === 'set-cookie' ? headers.getSetCookie() : headers.get(name),
    setHeader(name: string, value: string | readonly string[]) {
      headers.delete(name);
      for (const item of typeof value === 'string' ? [value] : value) headers.append(name, item);
      return response;
    },
    json(value: unknown) {
      headers.set('Content-Type', 'application/json');
      body = JSON.stringify(value);
    },
    send(value: unknown) {
      if (typeof value === 'string') body = value;
      else if (value !== undefined) response.json(value);
    },
    end() {},
  };
  const call = {
    method: request.method,
    query: { ...harmless(Object.fromEntries(url.searchParams), baseUrl), nextauth: [...segments] },
    cookies: harmless(parseCookies(request.headers.get('cookie')), baseUrl),
    headers: Object.fromEntries(request.headers),
    body: request.method === 'POST' ? harmless(await bodyOf(request), baseUrl) : undefined,
  };
  await (NextAuth as unknown as PagesHandler)(call, response, options);
  return new Response(body, { status, headers });
}

/** next-auth fails on a target that is no address, and repeats a word of error as it came: both are made plain before. */
function harmless<Value>(given: Record<string, Value>, baseUrl: string): Record<string, Value | string> {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      if (/(?:^|[.-])callback-?url$/i.test(name)) return [name, ownAddress(value, baseUrl)];
      return [name, name === 'error' && !/^\w{1,60}$/.test(String(value)) ? 'Unknown' : value];
    }),
  );
}

type PagesHandler = (request: object, response: object, options: AuthOptions) => Promise<void>;

async function bodyOf(request: Request): Promise<Record<string, unknown>> {
  const text = await request.text();
  if ((request.headers.get('content-type') ?? '').includes('json')) {
    try {
      const parsed: unknown = JSON.parse(text);
      return parsed !== null && typeof parsed === 'object' ? { ...parsed } : {};
    } catch {
      return {};
    }
  }
  return Object.fromEntries(new URLSearchParams(text));
}
