import { afterEach, beforeEach, expect, it } from 'vitest';
import type { AscError } from '@/lib/asc/errors';
import { listRelated } from '@/lib/services/resources/read';
import { type PeopleBench, peopleBench } from '@/tests/factories/people-bench';

let bench: PeopleBench;
beforeEach(async () => {
  bench = await peopleBench();
});
afterEach(() => bench.close());

const ask = (type: string, id: string, name: string, query = '', ctx = bench.ctx) =>
  listRelated(ctx, { type, id, name, accountId: undefined, parameters: new URLSearchParams(query) });

/** Builds of the sandbox by platform, and one that has signatures. */
function builds() {
  const { store } = bench.sandbox.parts().world;
  const all = [...store.all('builds').values()];
  const of = (wanted: string) =>
    all.filter((build) => store.relatedOne(build, 'preReleaseVersion')?.attributes.platform === wanted);
  const withSignatures = of('IOS').find((build) => store.related(build, 'diagnosticSignatures').length > 0);
  const plain = of('IOS').find((build) => store.related(build, 'diagnosticSignatures').length === 0);
  if (!withSignatures || !plain) throw new Error('The programme has no such builds.');
  return { withSignatures, plain, other: of('MAC_OS')[0] ?? of('TV_OS')[0] };
}

it('reads the signatures of a build, one kind of them, and the logs of each', async () => {
  const { withSignatures, plain } = builds();
  const all = await ask('builds', withSignatures.id, 'diagnosticSignatures');
  const found = all.data as unknown as readonly { id: string; attributes: { diagnosticType: string } }[];
  const { store } = bench.sandbox.parts().world;
  expect(found.map(({ id }) => id).toSorted()).toEqual(
    [...store.relatedIds(withSignatures, 'diagnosticSignatures')].toSorted(),
  );
  expect(all.meta.fetchedAt).not.toBeNull();
  const hangs = await ask(
    'builds',
    withSignatures.id,
    'diagnosticSignatures',
    'filter[diagnosticType]=HANGS',
  );
  expect(hangs.data).toEqual(found.filter(({ attributes }) => attributes.diagnosticType === 'HANGS'));
  // Absent is absent.
  expect((await ask('builds', plain.id, 'diagnosticSignatures')).data).toEqual([]);

  const [first] = found;
  const logs = await ask('diagnosticSignatures', first?.id ?? '', 'logs', 'limit=1');
  const report = logs.meta as {
    report?: { productData: { signatureId: string; diagnosticLogs: unknown[] }[] };
  };
  expect(report.report?.productData).toMatchObject([{ signatureId: first?.id }]);
  expect(report.report?.productData[0]?.diagnosticLogs).toHaveLength(1);
});

it('reads the power figures of an iOS build, and none of another platform', async () => {
  const { withSignatures, other } = builds();
  const told = async (id: string) =>
    (await ask('builds', id, 'perfPowerMetrics')).meta as { report?: { productData: unknown[] } };
  const { report } = await told(withSignatures.id);
  expect(JSON.stringify(report)).toContain('"identifier":"LAUNCH"');
  if (other) expect((await told(other.id)).report?.productData).toEqual([]);
});

it('is refused for a build that is gone, a filter Apple does not have, and a role that may not ask', async () => {
  const { withSignatures } = builds();
  for (const name of ['diagnosticSignatures', 'perfPowerMetrics'])
    await expect(ask('builds', 'nothing', name)).rejects.toMatchObject({
      status: 404,
    } satisfies Partial<AscError>);
  await expect(ask('diagnosticSignatures', 'nothing', 'logs')).rejects.toMatchObject({ status: 404 });
  await expect(
    ask('builds', withSignatures.id, 'diagnosticSignatures', 'filter[diagnosticType]=NAPS'),
  ).rejects.toMatchObject({ status: 400 });
  await expect(
    ask('builds', withSignatures.id, 'perfPowerMetrics', '', bench.ctxAs('viewer')),
  ).rejects.toThrow('may not ask App Store Connect');
});
