import { afterEach, beforeEach, expect, it } from 'vitest';
import { createJob } from '@/lib/jobs/create';
import { runJobs } from '@/lib/jobs/loop';
import { readItems, readJob } from '@/lib/jobs/rows';
import { importOptions } from '@/lib/services/imports/prepare';
import { startImport } from '@/lib/services/imports/service';
import { jobRunner } from '@/lib/services/jobs/runner';
import { DatabaseUnavailableError } from '@/lib/store/database';
import { type ApiBench, apiBench } from '@/tests/factories/context';
import { type TestDatabase, testDatabase } from '@/tests/factories/database';
import { chooseGroup } from '@/tests/factories/notifying-group';
import { virtualTime } from '@/tests/factories/virtual-time';

const AWAY_MS = 6_000;

let bench: ApiBench;
let time: ReturnType<typeof virtualTime>;
/** Whether the store goes away by now; it does so once, and comes back by itself. */
let goesAway: () => boolean;
let awayUntil: number | null;

beforeEach(async () => {
  time = virtualTime();
  goesAway = () => false;
  awayUntil = null;
  const db = await testDatabase();
  /** A server that is gone fails reads and writes alike. */
  const asked = async <T>(work: () => Promise<T>) => {
    if (awayUntil === null && goesAway()) awayUntil = time.clock.now() + AWAY_MS;
    if (awayUntil !== null && time.clock.now() < awayUntil)
      throw new DatabaseUnavailableError('unreachable', null);
    return work();
  };
  const frail: TestDatabase = {
    ...db,
    get file() {
      return db.file;
    },
    read: (query) => asked(() => db.read(query)),
    write: (writes, options) => asked(() => db.write(writes, options)),
    change: (query, options) => asked(() => db.change(query, options)),
  };
  bench = await apiBench({ db: frail, clock: time.clock, fetch: time.fetch });
});
afterEach(() => bench.close());

const invitations = () => bench.sandbox.parts().world.mail.invitations();

async function carriedOut(jobId: string) {
  const stop = new AbortController();
  const loop = runJobs(jobRunner(bench.app), stop.signal, { owner: 'worker/1/x' });
  await time.drive(time.clock.sleep(180_000));
  stop.abort();
  await time.drive(loop);
  expect((await readJob(bench.db, jobId))?.status).toBe('done');
  return readItems(bench.db, jobId, { limit: 200 });
}

it('R34: the store goes away behind each call of an import: every row is done, and told as done', async () => {
  const { appId, groupId } = chooseGroup(bench.sandbox);
  const emails = Array.from({ length: 12 }, (_, n) => `away${n}@example.com`);
  const ctx = bench.app.ctx({ kind: 'system', name: 'worker' }, 'queue');
  const options = importOptions.parse({ appId, groupIds: [groupId] });
  const { jobId } = await startImport(ctx, new TextEncoder().encode(`Email\n${emails.join('\n')}`), options);
  goesAway = () => Object.keys(invitations()).filter((email) => emails.includes(email)).length >= 4;
  const items = await carriedOut(jobId);
  expect(awayUntil).not.toBeNull();
  expect(items.map(({ status }) => status)).toEqual(emails.map(() => 'done'));
  for (const email of emails) expect([email, invitations()[email]]).toEqual([email, 1]);
});

it('R34: nobody is written to twice when the store goes away behind the call', async () => {
  const { appId } = chooseGroup(bench.sandbox);
  const { store } = bench.sandbox.parts().world;
  const invited = [...store.all('betaTesters').values()]
    .filter(({ attributes, appId: of }) => of === appId && attributes.state === 'INVITED' && attributes.email)
    .slice(0, 6);
  expect(invited.length).toBeGreaterThan(1);
  const emailOf = (one: (typeof invited)[number]) => String(one.attributes.email).toLowerCase();
  const before = invitations();
  const sum = () => invited.reduce((all, one) => all + (invitations()[emailOf(one)] ?? 0), 0);
  const items = invited.map((one) => ({
    payload: {
      ...{ testerId: one.id, email: emailOf(one), firstName: null, lastName: null },
      ...{ state: 'INVITED', groupIds: [], buildIds: [] },
    },
  }));
  const jobId = await createJob(
    bench.db,
    {
      ...{ kind: 'resend-invitations', title: 'Write', accountId: (await account()).id, appId, params: {} },
      ...{ createdBy: null, createdByEmail: null, items },
    },
    time.clock.now(),
  );
  const atFirst = sum();
  goesAway = () => sum() > atFirst;
  const settled = await carriedOut(jobId);
  expect(awayUntil).not.toBeNull();
  for (const one of invited)
    expect([emailOf(one), (invitations()[emailOf(one)] ?? 0) - (before[emailOf(one)] ?? 0)]).toEqual([
      emailOf(one),
      1,
    ]);
  // An e-mail leaves nothing to be read back: what is not known is said.
  for (const { status, errorCode } of settled)
    expect(['done', 'FLIGHTDECK.OUTCOME_UNKNOWN']).toContain(status === 'done' ? status : errorCode);
});

const account = async () => {
  const [row] = await bench.db.query<{ id: string }>('SELECT id FROM "Account" LIMIT 1');
  if (!row) throw new Error('There is no account.');
  return row;
};
