import { INCLUDE_LIMIT, PAGE_LIMIT } from '@/lib/asc/catalogue/limits';
import { attributesOf } from '@/lib/mirror/resource';
import { shape } from '@/lib/store/shape';
import { type HistoryInput, optionsOf } from './history';

/** Builds of which nobody has asked yet how large they are, newest first. */
export const unsized = shape((build, given: { accountId: string; most: number }) =>
  build
    .selectFrom('builds')
    .select('id')
    .where('accountId', '=', given.accountId)
    .where('sizeReadAt', 'is', null)
    .where('expired', 'is distinct from', 1)
    .where('processingState', '=', 'VALID')
    .orderBy('uploadedDate', 'desc')
    .orderBy('id')
    .limit(given.most),
);

/** Reads what a build takes on devices, once for all: it never changes. Gives the requests it took. */
export async function readSize(input: HistoryInput, id: string): Promise<number> {
  const { asc, accountId, clock } = input;
  const query = {
    include: ['buildBundles' as const],
    fields: { builds: ['buildBundles' as const], buildBundles: ['bundleType' as const] },
    limit: { buildBundles: INCLUDE_LIMIT },
  };
  const build = await asc.get('builds', id, query, optionsOf(input));
  let requests = build.attempts;
  const sizes: number[] = [];
  for (const bundle of build.document.included ?? []) {
    // An app clip comes beside its app and is no part of what a tester installs with it.
    if (attributesOf(bundle).bundleType !== 'APP') continue;
    const limit = { page: PAGE_LIMIT };
    const files = await asc.listRelated(
      'buildBundles',
      bundle.id,
      'buildBundleFileSizes',
      { limit },
      optionsOf(input),
    );
    requests += files.attempts;
    sizes.push(...files.document.data.flatMap(({ attributes }) => attributes?.installBytes ?? []));
  }
  const installBytes = sizes.length === 0 ? null : Math.max(...sizes);
  await input.db.write([sized({ accountId, id, installBytes, at: clock.now() })]);
  return requests;
}

/** Notes how large a build is, or that nobody tells. */
const sized = shape(
  (build, given: { accountId: string; id: string; installBytes: number | null; at: number }) =>
    build
      .updateTable('builds')
      .set({ installBytes: given.installBytes, sizeReadAt: given.at })
      .where('accountId', '=', given.accountId)
      .where('id', '=', given.id),
);
