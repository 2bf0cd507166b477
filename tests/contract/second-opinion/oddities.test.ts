import { afterEach, expect, it } from 'vitest';
import type { LenientOptions } from '@/tests/factories/lenient-apple';
import { type Bench, lenientBench } from './bench';

let bench: Bench;
const open = async (options?: LenientOptions) => {
  bench = await lenientBench(options);
};
afterEach(async () => {
  const problems = bench.apple.problems();
  await bench.close();
  expect(problems).toEqual([]);
});

const ref = (type: string, id: string) => ({ type, id });
const at = (type: string, id: string) => `/api/v1/${type}/${encodeURIComponent(id)}`;

const GROUP = 'gr/oup+1==';
const TESTER = 'te?st#er%2Fä&=';
const BUILD = 'b;u"i<ld>\\';
const SHOT = "sh'o`t|{1}";

it('takes ids of any characters', async () => {
  await open();
  const { apple } = bench.apple;
  apple.add('betaGroups', GROUP, { name: 'Odd', isInternalGroup: false }, { app: ['1001'], builds: [] });
  apple.add('builds', BUILD, { version: '1', uploadedDate: '2026-01-10T00:00:00Z' }, { app: ['1001'] });
  apple.add(
    'betaTesters',
    TESTER,
    { email: 'odd@example.com', state: 'INVITED' },
    { apps: ['1001'], betaGroups: [GROUP] },
  );
  const feedback = { createdDate: '2026-01-10T00:00:00Z', comment: 'Odd' };
  apple.add('betaFeedbackScreenshotSubmissions', SHOT, feedback, { app: ['1001'], tester: [TESTER] });
  expect(await bench.sync()).toMatchObject({ status: 'succeeded' });

  const tester = await bench.call('GET', at('betaTesters', TESTER));
  expect(tester.body.data).toMatchObject({
    ...ref('betaTesters', TESTER),
    relationships: { betaGroups: { data: [ref('betaGroups', GROUP)] } },
  });
  const renamed = await bench.call('PATCH', at('betaGroups', GROUP), {
    data: { ...ref('betaGroups', GROUP), attributes: { name: 'Even' } },
  });
  expect([renamed.status, apple.get('betaGroups', GROUP)?.attributes.name]).toEqual([200, 'Even']);
  const given = await bench.call('POST', `${at('betaGroups', GROUP)}/relationships/builds`, {
    data: [ref('builds', BUILD)],
  });
  expect([given.status, apple.get('betaGroups', GROUP)?.to.builds]).toEqual([200, [BUILD]]);
  const members = await bench.call('GET', `${at('betaGroups', GROUP)}/relationships/betaTesters`);
  expect(members.body.data).toEqual([ref('betaTesters', TESTER)]);
  const shot = await bench.call('DELETE', at('betaFeedbackScreenshotSubmissions', SHOT), undefined, {
    'flightdeck-confirm': 'delete',
  });
  expect([shot.status, apple.get('betaFeedbackScreenshotSubmissions', SHOT)]).toEqual([200, undefined]);
  const typed = { 'flightdeck-confirm': 'odd%40example.com' };
  const gone = await bench.call('DELETE', at('betaTesters', TESTER), undefined, typed);
  expect([gone.status, apple.get('betaTesters', TESTER)]).toEqual([200, undefined]);
});

it('keeps testers of whom no request tells state or devices', async () => {
  await open({ unset: 'null' });
  for (const { attributes } of bench.apple.apple.all('betaTesters')) {
    Object.assign(attributes, { state: null, appDevices: null });
  }
  expect(await bench.sync()).toMatchObject({ status: 'succeeded' });
  const list = await bench.call('GET', '/api/v1/betaTesters?filter[apps]=1001');
  expect([list.status, list.body.meta.total]).toEqual([200, 260]);
  expect((await bench.call('GET', '/api/overview')).status).toBe(200);
  expect((await bench.call('GET', '/api/testers/tester-20?app=1001')).status).toBeLessThan(500);
});

const REFUSALS: [string, number, object | undefined, number, string][] = [
  ['nothing at all', 409, undefined, 409, 'answered 409'],
  ['an empty object', 409, {}, 409, 'answered 409'],
  ['errors that are no list', 422, { errors: { detail: 'No.' } }, 422, 'answered 422'],
  ['a detail alone', 409, { errors: [{ detail: 'That name is taken.' }] }, 409, 'That name is taken.'],
  ['a title alone', 403, { errors: [{ title: 'Not for you.' }] }, 403, 'Not for you.'],
  ['a status that is a number', 422, { errors: [{ status: 422, detail: 'Too odd.' }] }, 422, 'Too odd.'],
  ['entries that are no objects', 409, { errors: [null, 'no'] }, 409, 'answered 409'],
  ['a source of another form', 409, { errors: [{ detail: 'Wrong.', source: 'name' }] }, 409, 'Wrong.'],
];

it.each(REFUSALS)('shows a refusal that is %s', async (_name, status, body, shown, text) => {
  await open();
  await bench.sync();
  bench.apple.fault = ({ method }) =>
    method === 'PATCH' ? { status, ...(body === undefined ? {} : { body }) } : undefined;
  const answer = await bench.call('PATCH', at('betaGroups', 'friends'), {
    data: { ...ref('betaGroups', 'friends'), attributes: { name: 'Fiends' } },
  });
  expect(answer.status).toBe(shown);
  expect(JSON.stringify(answer.body.errors)).toContain(text);
  const [audit] = await bench.db.query('SELECT status FROM auditEntries ORDER BY seq DESC LIMIT 1');
  expect(audit).toEqual({ status: 'failed' });
});

it.each([403, 404])('mirrors the rest when the feedback of an app is %i', async (status) => {
  await open();
  const detail = 'Feedback is not for this key.';
  bench.apple.fault = ({ url }) =>
    url.includes('1001/betaFeedback') ? { status, body: { errors: [{ detail }] } } : undefined;
  const result = await bench.sync();
  expect([result.status, result.error ?? '']).toEqual(
    status === 404 ? ['succeeded', ''] : ['failed', expect.stringContaining(detail)],
  );
  expect([
    await bench.count('betaTesters'),
    await bench.count('builds'),
    await bench.count('feedback'),
  ]).toEqual([290, 8, 0]);
  bench.apple.fault = () => undefined;
  expect(await bench.sync('incremental')).toMatchObject({ status: 'succeeded', mode: 'incremental' });
  expect(await bench.count('feedback')).toBe(5);
});

it('finds what was made although its name holds a comma and the answer was lost', async () => {
  await open();
  await bench.sync();
  bench.apple.fault = ({ method }) => (method === 'POST' ? 'html after' : undefined);
  const app = { data: ref('apps', '1001') };
  const made = await bench.call('POST', '/api/v1/betaGroups', {
    data: { type: 'betaGroups', attributes: { name: 'Fish, chips' }, relationships: { app } },
  });
  expect([made.status, made.body.data?.attributes.name]).toEqual([201, 'Fish, chips']);
});
