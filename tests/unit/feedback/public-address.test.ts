import { describe, expect, it } from 'vitest';
import { createDownloader } from '@/lib/feedback/archive/download';
import { linkProblem } from '@/lib/feedback/archive/link';
import { isPublicAddress } from '@/lib/feedback/archive/public-address';
import { pictureHost } from '@/tests/factories/picture-host';

const APPLE = { baseUrl: 'https://api.appstoreconnect.apple.com' };
const PRIVATE = { kind: 'refused', words: 'The address leads into a private network, so it is not fetched.' };

describe('public addresses', () => {
  it.each([
    '17.253.144.10',
    '172.15.255.255',
    '172.32.0.1',
    '100.63.255.255',
    '100.128.0.1',
    '192.167.1.1',
    '2620:149:af0::10',
    '::ffff:17.253.144.10',
    '64:ff9b::11fd:900a',
  ])('%s is one', (address) => expect(isPublicAddress(address)).toBe(true));

  it.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.0.1',
    '192.0.2.7',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::127.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:169.254.169.254',
    '0:0:0:0:0:ffff:0a00:0001',
    '64:ff9b::7f00:1',
    '64:ff9b:1::a00:1',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '2001:0:4136:e378:8000:63bf:3fff:fdd2',
    'example.com',
    '',
  ])('%s is none', (address) => expect(isPublicAddress(address)).toBe(false));
});

describe('links', () => {
  it.each([
    ['https://tf-feedback.itunes.apple.com/eimg/1.png?sig=x', null],
    ['https://0177.0.0.1/', PRIVATE.words],
    ['https://2130706433/', PRIVATE.words],
    ['https://127.1/', PRIVATE.words],
    ['https://[::]/', PRIVATE.words],
    ['https://[::ffff:7f00:1]/', PRIVATE.words],
    ['http://127.0.0.1/', 'The address begins with http://, which is not safe; only https:// is fetched.'],
  ])('%s', (link, problem) => expect(linkProblem(link, APPLE)).toBe(problem));

  it('of the sandbox may be plain, and only while Apple’s base address is a loopback one', () => {
    const sandbox = { baseUrl: 'http://127.0.0.1:4010' };
    expect(linkProblem('http://localhost:4010/p', sandbox)).toBe(null);
    expect(linkProblem('http://192.168.0.1/p', sandbox)).toContain('http://');
    expect(linkProblem('https://192.168.0.1/p', sandbox)).toBe(PRIVATE.words);
    expect(linkProblem('https://asc.internal/p', { baseUrl: 'https://asc.internal' })).toBe(null);
    expect(linkProblem('http://asc.internal/p', { baseUrl: 'http://asc.internal' })).toContain('http://');
  });
});

describe('names', () => {
  const never = new AbortController().signal;

  it('that stand for a private address, beside public ones too, are not connected to', async () => {
    const looked: string[] = [];
    const downloader = createDownloader({
      ...APPLE,
      atOnce: 1,
      async resolve(hostname) {
        looked.push(hostname);
        return [
          { address: '17.0.0.1', family: 4 },
          { address: '::ffff:192.168.1.1', family: 6 },
        ];
      },
    });
    // The only name that tests may look up.
    expect(await downloader.get('https://localhost/p', never)).toEqual(PRIVATE);
    expect(looked).toEqual(['localhost']);
    downloader.close();
  });

  it('are looked up once, and the address that was judged is the one that is connected to', async () => {
    const host = await pictureHost();
    host.answer('/p', (response) => void response.end('bytes'));
    let looked = 0;
    const downloader = createDownloader({
      baseUrl: host.url,
      atOnce: 1,
      async resolve() {
        looked += 1;
        return [{ address: looked === 1 ? '127.0.0.1' : '192.168.1.1', family: 4 }];
      },
    });
    const { port } = new URL(host.url);
    const answer = await downloader.get(`http://localhost:${port}/p`, never);
    expect([answer.kind, looked]).toEqual(['bytes', 1]);
    downloader.close();
    await host.close();
  });
});

describe('a host that takes its time', () => {
  it('is given up on', async () => {
    const host = await pictureHost();
    host.answer('/silent', () => undefined);
    host.answer('/dripping', (response) => {
      const timer = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(timer));
    });
    const downloader = createDownloader({
      baseUrl: host.url,
      atOnce: 2,
      limits: { idleMs: 300, totalMs: 900 },
    });
    const never = new AbortController().signal;
    const [silent, dripping] = await Promise.all([
      downloader.get(`${host.url}/silent`, never),
      downloader.get(`${host.url}/dripping`, never),
    ]);
    expect([silent.kind, dripping.kind]).toEqual(['passing', 'passing']);
    expect(dripping).toMatchObject({ words: 'The server of the picture took longer than 0.9 s.' });
    downloader.close();
    await host.close();
  });
});
