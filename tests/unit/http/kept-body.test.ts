import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keptBody } from '@/lib/http/core/kept-body';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'flightdeck-body-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = () => path.join(folder, 'sent');
/** A request whose body is what `pull` gives, piece by piece. */
function request(
  pull: (controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>) => void | Promise<void>,
  { length, signal = new AbortController().signal }: { length?: number; signal?: AbortSignal } = {},
) {
  const ended: unknown[] = [];
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({ pull, cancel: (why) => void ended.push(why) });
  const headers = new Headers(length === undefined ? {} : { 'content-length': String(length) });
  return { ...{ headers, body, signal }, ended };
}
const bytes = (text: string) => new TextEncoder().encode(text);
const forever = () => new Promise<void>(() => undefined);
/** A piece after each turn of the event loop, without an end. */
const trickle = async (controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>) => {
  await new Promise((resolve) => setImmediate(resolve));
  controller.enqueue(bytes('.'));
};

describe('a body that is written to a file', () => {
  it('is there as it was sent', async () => {
    const pieces = ['one ', 'two'];
    const whole = request((controller) => {
      const piece = pieces.shift();
      if (piece === undefined) controller.close();
      else controller.enqueue(bytes(piece));
    });
    await keptBody(whole, file(), { bytes: 7 });
    expect(readFileSync(file(), 'utf8')).toBe('one two');
  });

  it('that stops is refused after a while, and let go', async () => {
    let isFirst = true;
    const stopping = request((controller) => {
      if (!isFirst) return forever();
      isFirst = false;
      controller.enqueue(bytes('begins'));
      return undefined;
    });
    await expect(keptBody(stopping, file(), { bytes: 100, idleMs: 50 })).rejects.toMatchObject({
      ...{ status: 408, message: expect.stringContaining('Nothing came for 0.05 seconds') },
    });
    expect(stopping.ended).toHaveLength(1);
  });

  it('that trickles without an end is refused when its time is over', async () => {
    const slow = request(trickle);
    await expect(keptBody(slow, file(), { bytes: 1e9, idleMs: 60_000, totalMs: 200 })).rejects.toMatchObject({
      status: 408,
      message: expect.stringContaining('longer than 0.2 seconds'),
    });
    expect(slow.ended).toHaveLength(1);
  });

  it('is refused where it is too long, whatever it said of itself', async () => {
    const announced = request(forever, { length: 8 });
    await expect(keptBody(announced, file(), { bytes: 7 })).rejects.toMatchObject({ status: 413 });
    expect(existsSync(file())).toBe(false);
    await expect(keptBody(request(trickle), file(), { bytes: 7 })).rejects.toMatchObject({ status: 413 });
    await expect(keptBody({ ...request(forever), body: null }, file(), { bytes: 7 })).rejects.toMatchObject({
      status: 400,
    });
  });

  it('ends when whoever sends it is gone', async () => {
    const gone = new AbortController();
    const left = keptBody(request(forever, { signal: gone.signal }), file(), { bytes: 7 });
    gone.abort();
    await expect(left).rejects.toThrow();
  });
});
