import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appOf } from '@/lib/services/app-facts';
import { findBuild, NO_BUILD } from '@/lib/services/ship/find-build';
import { ACCOUNT, type ApiBench, apiBench } from '@/tests/factories/context';
import { freshBuild } from '@/tests/factories/shipping';

let bench: ApiBench;
/** The app that is asked for. */
let mine: string;
/** The app that has the thing. */
let theirs: string;

beforeEach(async () => {
  bench = await apiBench({ seed: 5 });
  const rows = await bench.db.query<{ id: string }>(
    'SELECT appId AS id FROM builds GROUP BY appId ORDER BY count(*) DESC, appId LIMIT 2',
  );
  [mine = '', theirs = ''] = rows.map(({ id }) => id);
});
afterEach(() => bench.close());

const store = () => bench.sandbox.parts().world.store;
const appsOf = async (table: string, id: string) =>
  (await bench.db.query<{ appId: string }>(`SELECT appId FROM ${table} WHERE id = ?`, [id])).map(
    ({ appId }) => appId,
  );
const uploadedTo = (appId: string) => {
  const build = freshBuild({ sandbox: bench.sandbox, appId });
  build.process();
  return build.id;
};
const aBuild = async () => {
  const [row] = await bench.db.query<{ id: string }>('SELECT id FROM builds WHERE appId = ? LIMIT 1', [
    theirs,
  ]);
  return row?.id ?? '';
};
const readIn = (type: string, id: string) =>
  bench.call('GET', `/api/v1/${type}/${id}?inApp=${mine}&refresh=1`, { as: 'triager' });

describe('what belongs to another app than somebody is looking at', () => {
  it('stays with its app when it is read by its id, whether or not it is here', async () => {
    const known = await aBuild();
    expect((await readIn('builds', known)).status).toBe(404);
    expect(await appsOf('builds', known)).toEqual([theirs]);
    const unknown = uploadedTo(theirs);
    expect((await readIn('builds', unknown)).status).toBe(404);
    expect(await appsOf('builds', unknown)).toEqual([]);
    const open = await bench.call('GET', `/api/v1/builds/${unknown}`, { as: 'triager' });
    expect([open.status, open.body.meta.appId]).toEqual([200, theirs]);
    const [train = ''] = (
      await bench.db.query<{ id: string }>('SELECT preReleaseVersionId AS id FROM builds WHERE id = ?', [
        unknown,
      ])
    ).map(({ id }) => id);
    expect((await readIn('preReleaseVersions', train)).status).toBe(404);
    expect(await appsOf('preReleaseVersions', train)).toEqual([theirs]);
  });

  it('is not found as a build to ship, and a build of the app is', async () => {
    const ctx = bench.app.ctx({ kind: 'system', name: 'shell' }, 'test');
    const app = await appOf(ctx, mine, ACCOUNT);
    const known = await aBuild();
    for (const id of [known, uploadedTo(theirs)])
      await expect(findBuild(ctx, app, id)).rejects.toMatchObject({ problems: [{ code: NO_BUILD }] });
    expect(await appsOf('builds', known)).toEqual([theirs]);
    const own = uploadedTo(mine);
    expect(await findBuild(ctx, app, own)).toMatchObject({ id: own });
    expect(await appsOf('builds', own)).toEqual([mine]);
  });

  it('takes its build along to no other app, where App Store Connect names only the build', async () => {
    const type = 'betaFeedbackCrashSubmissions';
    const found = [...store().all(type).values()].find(
      (one) => one.appId === theirs && store().relatedOne(one, 'build'),
    );
    const buildId = found && store().relatedOne(found, 'build')?.id;
    if (!found || !buildId) throw new Error('The other app has feedback.');
    for (const isHere of [true, false]) {
      if (!isHere)
        await bench.db.write([
          { sql: 'DELETE FROM feedback WHERE id = ?', params: [found.id] },
          { sql: 'DELETE FROM builds WHERE id = ?', params: [buildId] },
        ]);
      expect((await readIn(type, found.id)).status).toBe(404);
      expect(await appsOf('feedback', found.id)).toEqual(isHere ? [theirs] : []);
      expect(await appsOf('builds', buildId)).toEqual(isHere ? [theirs] : []);
    }
    const open = await bench.call('GET', `/api/v1/${type}/${found.id}`, { as: 'triager' });
    expect([open.status, open.body.meta.appId]).toEqual([200, theirs]);
  });

  it('is not told as deleted when App Store Connect refuses to link it, nor moved by a change that names an app', async () => {
    const known = await aBuild();
    const [group] = await bench.db.query<{ id: string }>(
      'SELECT id FROM betaGroups WHERE appId = ? AND isInternalGroup = 0 LIMIT 1',
      [mine],
    );
    const linked = await bench.call('POST', `/api/v1/betaGroups/${group?.id}/relationships/builds`, {
      body: { data: [{ type: 'builds', id: known }] },
    });
    expect(linked.status).toBeGreaterThanOrEqual(400);
    expect(linked.body.errors[0].code).not.toBe('FLIGHTDECK.GONE');
    expect(await appsOf('builds', known)).toEqual([theirs]);

    const unknown = uploadedTo(theirs);
    const attributes = { usesNonExemptEncryption: false };
    const changed = await bench.call('PATCH', `/api/v1/builds/${unknown}?inApp=${mine}`, {
      body: { data: { type: 'builds', id: unknown, attributes } },
    });
    expect(changed.status, changed.text).toBe(200);
    expect(await appsOf('builds', unknown)).not.toContain(mine);
  });
});
