import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Assembly, assemble } from './assembly';
import { BodyChecker } from './checks/body-check';
import { readFacts } from './checks/facts';
import { apiError } from './checks/refusal';
import { loadSpec } from './checks/spec';
import { answerControl } from './control/control';
import { receiveAsset, serveAsset } from './http/assets';
import { exchange } from './http/exchange';
import { readBody, readBytes, send } from './http/http-io';
import { KeyRing } from './http/keys';
import { createProgramme } from './programme/index';
import type { Programme, ProgrammeOptions, ProgrammeSize } from './programme/types';

export interface SandboxOptions {
  /** 0, the default, takes any free port. */
  port?: number;
  size?: ProgrammeSize;
  seed?: number;
  /** Programme seconds per real second; 1 by default. */
  speed?: number;
  latencyMs?: number;
  /** Requests per rolling hour and key; 3500 by default, null for no limit and no header. */
  hourLimit?: number | null;
  minuteLimit?: number | null;
  /** Where keys are kept; in the state folder, or else in a temporary one that goes on close. */
  keyFolder?: string;
  /** Where changes are kept, so that a restart finds them again; without it they are forgotten. */
  stateFolder?: string;
  /** Milliseconds since 1970 that the programme is told from; now by default. */
  epochMs?: number;
  /** Whether feedback arrives, reviews end and testers install by themselves; true by default. */
  alive?: boolean;
  createProgramme?: (options: ProgrammeOptions) => Programme;
}

/** A running sandbox. `parts()` gives its insides to tests; they are new after a reset. */
export interface Sandbox {
  baseUrl: string;
  issuerId: string;
  keyId: string;
  /** PKCS#8 PEM of the first key. */
  privateKey: string;
  privateKeyPath: string;
  parts(): Assembly;
  /** Back to the programme as generated; keys stay. */
  reset(): void;
  close(): Promise<void>;
}

const SETTLE_EVERY_MS = 1_000;
const SAVE_EVERY_MS = 5_000;
const WARM_EVERY_MS = 20;

/** What Apple publishes is read once, however often a process starts a sandbox. */
let published: ReturnType<typeof readPublished> | undefined;

function readPublished() {
  const spec = loadSpec();
  return { spec, facts: readFacts(spec), bodies: new BodyChecker(spec) };
}

/** Starts a simulated App Store Connect on 127.0.0.1. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const folder = options.keyFolder ?? options.stateFolder;
  const temporary = folder === undefined ? mkdtempSync(join(tmpdir(), 'asc-sandbox-')) : null;
  const seed = options.seed ?? 1;
  const keys = new KeyRing(seed, folder ?? temporary);
  let baseUrl = '';
  published ??= readPublished();
  const wiring = {
    ...published,
    keys,
    seed,
    size: options.size ?? 'small',
    speed: options.speed ?? 1,
    latencyMs: options.latencyMs ?? 0,
    hourLimit: options.hourLimit === undefined ? 3500 : options.hourLimit,
    minuteLimit: options.minuteLimit ?? null,
    epochMs: options.epochMs ?? null,
    stateFolder: options.stateFolder ?? null,
    alive: options.alive ?? true,
    createProgramme: options.createProgramme ?? createProgramme,
    baseUrl: () => baseUrl,
  };
  let parts = assemble(wiring);
  const reset = (): void => {
    parts = assemble(wiring, true);
  };
  const server = createServer((request, response) => {
    serve(parts, reset, request, response).catch((error: unknown) => fail(response, error));
  });
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stopTime = keepTime(() => parts);
  if (wiring.size === 'medium') warm(parts);
  const key = keys.first();
  return {
    baseUrl,
    issuerId: keys.issuerId,
    keyId: key.keyId,
    privateKey: key.privateKey,
    privateKeyPath: key.privateKeyPath ?? '',
    parts: () => parts,
    reset,
    async close() {
      stopTime();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await parts.world.webhooks.idle();
      save(parts);
      if (temporary !== null) rmSync(temporary, { recursive: true, force: true });
    },
  };
}

function save({ journal, clock, options, world }: Assembly): void {
  journal.flush();
  const { epochMs } = world.programme.options;
  journal.saveStanding({ size: options.size, seed: options.seed, epochMs, nowMs: clock.running() });
}

/** Generates testers app by app between requests, so that the first sync need not wait for it. */
function warm({ shelves }: Assembly): void {
  const rest = [...shelves.apps];
  const next = (): void => {
    const appId = rest.shift();
    if (appId === undefined) return;
    shelves.need('betaTesters', appId);
    setTimeout(next, WARM_EVERY_MS).unref();
  };
  setTimeout(next, WARM_EVERY_MS).unref();
}

/** Lets time pass also while nobody asks. */
function keepTime(parts: () => Assembly): () => void {
  const settle = setInterval(() => {
    parts().life.settle();
    parts().journal.flush();
  }, SETTLE_EVERY_MS);
  const keep = setInterval(() => save(parts()), SAVE_EVERY_MS);
  settle.unref();
  keep.unref();
  return () => {
    clearInterval(settle);
    clearInterval(keep);
  };
}

async function serve(
  parts: Assembly,
  reset: () => void,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  if (url.pathname.startsWith('/sandbox-assets/')) {
    const asset =
      request.method === 'PUT' ? receiveAsset(parts, url, await readBytes(request)) : serveAsset(parts, url);
    response.writeHead(asset.status, asset.headers).end(asset.content);
    return;
  }
  const body = await readBody(request);
  if (body === null) {
    response.writeHead(413).end();
    return;
  }
  if (url.pathname === '/sandbox' || url.pathname.startsWith('/sandbox/')) {
    const asked = { method: request.method ?? 'GET', url, body, host: request.headers.host ?? '' };
    const answer = await answerControl(parts, reset, asked);
    const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
    await send(request, response, answer.status, headers, JSON.stringify(answer.body));
    return;
  }
  await exchange(parts, { request, response, url, body });
}

function fail(response: ServerResponse, error: unknown): void {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`sandbox: ${detail}\n`);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const errors = [
    apiError(500, 'UNEXPECTED_ERROR', 'An unexpected error occurred.', 'The sandbox has a defect.'),
  ];
  response.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify({ errors }));
}
