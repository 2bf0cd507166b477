import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { WEBHOOK_EVENT_TYPE } from '@/lib/asc/catalogue/values';
import { eventWords } from '@/lib/format/webhooks';
import { readPayload } from '@/lib/services/webhooks/payload';
import { isSigned } from '@/lib/services/webhooks/signature';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('a signature', () => {
  const SECRET = 'This is my secret';
  const APPLES = 'hmacsha256=7f062172b01cb00b53ca068614674a3d982a34062a0f5d37687d5e3377e54657';

  it('is the one of Apple’s own example', () => {
    expect(isSigned(APPLES, bytes('Hello, World!'), [SECRET])).toBe(true);
    expect(isSigned(APPLES, bytes('Hello, World!'), ['another', SECRET])).toBe(true);
  });

  it.each([
    [null, 'Hello, World!', [SECRET]],
    ['', 'Hello, World!', [SECRET]],
    [APPLES.slice(0, -1), 'Hello, World!', [SECRET]],
    [APPLES.slice('hmacsha256='.length), 'Hello, World!', [SECRET]],
    [APPLES, 'Hello, World', [SECRET]],
    [APPLES, 'Hello, World!', ['this is my secret']],
    [APPLES, 'Hello, World!', []],
    [`hmacsha256=${'0'.repeat(64)}`, 'Hello, World!', [SECRET]],
  ])('%s of %s under %j is none', (header, body, secrets) => {
    expect(isSigned(header, bytes(body), secrets)).toBe(false);
  });

  it('is over bytes, whatever they are', () => {
    const body = Uint8Array.from([0xff, 0x00, 0xfe]);
    const hex = createHmac('sha256', 's').update(body).digest('hex');
    expect(isSigned(`hmacsha256=${hex}`, body, ['s'])).toBe(true);
  });
});

describe('an event', () => {
  it('tells its type, its id and what it is about, with and without `data`', () => {
    const told = { id: 'e1', type: 'buildUploadStateUpdated', instance: { type: 'buildUploads', id: 'u1' } };
    const around = (instance: unknown) =>
      JSON.stringify({ data: { type: told.type, id: 'e1', version: 1, relationships: { instance } } });
    expect(readPayload(around({ data: told.instance, links: { self: 'https://evil.example' } }))).toEqual(
      told,
    );
    expect(readPayload(around(told.instance))).toEqual(told);
    expect(readPayload(around(undefined))).toEqual({ ...told, instance: null });
  });

  it.each([
    '',
    '[]',
    '{}',
    '{"data":[]}',
    'no JSON',
    '{"data":{"id":7,"type":null}}',
    `{"data":{"id":"${'x'.repeat(300)}"}}`,
  ])('of no known shape (%s) is known by its bytes', (text) => {
    const told = readPayload(text);
    expect(told).toEqual({ id: expect.stringMatching(/^sha256:[0-9a-f]{64}$/), type: '', instance: null });
    expect(readPayload(text).id).toBe(told.id);
  });

  it('of every kind Apple has is said in words, and no two alike', () => {
    const words = WEBHOOK_EVENT_TYPE.map((type) => eventWords(type));
    expect(new Set(words).size).toBe(words.length);
    expect(words.join()).not.toMatch(/_/);
    expect([eventWords(null), eventWords('SOMETHING_NEW')]).toEqual([
      'A test',
      'An event of a kind that is new',
    ]);
  });
});
