import { buildWords } from '@/lib/format/builds';
import { upsertStatements } from '@/lib/mirror/upsert';
import type { AppFacts } from '../app-facts';
import { buildNamed } from '../build-named';
import type { Ctx } from '../ctx';
import { conflict, notFound, RefusedError } from '../errors';
import { readAfresh } from '../resources/refresh';
import { refusedUpload, UPLOAD_FAILED } from './upload-failure';

/** A build that App Store Connect does not show yet, as far as anybody can tell. */
export const NO_BUILD = 'FLIGHTDECK.NO_BUILD';

/**
 * The build that words name, in our copy or, where that has not heard of it, at App Store Connect: an upload is shipped
 * before it is synced. @throws RefusedError 400, 404 `FLIGHTDECK.NO_BUILD`, or 409 when several fit or
 * its upload was refused
 */
export async function findBuild(
  ctx: Ctx,
  app: AppFacts,
  words: string,
): Promise<{ id: string; name: string }> {
  const { accountId, appId } = app;
  const here = async () => {
    const build = await buildNamed(ctx, app, words);
    return { id: build.id, name: buildWords(build) };
  };
  try {
    return await here();
  } catch (error) {
    if (!(error instanceof RefusedError) || error.status !== 404) throw error;
  }
  if (words.includes('/')) await bringIn(ctx, app, words);
  else await readAfresh(ctx, { accountId, appId, type: 'builds', id: words });
  try {
    return await here();
  } catch (error) {
    if (!(error instanceof RefusedError) || error.status !== 404) throw error;
    await refuseFailed(ctx, app, words);
    throw notFound(
      'App Store Connect has no such build of this app, or does not show it yet: an upload appears when its processing begins.',
      NO_BUILD,
    );
  }
}

/** Nobody waits for an upload that has failed. @throws RefusedError 409 with Apple's reasons */
async function refuseFailed(ctx: Ctx, { accountId, appId }: AppFacts, words: string): Promise<void> {
  const [trainVersion, version, platform] = words.split('/');
  if (!trainVersion || !version) return;
  const numbers = { trainVersion, version, platform: platform?.toUpperCase() };
  const reasons = await refusedUpload(await ctx.ascFor(accountId), appId, numbers);
  if (reasons === null) return;
  const said = `App Store Connect has refused the upload of ${buildWords(numbers)}.`;
  throw conflict(UPLOAD_FAILED, [said, reasons, 'Mend it and upload again.'].filter(Boolean).join(' '));
}

/** Asks App Store Connect for builds of these numbers and keeps them. */
async function bringIn(ctx: Ctx, { accountId, appId }: AppFacts, words: string): Promise<void> {
  const [train = '', version = '', platform] = words.split('/');
  if (train === '' || version === '') return;
  const asc = await ctx.ascFor(accountId);
  const fetchedAt = ctx.clock.now();
  const { document } = await asc.list('builds', {
    filter: { app: appId, version, 'preReleaseVersion.version': train },
    include: ['preReleaseVersion', 'buildBetaDetail'],
    limit: { page: 50 },
  });
  const resources = document.data;
  if (resources.length === 0) return;
  if (resources.length >= 50 && platform === undefined)
    throw conflict('FLIGHTDECK.SEVERAL_BUILDS', 'Too many builds fit. Name one by its id.');
  const included = document.included ?? [];
  await ctx.db.write(upsertStatements({ accountId, appId, resources, included, fetchedAt, source: 'read' }));
}
