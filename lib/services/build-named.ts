import { buildWords } from '@/lib/format/builds';
import type { Ctx } from './ctx';
import { badParameter, conflict, notFound } from './errors';

/**
 * A build of an app by Apple's id, or by version/number/platform such as `1.4/7/IOS`.
 * @throws RefusedError 400 for other words, 404 when there is none, 409 when several fit
 */
export async function buildNamed(
  { db }: Ctx,
  { accountId, appId }: { readonly accountId: string; readonly appId: string },
  words: string,
) {
  const of = db.build
    .selectFrom('builds')
    .select(['id', 'version', 'trainVersion', 'platform', 'uploadedDate'])
    .where('accountId', '=', accountId)
    .where('appId', '=', appId);
  const parts = words.split('/');
  const [trainVersion = '', version = '', platform] = parts;
  if (words === '' || parts.length > 3)
    throw badParameter('build', 'Say which build: its id, or version/number/platform such as 1.4/7/IOS.');
  const named = of
    .where('trainVersion', '=', trainVersion)
    .where('version', '=', version)
    .where((is) => (platform === undefined ? is.lit(true) : is('platform', '=', platform.toUpperCase())));
  const found = await db.read(parts.length === 1 ? of.where('id', '=', words) : named);
  const [build, another] = found;
  if (!build)
    throw notFound('There is no such build of this app here. It may not have been processed or synced yet.');
  if (another)
    throw conflict(
      'FLIGHTDECK.SEVERAL_BUILDS',
      `Several builds fit: ${found.map((each) => `${buildWords(each)} is ${each.id}`).join(', ')}. Name one by its id.`,
    );
  return build;
}
