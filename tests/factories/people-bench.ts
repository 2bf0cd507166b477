import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import type { Actor, Role } from '@/lib/access/policy';
import { systemClock } from '@/lib/clock';
import { type AppContext, createContext } from '@/lib/context';
import { readEnv } from '@/lib/env';
import { runJobs } from '@/lib/jobs/loop';
import { readJob } from '@/lib/jobs/rows';
import { upsertStatements } from '@/lib/mirror/upsert';
import { type Sandbox, type SandboxOptions, startSandbox } from '@/lib/sandbox/server';
import { insertAccount } from '@/lib/services/accounts/accounts';
import type { Ctx } from '@/lib/services/ctx';
import { jobRunner } from '@/lib/services/jobs/runner';
import { type TestDatabase, testDatabase } from './database';
import { chooseGroup } from './notifying-group';

export const ACCOUNT = 'account-1';

export interface PeopleBench {
  readonly sandbox: Sandbox;
  readonly app: AppContext;
  readonly db: TestDatabase;
  readonly ctx: Ctx;
  readonly appId: string;
  readonly encryptionKey: Uint8Array;
  /** An external group with a testable build that notifies by itself, so that invitations are sent at once. */
  readonly groupId: string;
  ctxAs(role: Role): Ctx;
  /** Copies apps, groups, builds and testers into the mirror as they are now. */
  mirror(): Promise<void>;
  /** Runs the worker's job loop until the job ends. */
  run(jobId: string, timeoutMs?: number): Promise<void>;
  /** The sandbox's testers of the app by lower-cased e-mail, with the ids of their groups. */
  testers(): Map<string, { id: string; groupIds: string[] }>;
  invitations(): Record<string, number>;
  close(): Promise<void>;
}

/** A sandbox, a database with its account, and a mirror of it: what services about people work on. */
export async function peopleBench(options: SandboxOptions = {}): Promise<PeopleBench> {
  const sandbox = await startSandbox({ hourLimit: null, alive: false, ...options });
  const db = await testDatabase();
  const encryptionKey = randomBytes(32);
  const env = readEnv({ ASC_BASE_URL: sandbox.baseUrl, DATA_DIR: db.folder }, 'worker');
  const log = pino({ level: process.env.LOG_LEVEL ?? 'silent' });
  const app = await createContext({ env, db, clock: systemClock, log, encryptionKey });
  const ctxAs = (role: Role) => app.ctx(actor(role), `test-${role}`);
  const ctx = ctxAs('admin');
  await insertAccount(ctx, {
    id: ACCOUNT,
    name: 'Sandbox',
    kind: 'team',
    issuerId: sandbox.issuerId,
    keyId: sandbox.keyId,
    privateKey: sandbox.privateKey,
  });
  await copyApps(ctx);
  const { appId, groupId } = chooseGroup(sandbox);
  const bench: PeopleBench = {
    sandbox,
    app,
    db,
    ctx,
    appId,
    groupId,
    encryptionKey,
    ctxAs,
    mirror: () => copyApps(ctx),
    run: (jobId, timeoutMs = 60_000) => runUntilEnd(app, jobId, timeoutMs),
    testers: () => testersOf(sandbox, appId),
    invitations: () => sandbox.parts().world.mail.invitations(),
    async close() {
      await app.close();
      await sandbox.close();
    },
  };
  return bench;
}

function actor(role: Role): Actor {
  return { kind: 'user', id: `u-${role}`, email: `${role}@example.com`, name: null, role, sessionId: 's' };
}

async function copyApps(ctx: Ctx): Promise<void> {
  const asc = await ctx.ascFor(ACCOUNT, 'interactive');
  const put = async (resources: Parameters<typeof upsertStatements>[0]) =>
    ctx.db.write(upsertStatements(resources));
  // As if a pass of the sync had brought them: what came otherwise is given a minute before its absence is believed.
  const common = { accountId: ACCOUNT, source: 'sync' as const, generation: 1 };
  for await (const page of asc.pages('apps')) {
    await put({ ...common, resources: page.document.data, fetchedAt: Date.now() });
    for (const app of page.document.data) {
      const groups = asc.pages('betaGroups', {
        filter: { app: app.id },
        include: ['app', 'builds', 'betaRecruitmentCriteria'],
      });
      for await (const { document } of groups) {
        await put({
          ...common,
          appId: app.id,
          resources: document.data,
          included: document.included,
          fetchedAt: Date.now(),
        });
      }
      const builds = asc.pages('builds', {
        filter: { app: app.id },
        include: ['preReleaseVersion', 'buildBetaDetail', 'betaGroups'],
      });
      for await (const { document } of builds) {
        await put({
          ...common,
          appId: app.id,
          resources: document.data,
          included: document.included,
          fetchedAt: Date.now(),
        });
      }
      const testers = asc.pages('betaTesters', { filter: { apps: app.id }, include: ['betaGroups'] });
      for await (const { document } of testers) {
        await put({ ...common, appId: app.id, resources: document.data, fetchedAt: Date.now() });
      }
    }
  }
}

function testersOf(sandbox: Sandbox, appId: string): Map<string, { id: string; groupIds: string[] }> {
  const { store } = sandbox.parts().world;
  const found = new Map<string, { id: string; groupIds: string[] }>();
  for (const tester of store.all('betaTesters').values()) {
    if (tester.appId !== appId || typeof tester.attributes.email !== 'string') continue;
    const groupIds = [...store.relatedIds(tester, 'betaGroups')];
    found.set(tester.attributes.email.toLowerCase(), { id: tester.id, groupIds });
  }
  return found;
}

const ENDED = new Set(['done', 'failed', 'paused', 'parked', 'cancelled']);

async function runUntilEnd(app: AppContext, jobId: string, timeoutMs: number): Promise<void> {
  const stop = new AbortController();
  const loop = runJobs(jobRunner(app, { callLimitMs: 300, effectLagMs: 100 }), stop.signal, { pollMs: 50 });
  const deadline = Date.now() + timeoutMs;
  while (!ENDED.has((await readJob(app.db, jobId))?.status ?? '') && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  stop.abort();
  await loop;
}
