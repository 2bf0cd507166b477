import path from 'node:path';
import type { Env } from '@/lib/env';
import { folderPlace } from './folder';
import type { Place } from './place';

export interface Places {
  /** Where new files are put. */
  readonly current: Place['name'];
  /** A place by the name that a file's row holds; null when it is not configured any more. */
  of(name: string): Promise<Place | null>;
}

/** The folder of the archive on this machine. */
export const archiveFolder = ({ DATA_DIR }: Pick<Env, 'DATA_DIR'>) => path.join(DATA_DIR, 'archive');

type Settings = Pick<
  Env,
  | 'DATA_DIR'
  | 'ARCHIVE_S3_ENDPOINT'
  | 'ARCHIVE_S3_BUCKET'
  | 'ARCHIVE_S3_REGION'
  | 'ARCHIVE_S3_ACCESS_KEY_ID'
  | 'ARCHIVE_S3_SECRET_ACCESS_KEY'
  | 'ARCHIVE_S3_PREFIX'
>;

/** The places of the archive: the bucket where one is set, and the folder, which stays readable. */
export function archivePlaces(env: Settings): Places {
  const folder = folderPlace(archiveFolder(env));
  const {
    ARCHIVE_S3_ENDPOINT: endpoint,
    ARCHIVE_S3_BUCKET: bucket,
    ARCHIVE_S3_ACCESS_KEY_ID: accessKeyId,
    ARCHIVE_S3_SECRET_ACCESS_KEY: secretAccessKey,
  } = env;
  const { ARCHIVE_S3_REGION: region, ARCHIVE_S3_PREFIX: prefix } = env;
  const isSet = endpoint && bucket && accessKeyId && secretAccessKey;
  let opened: Promise<Place> | undefined;
  return {
    current: isSet ? 'bucket' : 'folder',
    async of(name) {
      if (name === 'folder') return folder;
      if (name !== 'bucket' || !isSet) return null;
      // What signs requests is loaded where there is a bucket.
      opened ??= import('./bucket').then(({ bucketPlace }) =>
        bucketPlace({ endpoint, bucket, accessKeyId, secretAccessKey, region, prefix }),
      );
      return opened;
    },
  };
}
