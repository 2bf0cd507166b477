import { generateKeyPairSync } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createLog, type Log, outputTo } from '@/lib/log';

/** Everything `write` logs, as text and as parsed lines. */
function logged(write: (log: Log) => void, level = 'info') {
  let text = '';
  const append = (line: string) => {
    text += line;
  };
  write(createLog({ level, name: 'test', destination: { write: append } }));
  const lines = text.split('\n').filter(Boolean);
  return { text, lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

const PEM = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
  type: 'pkcs8',
  format: 'pem',
});
const JWT = `${Buffer.from('{"alg":"ES256"}').toString('base64url')}.eyJzdWIiOiJ1c2VyIn0.c2lnbmF0dXJl`;

describe('createLog', () => {
  it('writes one JSON object per line with level, time and name', () => {
    const { lines } = logged((log) => log.info({ requestId: 'r1' }, 'request done'));
    expect(lines).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/Z$/),
        name: 'test',
        requestId: 'r1',
        msg: 'request done',
      },
    ]);
  });

  it('keeps a forged line inside its own line', () => {
    const { text, lines } = logged((log) => log.warn({ name: 'x\r\n{"level":"fatal"}' }, 'a\r\nb'));
    expect(lines).toHaveLength(1);
    expect(text.trimEnd()).not.toMatch(/[\r\n]/);
  });

  it.each([
    ['a key in a message', (log: Log) => log.error(`bad key ${PEM}`), PEM.toString().split('\n')[1]],
    [
      'a key in an error',
      (log: Log) => log.error({ err: new Error(PEM.toString()) }),
      PEM.toString().split('\n')[1],
    ],
    ['a cut-off key', (log: Log) => log.error(PEM.toString().slice(0, 90)), PEM.toString().slice(40, 80)],
    ['a token in a message', (log: Log) => log.info(`sent ${JWT} to Apple`), JWT],
    [
      'a header',
      (log: Log) => log.info({ req: { headers: { authorization: 'Bearer abc.def' } } }),
      'abc.def',
    ],
    ['a header in text', (log: Log) => log.info('Authorization: Bearer abc.def'), 'abc.def'],
    ['a cookie', (log: Log) => log.info({ headers: { cookie: 'sid=topsecret' } }), 'topsecret'],
    [
      'a session cookie in text',
      (log: Log) => log.info('__Secure-next-auth.session-token=topsecret; x'),
      'topsecret',
    ],
    ['a password', (log: Log) => log.info({ body: { password: 'hunter2' } }), 'hunter2'],
    ['a webhook secret', (log: Log) => log.info({ secret: 'hunter2' }), 'hunter2'],
    [
      'the password of an address',
      (log: Log) => log.error({ error: new Error('postgresql://fd:hunt@er2@db.example.com:5432/fd') }),
      'er2',
    ],
    [
      'a password at the end of one',
      (log: Log) => log.info('postgresql://db/fd?a=b&password=hunter2'),
      'hunter2',
    ],
    ['a signature', (log: Log) => log.info(`hmacsha256=${'ab'.repeat(32)}`), 'abababab'],
  ])('never writes %s', (_, write, secret) => {
    const { text, lines } = logged(write);
    expect(lines).toHaveLength(1);
    expect(secret).toBeTruthy();
    expect(text).not.toContain(secret);
  });

  it('writes an address as the same short hash, whatever its case', () => {
    const { text, lines } = logged((log) => {
      log.info({ to: 'Anna.Öz+beta@Example.com' }, 'invited');
      log.info('again anna.öz+beta@example.com');
      log.info('another bob@example.com');
    });
    expect(text).not.toMatch(/example\.com/i);
    expect(lines[0]?.to).toMatch(/^mail:[0-9a-f]{12}$/);
    expect(lines[1]?.msg).toBe(`again ${lines[0]?.to}`);
    expect(lines[2]?.msg).not.toContain(String(lines[0]?.to));
  });

  it('writes what an error is, under either name', () => {
    const { lines } = logged((log) => {
      log.error({ err: new TypeError('first') });
      log.warn({ error: new RangeError('second') }, 'went wrong');
    });
    expect(lines[0]?.err).toMatchObject({ type: 'TypeError', message: 'first' });
    expect(lines[1]?.error).toMatchObject({ type: 'RangeError', message: 'second' });
  });

  it('is quiet below its level', () => {
    expect(logged((log) => log.debug('noise')).lines).toEqual([]);
    expect(logged((log) => log.debug('noise'), 'debug').lines).toHaveLength(1);
  });
});

it('never ends a process: a line that finds no room is dropped', () => {
  const full = openSync('/dev/full', 'w');
  const log = createLog({ destination: outputTo(full) });
  for (let index = 0; index < 100; index += 1) log.error({ index }, 'no room');
  closeSync(full);
  expect(() => log.error('nobody reads')).not.toThrow();
});
