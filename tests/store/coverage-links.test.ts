import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { matricesOf } from '@/components/adoption/matrix';
import { countMirror } from '@/lib/mirror/query';
import { queryMirror } from '@/lib/mirror/query/list';
import { upsertStatements } from '@/lib/mirror/upsert';
import { readCoverage } from '@/lib/services/adoption/coverage';
import type { Store } from '@/lib/store/store';
import { aTester } from '../factories/resources';
import { ENGINES } from '../factories/stores';
import { ACCOUNT, addAccount } from '../factories/synced';

const on = (model: string | null, osVersion: string, platform = 'IOS', appBuildVersion = '7') => ({
  ...{ model, osVersion, platform, appBuildVersion },
});
/** Some have a phone and a tablet with each other's systems, some tell no model. */
const PEOPLE: Readonly<Record<string, readonly object[] | null>> = {
  phone: [on('iPhone17,1', '26.1')],
  underscored: [on('iPhone17_1', '26.1.2')],
  both: [on('iPhone17,1', '26.1'), on('iPad14,3', '18.2')],
  crossed: [on('iPhone17,1', '18.2'), on('iPad14,3', '26.1')],
  twoPhones: [on('iPhone16,1', '26.1'), on('iPhone17,1', '26.1')],
  mac: [on('Mac15,3', '15.7', 'MAC_OS')],
  untoldMac: [on(null, '15.7', 'MAC_OS')],
  untoldBeside: [on(null, '15.7', 'MAC_OS'), on('iPhone17,1', '26.1')],
  untoldPhone: [on(null, '15.7')],
  none: null,
};

describe.each(ENGINES)('people on a device with a system, on $name', ({ open }) => {
  let db: Store;
  const place = { accountId: ACCOUNT, appId: '1' };
  beforeAll(async () => {
    db = await open();
    await addAccount(db);
    const resources = Object.entries(PEOPLE).map(([id, appDevices]) => aTester(id, { appDevices }));
    await db.write(upsertStatements({ ...place, resources, fetchedAt: 1, source: 'sync' }));
  }, 60_000);
  afterAll(() => db.close());

  const found = async (filter: Readonly<Record<string, readonly string[]>>) =>
    (await queryMirror(db, 'betaTesters', { filter: { apps: ['1'], ...filter }, limit: 50, now: 1 })).data
      .map(({ id }) => id)
      .toSorted();

  it('are exactly those a cell of the matrix counts', async () => {
    const matrices = matricesOf(await readCoverage(db, place), undefined);
    let cells = 0;
    for (const { families } of matrices) {
      for (const { cells: row } of families.flatMap(({ whole, models }) => [whole, ...models])) {
        for (const { testers, filter } of row.filter((one) => one.testers > 0)) {
          cells += 1;
          const query = { device: filter.device.split(','), os: filter.os.split(',') };
          const listed = await countMirror(db, 'betaTesters', { filter: { apps: ['1'], ...query } });
          expect([query, listed]).toEqual([query, testers]);
        }
      }
    }
    expect(cells).toBe(11);
  });

  it('have all that is asked on one device, and without each of the filters on any', async () => {
    expect(await found({ device: ['iPad14_3'], os: ['26.1'] })).toEqual(['crossed']);
    expect(await found({ device: ['iPad14_3'] })).toEqual(['both', 'crossed']);
    expect(await found({ os: ['18.2'], device: ['iPhone17_1', 'iPhone16_1'] })).toEqual(['crossed']);
    expect(await found({ installedBuild: ['7'], devicePlatform: ['MAC_OS'] })).toEqual([
      ...['mac', 'untoldBeside', 'untoldMac'],
    ]);
    expect(await found({ device: ['none-MAC_OS'], os: ['15.7'] })).toEqual(['untoldBeside', 'untoldMac']);
    expect(await found({ device: ['iPhone17_1'], 'not.os': ['26.1'] })).toEqual(['underscored']);
  });
});
