import { lookup as systemLookup } from 'node:dns/promises';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { EnvHttpProxyAgent, request } from 'undici';
import { isPublicAddress, reachedAddress } from '@/lib/feedback/archive/public-address';
import { ConnectorError } from './types';

export interface Outgoing {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Incoming {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
  /** The parsed body; undefined when it is no JSON. */
  readonly json: unknown;
}

/** Sends one request and gives the answer, whatever it says. @throws ConnectorError when there was none */
export type Send = (outgoing: Outgoing) => Promise<Incoming>;

interface OutgoingOptions {
  /** The host of this address is the only one that is asked. */
  readonly baseUrl: string;
  /** An admin has said that it stands in a network of one's own: private addresses and plain http are allowed. */
  readonly isInternal: boolean;
  readonly proxies: {
    readonly http?: string | undefined;
    readonly https?: string | undefined;
    readonly except?: string | undefined;
  };
  readonly timeoutMs?: number;
  readonly resolve?: (hostname: string) => Promise<readonly { address: string; family: number }[]>;
}

const TIMEOUT_MS = 30_000;
const CONNECT_MS = 10_000;
const MOST_BYTES = 4 * 1024 * 1024;

/** Why an address cannot be used at all, in words; null when it can. */
export function addressProblem(address: string, isInternal: boolean): string | null {
  if (!URL.canParse(address)) return 'This is no address. It begins with https://.';
  const { protocol, username, password, hostname, hash } = new URL(address);
  if (protocol !== 'https:' && !(protocol === 'http:' && isInternal))
    return protocol === 'http:'
      ? 'An address on the internet begins with https://. Plain http is for your own network only.'
      : 'The address begins with https://.';
  if (username !== '' || password !== '') return 'The address holds a name or a password.';
  if (hash !== '') return 'The address holds a #, which is never sent.';
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(host) === 0) return null;
  return hostProblem(host, isInternal);
}

/** Why an IP address is not connected to, in words; null when it may be. */
export function hostProblem(address: string, isInternal: boolean): string | null {
  if (isNeverAsked(address)) return 'The address is one that no server of a team has.';
  return isInternal || isPublicAddress(address) ? null : PRIVATE;
}

const PRIVATE =
  'The address leads into a private network. If the server stands in your own network, say so in the connector.';

/** Where clouds tell machines their secrets, and what means this machine to some systems only. */
const NEVER_ASKED = new BlockList();
NEVER_ASKED.addSubnet('169.254.0.0', 16, 'ipv4');
for (const address of ['100.100.100.200', '168.63.129.16', '192.0.0.192'])
  NEVER_ASKED.addAddress(address, 'ipv4');
NEVER_ASKED.addSubnet('0.0.0.0', 8, 'ipv4');
NEVER_ASKED.addSubnet('fe80::', 10, 'ipv6');
NEVER_ASKED.addSubnet('fd00:ec2::', 32, 'ipv6');
NEVER_ASKED.addAddress('fd20:ce::254', 'ipv6');
NEVER_ASKED.addAddress('::', 'ipv6');

function isNeverAsked(address: string): boolean {
  const reached = reachedAddress(address);
  return NEVER_ASKED.check(reached, isIP(reached) === 6 ? 'ipv6' : 'ipv4');
}

/**
 * A way out to one server: no redirects, through the proxy that is configured, never to a private address unless an
 * admin has said so. Without a proxy it connects to the very address that was judged.
 */
export function createSend(options: OutgoingOptions): { send: Send; close(): Promise<void> } {
  const { isInternal, proxies, timeoutMs = TIMEOUT_MS } = options;
  let opened: EnvHttpProxyAgent | undefined;
  const made = () =>
    dispatcherOf(proxies, {
      connect: { timeout: CONNECT_MS, lookup: judgedLookup(isInternal, options.resolve) },
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    });
  const origin = URL.canParse(options.baseUrl) ? new URL(options.baseUrl).origin : '';
  return {
    async send({ method, url, headers = {}, body }) {
      const problem = addressProblem(url, isInternal);
      if (problem !== null) throw new ConnectorError('refused', problem);
      if (new URL(url).origin !== origin)
        throw new ConnectorError(
          'refused',
          'The address leads to another server than the one of the connector.',
        );
      try {
        opened ??= made();
        const dispatcher = opened;
        const answer = await request(url, {
          ...{ method, dispatcher, signal: AbortSignal.timeout(timeoutMs) },
          headers: { accept: 'application/json', 'user-agent': 'Flightdeck', ...headers },
          ...(body === undefined ? {} : { body }),
        });
        const text = await readText(answer.body);
        return { status: answer.statusCode, headers: plain(answer.headers), text, json: parsed(text) };
      } catch (error) {
        throw failure(error, method);
      }
    },
    async close() {
      await opened?.destroy();
    },
  };
}

