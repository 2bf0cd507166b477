import type { AscClient } from '@/lib/asc/client-interface';
import type { Resource } from '@/lib/asc/types';
import { problemsOf } from '../builds/uploads';

/** An upload that App Store Connect has refused is no build, and never becomes one. */
export const UPLOAD_FAILED = 'FLIGHTDECK.UPLOAD_FAILED';

interface Numbers {
  readonly trainVersion: string;
  readonly version: string;
  readonly platform: string | undefined;
}

/** So many reasons are told; the page of uploads has all. */
const MOST_REASONS = 5;

/**
 * Why the uploads of a version and number have come to nothing, in Apple's words; null where none was refused, or where
 * another try of the same platform is newer. @throws AscError
 */
export async function refusedUpload(
  asc: AscClient,
  appId: string,
  { trainVersion, version, platform }: Numbers,
): Promise<string | null> {
  const { document } = await asc.listRelated('apps', appId, 'buildUploads', {
    filter: {
      cfBundleShortVersionString: trainVersion,
      cfBundleVersion: version,
      ...(platform === undefined ? {} : { platform: platform as 'IOS' }),
    },
    limit: { page: 50 },
  });
  const newest = new Map<string, Resource<'buildUploads'>>();
  for (const upload of document.data) {
    const key = upload.attributes?.platform ?? '';
    const before = newest.get(key);
    if (!before || begunAt(upload) > begunAt(before)) newest.set(key, upload);
  }
  const all = [...newest.values()];
  if (all.length === 0 || all.some(({ attributes }) => attributes?.state?.state !== 'FAILED')) return null;
  return wordsOf(all.map(({ attributes }) => attributes?.state));
}

/** Why a build could not be processed, as its upload says it; empty where that says nothing. @throws AscError */
export async function failedProcessing(asc: AscClient, buildId: string): Promise<string> {
  const { document } = await asc.get('builds', buildId, { include: ['buildUpload'] });
  const uploads = (document.included ?? []).filter(({ type }) => type === 'buildUploads');
  return wordsOf(uploads.map(({ attributes }) => (attributes as { state?: unknown } | undefined)?.state));
}

const begunAt = ({ attributes }: Resource<'buildUploads'>) =>
  Date.parse(attributes?.createdDate ?? attributes?.uploadedDate ?? '') || 0;

function wordsOf(states: readonly unknown[]): string {
  const errors = states.flatMap(problemsOf).filter(({ kind }) => kind === 'error');
  const told = errors.map(({ code, description }) => (code ? `${description} (${code})` : description));
  return told.length === 0 ? '' : `App Store Connect says: ${told.slice(0, MOST_REASONS).join(' ')}`;
}
