import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RemoteError } from '@/lib/cli/remote';
import { remoteShipper, type Shipper, shipCommand } from '@/lib/cli/ship';
import { RefusedError } from '@/lib/services/errors';
import type { OneJobView } from '@/lib/services/jobs/views';
import { SHIPPING } from '@/lib/services/ship/open-ship';

let said = '';
beforeEach(() => {
  said = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const DONE = { status: 'done', steps: [], waiting: null, error: null } as unknown as OneJobView;
const options = { url: 'https://desk.example', isJson: false, timeoutMs: null };
/** A far side that answers the reads of a job one after the other. */
const shipper = (answers: readonly (Error | OneJobView)[], start = async () => ({ id: 'job' })): Shipper => {
  const left = [...answers];
  return {
    start,
    async read() {
      const answer = left.shift() ?? DONE;
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
};
const away = (status: number) => new RemoteError('https://desk.example does not answer.', undefined, status);

describe('the command that ships', () => {
  it.each([0, 502, 429])('goes on when its job cannot be read for a moment (%i)', async (status) => {
    expect(await shipCommand(shipper([away(status)]), {}, options)).toBe(0);
    expect(said).toMatch(/^waits {4}https:\/\/desk\.example does not answer\. The job goes on\.$/m);
    expect(said).toMatch(/Shipped\.\n$/);
  });

  it('ends when that lasts, and at once for what is refused', async () => {
    const gone = shipper([away(0), away(0)]);
    await expect(shipCommand(gone, {}, { ...options, patienceMs: 1 })).rejects.toThrow(/does not answer/);
    const refused = shipper([new RemoteError('The token was revoked.', 'FLIGHTDECK.SIGNED_OUT', 401)]);
    await expect(shipCommand(refused, {}, options)).rejects.toThrow(/revoked/);
    expect(said).not.toMatch(/Shipped/);
  });

  it.each([
    ['far', new RemoteError('It is being shipped.', SHIPPING, 409, { jobId: 'first' })],
    [
      'local',
      new RefusedError({
        ...{ status: 409, code: SHIPPING, title: 'Conflict', detail: 'It is being shipped.' },
        meta: { jobId: 'first' },
      }),
    ],
  ])('follows the job that ships the build already, at a %s installation', async (_, refusal) => {
    const read: string[] = [];
    const other: Shipper = {
      start: () => Promise.reject(refusal),
      async read(id) {
        read.push(id);
        return DONE;
      },
    };
    expect(await shipCommand(other, {}, options)).toBe(0);
    expect(read).toEqual(['first']);
    expect(said).toMatch(/^follows {2}It is being shipped\. This command follows that job/m);
    expect(said).toContain('https://desk.example/jobs/first');
  });

  it('knows a far side that is away from one that refuses, and which job it names', async () => {
    const far = remoteShipper({ url: 'https://desk.example', token: 't' });
    const answer = (status: number, body: unknown) =>
      vi.stubGlobal('fetch', async () => Response.json(body, { status }));
    answer(409, { errors: [{ code: SHIPPING, detail: 'It is.', meta: { jobId: 'first' } }] });
    await expect(far.start({})).rejects.toMatchObject({
      code: SHIPPING,
      status: 409,
      meta: { jobId: 'first' },
    });
    answer(503, 'soon');
    await expect(far.read('job')).rejects.toMatchObject({ status: 503 });
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('fetch failed')));
    await expect(far.read('job')).rejects.toMatchObject({ status: 0 });
  });
});
