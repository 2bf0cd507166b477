'use client';

import { useQuery } from '@tanstack/react-query';
import { uploadsOptions } from '@/lib/browser/uploads';
import { UploadProblems } from './upload-problems';

/** Why Apple could not process a build, as it says of the build's upload. */
export default function UploadOfBuild({
  appId,
  buildId,
  accountId,
}: {
  appId: string;
  buildId: string;
  accountId: string | undefined;
}) {
  const { data } = useQuery(uploadsOptions(appId, accountId));
  const upload = data?.data.uploads.find((one) => one.buildId === buildId);
  if (!upload || upload.problems.length === 0) return null;
  return (
    <section aria-label="What App Store Connect found" className="mb-6 grid gap-2 text-sm">
      <h2 className="font-semibold text-base">What App Store Connect found</h2>
      <UploadProblems problems={upload.problems} />
    </section>
  );
}
