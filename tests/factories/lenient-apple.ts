import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { figures, page, type Quirks, type Surroundings, shown, specimen } from './lenient-apple-answers';
import { type Asked, type Matched, operationOf, problemsOf } from './lenient-apple-judge';
import { type Kept, type Programme, RELATIONS, smallProgramme } from './lenient-apple-programme';
import { type Manners, NOT_FOUND, type Reply, Writes } from './lenient-apple-writes';

/** How answers travel. */
export interface Transport {
  /** `X-Rate-Limit` as text; none is sent without. */
  readonly rateLimit?: string;
  readonly isGzipped: boolean;
  /** Whether the connection is closed after each answer. */
  readonly closes: boolean;
  /** Whether bodies come in pieces, with pauses between them. */
  readonly trickles: boolean;
  /** Whether success has the other number: 200 for what was made, 202 for what has nothing to say. */
  readonly otherSuccess: boolean;
}

export type LenientOptions = Partial<Quirks & Manners & Transport>;

const PLAIN: Quirks & Manners & Transport = {
  pageCap: 200,
  cursorName: 'cursor',
  unset: 'absent',
  empty: 'stated',
  totals: false,
  mute: [],
  next: 'full',
  overlap: 0,
  endsEmpty: false,
  metrics: 'schema',
  knownAddress: 'upsert',
  memberAgain: 204,
  readsUntilGone: 0,
  isGzipped: false,
  closes: false,
  trickles: false,
  otherSuccess: false,
};

/** `html` refuses with a page of a proxy; `html after` carries the request out first; else the answer that comes instead. */
export type Fault = 'html' | 'html after' | Reply;

export interface LenientApple {
  readonly baseUrl: string;
  readonly apple: Programme;
  readonly requests: Asked[];
  /** Ids of testers that were sent an invitation by hand. */
  readonly invited: readonly string[];
  /** Whether a removal is still to be carried out. */
  readonly isWaiting: boolean;
  /** Whether it says 202 where others say 204. */
  readonly isSlow: boolean;
  /** Asked of each request; an answer spoils it. */
  fault: (asked: Asked) => Fault | undefined;
  set(options: LenientOptions): void;
  /** Every request that Apple's published surface does not know, with what is wrong. */
  problems(): string[];
  close(): Promise<void>;
}

/**
 * A small App Store Connect that takes the other reading wherever Apple's documents leave one open. It shares nothing with
 * the sandbox, so that what works with both does not rest on either.
 */