type Proxies = OutgoingOptions['proxies'];

/** @throws ConnectorError for a proxy that is none */
function dispatcherOf(proxies: Proxies, options: ConstructorParameters<typeof EnvHttpProxyAgent>[0]) {
  const address = (given: string | undefined) =>
    given && !/^\w+:\/\//.test(given) ? `http://${given}` : (given ?? '');
  try {
    return new EnvHttpProxyAgent({
      ...options,
      // '' keeps the environment of the process out: what it says is in the configuration.
      httpProxy: address(proxies.http),
      httpsProxy: address(proxies.https),
      noProxy: [proxies.except ?? '', 'localhost', '127.0.0.1', '[::1]'].join(','),
    });
  } catch {
    const words =
      'The proxy that HTTP_PROXY or HTTPS_PROXY names cannot be used. It begins with http:// or https://.';
    throw new ConnectorError('passing', words);
  }
}

/** How a name is looked up where what it leads to is judged first. */
export function judgedLookup(
  isInternal: boolean,
  resolve: NonNullable<OutgoingOptions['resolve']> = (hostname) => systemLookup(hostname, { all: true }),
): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname).then(
      (found) => {
        const [first] = found;
        const problem = found
          .map(({ address }) => hostProblem(address, isInternal))
          .find((each) => each !== null);
        if (!first) callback(new Error('The name has no address.'), '', 0);
        else if (problem) callback(new ConnectorError('refused', problem), '', 0);
        else if (options.all) callback(null, [...found]);
        else callback(null, first.address, first.family);
      },
      (error: Error) => callback(error, '', 0),
    );
  };
}

async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  let total = 0;
  for await (const part of body) {
    total += part.length;
    if (total > MOST_BYTES) throw new Error('The answer has more than 4 MB.');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function plain(headers: Readonly<Record<string, string | string[] | undefined>>) {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Failures before a single byte of the request was sent: nothing can have been done. */
const UNSENT =
  /^(UND_ERR_CONNECT_TIMEOUT|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|CERT_\w+|DEPTH_ZERO\w+|SELF_SIGNED\w+|UNABLE_TO_\w+|ERR_TLS_\w+|ERR_SSL_\w+|EPROTO)$/;

function failure(error: unknown, method: Outgoing['method']): ConnectorError {
  const known = causes(error).find(({ name }) => name === 'ConnectorError');
  if (known instanceof ConnectorError) return known;
  const code = codeOf(error);
  const words = wordsOfNetwork(error);
  const isProxy = causes(error).some(({ message }) => /Proxy response/.test(message));
  if (isProxy) {
    const said = /\((\d+)\)/.exec(
      causes(error)
        .map(({ message }) => message)
        .join(' '),
    )?.[1];
    return new ConnectorError(
      'passing',
      `The proxy of this installation refused the way${said ? ` (${said})` : ''}.`,
    );
  }
  const isUnsent = code !== undefined && UNSENT.test(code);
  const told =
    words ?? (isUnsent ? 'It cannot be reached' : 'The connection broke off before there was an answer');
  const tail = code === undefined || words !== undefined ? '' : ` (${code})`;
  return new ConnectorError(isUnsent || method === 'GET' ? 'passing' : 'unsure', `${told}${tail}.`);
}

const codeOf = (error: unknown) =>
  causes(error)
    .map((one) => ('code' in one ? String(one.code) : ''))
    .find((one) => one !== '');

/** What a failure of the network means for people, without a full stop; undefined for any other. */
export function wordsOfNetwork(error: unknown): string | undefined {
  const code = codeOf(error) ?? '';
  return WORDS.find(([pattern]) => pattern.test(code))?.[1];
}

/** Of a server that does not prove who it is. */
export const NOT_TRUSTED =
  'Its certificate is not trusted here; a certificate authority of your own is named by NODE_EXTRA_CA_CERTS';

const WORDS: readonly (readonly [RegExp, string])[] = [
  [/CONNECT_TIMEOUT|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH/, 'It cannot be reached'],
  [/ENOTFOUND|EAI_AGAIN/, 'Its name is not known to the network'],
  [/^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS_CERT)/, NOT_TRUSTED],
  [/UND_ERR_(HEADERS|BODY)_TIMEOUT|^23$|TimeoutError/, 'It took too long to answer'],
];

/** An error and what caused it, the outer ones first. */
function causes(error: unknown): Error[] {
  const found: Error[] = [];
  for (let one: unknown = error; one instanceof Error && found.length < 8; one = one.cause) {
    found.push(one);
    if (one instanceof AggregateError) found.push(...one.errors.filter((each) => each instanceof Error));
  }
  return found;
}
