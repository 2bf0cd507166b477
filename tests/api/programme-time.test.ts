import { afterAll, beforeAll, expect, it } from 'vitest';
import { takeInFeedback } from '@/lib/services/feedback/collect';
import { ShiftRefusedError, shiftProgramme } from '@/lib/services/programme-time';
import { ACCOUNT, type ApiBench, apiBench } from '../factories/context';

const DAY = 86_400_000;

let bench: ApiBench;
beforeAll(async () => {
  bench = await apiBench();
}, 60_000);
afterAll(() => bench.close());

const shift = (ms: number, env: object = {}) =>
  shiftProgramme({ db: bench.db, clock: bench.app.clock, env: { ...bench.app.env, ...env } }, ms);
const moved = (ms: number) => expect.poll(() => bench.app.shiftMs(), { timeout: 10_000 }).toBe(ms);

it('ends a snooze when the programme comes to their day', async () => {
  await takeInFeedback(bench.app.ctx({ kind: 'system', name: 'worker' }, 'r'), ACCOUNT);
  const [report] = (await bench.call('GET', '/api/feedback?limit=1')).body.data;
  const issueId = report.attributes.issueId;
  const snooze = new Date(Date.now() + 7 * DAY).toISOString();
  const decided = await bench.call('POST', '/api/feedback/triage', {
    body: { target: { issues: [issueId] }, change: { snooze } },
  });
  expect(decided.status).toBe(200);
  const isAwake = async () => {
    const query = `filter[issue]=${issueId}&filter[snoozed]=no`;
    return (await bench.call('GET', `/api/feedback?${query}`)).body.data.length > 0;
  };
  expect(await isAwake()).toBe(false);
  await shift(6 * DAY);
  await moved(6 * DAY);
  expect(await isAwake()).toBe(false);
  await shift(8 * DAY);
  await moved(8 * DAY);
  expect(await isAwake()).toBe(true);
  // Sessions keep the machine's time: whoever is signed in stays it.
  await shift(400 * DAY);
  await moved(400 * DAY);
  expect((await bench.call('GET', '/api/me')).status).toBe(200);
  await shift(0);
  await moved(0);
});

it.each(['https://api.appstoreconnect.apple.com', 'https://asc.example.com'])(
  'is refused where the programme is at %s',
  async (ASC_BASE_URL) => {
    await expect(shift(DAY, { ASC_BASE_URL })).rejects.toThrow(ShiftRefusedError);
    expect(bench.app.shiftMs()).toBe(0);
  },
);

it.each([Number.NaN, 0.5, 1e18])('is refused for %s', (ms) =>
  expect(shift(ms)).rejects.toThrow(ShiftRefusedError),
);
