import type { AscClient } from '@/lib/asc/client-interface';
import { isAscError } from '@/lib/asc/errors';
import { buildWords } from '@/lib/format/builds';
import { isRecord, type ResourceObject } from '@/lib/mirror/resource';
import type { Write } from '@/lib/store/store';
import type { ClientLane, Ctx } from '../ctx';
import { readerOf, readWhole } from '../resources/refresh';

/** A build as App Store Connect has it at this moment. */
export interface BuildFacts {
  readonly id: string;
  /** “iOS 1.4 (7)” */
  readonly name: string;
  /** Its version and platform: of these one build at a time is in review. */
  readonly trainVersion: string | null;
  readonly platform: string | null;
  readonly processingState: string | null;
  readonly isExpired: boolean;
  readonly isInternalOnly: boolean;
  /** The answer to export compliance; null while there is none. */
  readonly usesNonExemptEncryption: boolean | null;
  readonly detailId: string | null;
  readonly isAutoNotified: boolean | null;
  readonly internal: string | null;
  readonly external: string | null;
  readonly reviewState: string | null;
  /** What to Test by language. */
  readonly texts: ReadonlyMap<string, { readonly id: string; readonly whatsNew: string | null }>;
}

/** Where a build is looked up, and how what is learnt of it is kept. */
export interface Place {
  readonly accountId: string;
  readonly appId: string;
  readonly lane?: ClientLane;
  write?(writes: readonly Write[]): Promise<unknown>;
}

/** Reads a build with its states and texts, by one request; null when it is gone, or another app's. @throws AscError */
export async function readBuild(ctx: Ctx, place: Place, id: string): Promise<BuildFacts | null> {
  const { accountId, appId, lane, write } = place;
  const reader = await readerOf(ctx, accountId, lane ? { lane } : {});
  try {
    const own = write
      ? { ...reader, write: async (all: readonly Write[]) => void (await write(all)) }
      : reader;
    const read = await readWhole(ctx, own, { accountId, appId, type: 'builds', id });
    return read && factsOf(read);
  } catch (error) {
    if (isAscError(error) && error.is('not_found')) return null;
    throw error;
  }
}

/** Another build of the same version and platform that holds the one place in review. @throws AscError */
export async function inReviewBeside(
  asc: AscClient,
  appId: string,
  { id, trainVersion, platform }: BuildFacts,
): Promise<{ readonly id: string; readonly name: string } | null> {
  if (trainVersion === null || platform === null) return null;
  const { document } = await asc.list('builds', {
    filter: {
      app: appId,
      'preReleaseVersion.version': trainVersion,
      'preReleaseVersion.platform': platform as 'IOS',
      'betaAppReviewSubmission.betaReviewState': ['WAITING_FOR_REVIEW', 'IN_REVIEW'],
      expired: 'false',
    },
    limit: { page: 10 },
  });
  const other = document.data.find((one) => one.id !== id);
  if (!other) return null;
  return { id: other.id, name: buildWords({ version: other.attributes?.version, trainVersion, platform }) };
}

function factsOf({
  data,
  included,
}: {
  readonly data: ResourceObject;
  readonly included: readonly ResourceObject[];
}): BuildFacts {
  const own = data.attributes ?? {};
  const one = (type: string) => included.find((each) => each.type === type);
  const detail = one('buildBetaDetails');
  const train = one('preReleaseVersions')?.attributes ?? {};
  const texts = included.filter(({ type }) => type === 'betaBuildLocalizations');
  return {
    id: data.id,
    name: buildWords({
      version: textIn(own, 'version'),
      trainVersion: textIn(train, 'version'),
      platform: textIn(train, 'platform'),
    }),
    trainVersion: textIn(train, 'version'),
    platform: textIn(train, 'platform'),
    processingState: textIn(own, 'processingState'),
    isExpired: own.expired === true,
    isInternalOnly: own.buildAudienceType === 'INTERNAL_ONLY',
    usesNonExemptEncryption: flagIn(own, 'usesNonExemptEncryption'),
    detailId: detail?.id ?? null,
    isAutoNotified: flagIn(detail?.attributes, 'autoNotifyEnabled'),
    internal: textIn(detail?.attributes, 'internalBuildState'),
    external: textIn(detail?.attributes, 'externalBuildState'),
    reviewState: textIn(one('betaAppReviewSubmissions')?.attributes, 'betaReviewState'),
    texts: new Map(
      texts.map(({ id, attributes }) => [
        textIn(attributes, 'locale') ?? '',
        { id, whatsNew: textIn(attributes, 'whatsNew') },
      ]),
    ),
  };
}

function textIn(attributes: unknown, name: string): string | null {
  const value = isRecord(attributes) ? attributes[name] : null;
  return typeof value === 'string' ? value : null;
}

function flagIn(attributes: unknown, name: string): boolean | null {
  const value = isRecord(attributes) ? attributes[name] : null;
  return typeof value === 'boolean' ? value : null;
}