export async function startLenientApple(options: LenientOptions = {}): Promise<LenientApple> {
  let settings = { ...PLAIN, ...options };
  const apple = smallProgramme();
  const writes = new Writes(apple, () => settings);
  const requests: Asked[] = [];
  const issued = new Set<string>();
  let baseUrl = '';
  const server = createServer((request, response) => {
    const around = { apple, quirks: settings, baseUrl };
    serve(request, response).catch((error: unknown) => response.destroy(error as Error));

    async function serve(incoming: IncomingMessage, outgoing: ServerResponse) {
      const asked = await read(incoming);
      requests.push(asked);
      const fault = lenient.fault(asked);
      if (fault === 'html') return proxyPage(outgoing);
      if (typeof fault === 'object') return send(outgoing, fault, settings, '');
      const reply = answer(asked, around, writes);
      if (fault === 'html after') return proxyPage(outgoing);
      const next = (reply.body as { links?: { next?: string } } | undefined)?.links?.next;
      if (next !== undefined) issued.add(sorted(next));
      await send(outgoing, reply, settings, String(incoming.headers['accept-encoding'] ?? ''));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const lenient: LenientApple = {
    baseUrl,
    apple,
    requests,
    get invited() {
      return writes.invited;
    },
    get isWaiting() {
      return writes.isWaiting;
    },
    get isSlow() {
      return settings.otherSuccess;
    },
    fault: () => undefined,
    set(changes) {
      settings = { ...settings, ...changes };
    },
    // An address this server gave is its own business.
    problems: () =>
      requests.flatMap((asked) =>
        issued.has(sorted(asked.url))
          ? []
          : problemsOf(asked).map(
              (problem) => `${asked.method} ${decodeURIComponent(asked.url)}: ${problem}`,
            ),
      ),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return lenient;
}

/** An address with its parameters in order, since their order says nothing. */
function sorted(url: string): string {
  const { pathname, searchParams } = new URL(url, 'http://any');
  return `${pathname}?${[...searchParams].sort().join('&')}`;
}

async function read(request: IncomingMessage): Promise<Asked> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString();
  const asked = { method: request.method ?? '', url: request.url ?? '' };
  return text === '' ? asked : { ...asked, body: JSON.parse(text) };
}

function answer(asked: Asked, around: Surroundings, writes: Writes): Reply {
  const matched = operationOf(asked);
  if (typeof matched === 'string') return NOT_FOUND;
  const { pathname, searchParams } = new URL(asked.url, around.baseUrl);
  const where = { parameters: searchParams, path: pathname };
  if (asked.method === 'GET') {
    if (/^\/v1\/(betaTesters|apps\/[^/]+\/betaTesters)/.test(pathname)) writes.testersAreRead();
    return get(matched, around, where);
  }
  const reply = write(asked, matched, around, writes);
  return reply.kept ? { status: reply.status, body: document(around, reply.kept, where) } : reply;
}

type Where = Parameters<typeof shown>[2];

function document(around: Surroundings, kept: Kept, where: Where): object {
  const { data, included } = shown(around, kept, where);
  const plain = { parameters: new URLSearchParams(), path: where.path };
  const inlined = included.map((one) => shown(around, one, plain).data);
  const self = around.baseUrl + where.path;
  return { data, ...(inlined.length > 0 ? { included: inlined } : {}), links: { self } };
}

function get({ template, operation, params }: Matched, around: Surroundings, where: Where): Reply {
  const { apple } = around;
  const [, , type = '', , third = '', fourth = ''] = template.split('/');
  const owner = params.id === undefined ? undefined : apple.get(type, params.id);
  if (params.id === undefined) {
    if (!RELATIONS[type]) return { status: 200, body: specimen(operation, where, around.baseUrl) };
    return { status: 200, body: page(around, filtered(apple, type, where.parameters), where) };
  }
  if (RELATIONS[type] && !owner) return NOT_FOUND;
  if (third === 'metrics') return { status: 200, body: usage(fourth, owner, around, where) };
  if (operation.mediaTypes) return { status: 200, body: { version: '1.0' } };
  const name = third === 'relationships' ? fourth : third;
  const relation = RELATIONS[type]?.[name];
  if (owner && name === '') return { status: 200, body: document(around, owner, where) };
  if (!owner || !relation) return { status: 200, body: specimen(operation, where, around.baseUrl) };
  const related = apple.related(owner, name);
  if (third === 'relationships')
    return { status: 200, body: linkages(related, relation.isMany, around, where) };
  if (relation.isMany) return { status: 200, body: page(around, related, where) };
  const [only] = related;
  if (only) return { status: 200, body: document(around, only, where) };
  return { status: 200, body: { data: null, links: { self: around.baseUrl + where.path } } };
}

function linkages(related: readonly Kept[], isMany: boolean, around: Surroundings, where: Where): object {
  const list = page(around, related, { parameters: where.parameters, path: where.path });
  const data = (list.data as Kept[]).map(({ type, id }) => ({ type, id }));
  return { ...list, data: isMany ? data : (data[0] ?? null) };
}

function usage(name: string, owner: Kept | undefined, around: Surroundings, where: Where): object {
  if (owner?.type === 'betaTesters') return figures(around, name, 'apps', ['1001'], where);
  const testers = owner && name === 'betaTesterUsages' ? around.apple.related(owner, 'betaTesters') : [];
  const chosen = where.parameters.get('filter[betaTesters]')?.split(',');
  const ids = testers.map(({ id }) => id).filter((id) => chosen?.includes(id) ?? true);
  return figures(around, name, 'betaTesters', name === 'betaBuildUsages' ? [''] : ids, where);
}

function filtered(apple: Programme, type: string, parameters: URLSearchParams): Kept[] {
  let rows = apple.all(type);
  for (const [parameter, text] of parameters) {
    const name = /^filter\[(.+)\]$/.exec(parameter)?.[1];
    if (name === undefined) continue;
    const wanted = text.toLowerCase().split(',');
    rows = rows.filter((kept) => {
      const own = name === 'id' ? kept.id : kept.attributes[name];
      const values = RELATIONS[type]?.[name] ? apple.related(kept, name).map(({ id }) => id) : [own];
      return values.some((value) => wanted.includes(String(value).toLowerCase()));
    });
  }
  const sort = parameters.get('sort');
  const [, sign, key = ''] = /^(-?)(\w+)/.exec(sort ?? '') ?? [];
  if (sort === null) return rows;
  const order = sign === '-' ? -1 : 1;
  return rows.sort((a, b) => order * (String(a.attributes[key]) < String(b.attributes[key]) ? -1 : 1));
}

function write(asked: Asked, { template, params }: Matched, { apple }: Surroundings, writes: Writes): Reply {
  const [, , type = '', , third, name = ''] = template.split('/');
  if (params.id === undefined) return writes.create(type, asked.body as never);
  const owner = apple.get(type, params.id);
  if (!owner) return NOT_FOUND;
  if (third === 'relationships') {
    const change = asked.body as { data: { type: string; id: string }[] };
    return asked.method === 'POST' ? writes.link(owner, name, change) : writes.unlink(owner, name, change);
  }
  return asked.method === 'PATCH' ? writes.update(owner, asked.body as never) : writes.delete(owner);
}

function proxyPage(response: ServerResponse): void {
  response.writeHead(502, { 'content-type': 'text/html' }).end('<html><body>Bad Gateway</body></html>');
}

const OTHER: Readonly<Record<number, number>> = { 201: 200, 204: 202 };

async function send(
  response: ServerResponse,
  { status: usual, body }: Reply,
  { rateLimit, isGzipped, closes, trickles, otherSuccess }: Transport,
  accepted: string,
): Promise<void> {
  const status = otherSuccess ? (OTHER[usual] ?? usual) : usual;
  const isPacked = isGzipped && accepted.includes('gzip') && body !== undefined;
  response.writeHead(status, {
    ...(rateLimit === undefined ? {} : { 'x-rate-limit': rateLimit }),
    ...(closes ? { connection: 'close' } : {}),
    ...(isPacked ? { 'content-encoding': 'gzip' } : {}),
    ...(body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
  });
  if (body === undefined) return void response.end();
  const text = Buffer.from(JSON.stringify(body));
  const bytes = isPacked ? gzipSync(text) : text;
  if (!trickles) return void response.end(bytes);
  const piece = Math.ceil(bytes.length / 5);
  for (let from = 0; from < bytes.length; from += piece) {
    response.write(bytes.subarray(from, from + piece));
    await pause(4);
  }
  response.end();
}
