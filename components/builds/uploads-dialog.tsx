'use client';

import Link from 'next/link';
import { State } from '@/components/programme/state';
import { AppName } from '@/components/shell/app-name';
import { Dialog } from '@/components/ui/dialog';
import { Time } from '@/components/ui/time';
import { programmeNow } from '@/lib/browser/programme-now';
import type { Upload } from '@/lib/browser/uploads';
import { homeOf } from '@/lib/format/app-address';
import { buildWords } from '@/lib/format/builds';
import { UploadProblems } from './upload-problems';

const DAY_MS = 86_400_000;

/** Uploads in progress and failed ones, with Apple's errors and warnings. */
export default function UploadsDialog({
  uploads,
  hasApp,
  fetchedAt,
  trouble,
  onClose,
}: {
  uploads: readonly Upload[];
  /** Of several apps: each says whose it is. */
  hasApp: boolean;
  fetchedAt: string | null;
  trouble: string | null;
  onClose: () => void;
}) {
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title="Uploads that are no builds"
      description="Some uploads are refused before they are builds: only here App Store Connect says why."
    >
      <p className="text-ink-soft text-sm">
        {fetchedAt ? (
          <>
            Read <Time at={fetchedAt} />
          </>
        ) : (
          'Not read completely yet'
        )}
        {trouble ? (
          <span className="text-attention">
            . App Store Connect could not be asked now: <bdi>{trouble}</bdi>
          </span>
        ) : null}
      </p>
      <ul aria-label="Uploads" className="mt-3 grid divide-y border-t text-sm">
        {uploads.map((upload) => (
          <Row key={`${upload.accountId} ${upload.id}`} upload={upload} hasApp={hasApp} />
        ))}
      </ul>
    </Dialog>
  );
}

function Row({ upload, hasApp }: { upload: Upload; hasApp: boolean }) {
  const { appId, accountName, buildId } = upload;
  const name = buildWords(upload);
  const home = homeOf(appId, upload);
  return (
    <li className="grid gap-1.5 py-2.5">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        {buildId ? (
          <Link
            href={`${home}/builds/${encodeURIComponent(buildId)}`}
            prefetch={false}
            className="font-medium text-accent-ink underline"
          >
            {name}
          </Link>
        ) : (
          <bdi className="font-medium">{name}</bdi>
        )}
        {hasApp ? <AppName appId={appId} accountName={accountName ?? undefined} /> : null}
        <State value={upload.state} />
        <span className="text-ink-soft">
          <Time at={upload.at} />
        </span>
      </div>
      <UploadProblems problems={upload.problems} />
      <p className="max-w-prose text-ink-soft">{adviceOf(upload)}</p>
    </li>
  );
}

function adviceOf({ state, at }: Upload): string {
  if (state === 'FAILED')
    return 'Mend what Apple names and upload again from Xcode or Transporter, with a higher build number.';
  const age = at === null ? 0 : programmeNow() - Date.parse(at);
  if (age > DAY_MS && state === 'PROCESSING')
    return 'It has been processing for more than a day: Apple advises to write to Developer Support. A new upload with a higher build number is often faster.';
  if (age > DAY_MS)
    return 'The file has not arrived for more than a day: the upload was probably given up. Upload it again.';
  return 'It becomes a build once Apple has taken it in.';
}
