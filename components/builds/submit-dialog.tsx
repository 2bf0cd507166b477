'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useAppBase } from '@/components/shell/use-app-base';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { toast } from '@/components/ui/toast';
import { foundOptions } from '@/lib/browser/lookups';
import type { BuildResource } from '@/lib/browser/types';
import { createMutation } from '@/lib/browser/writes';
import type { AboutBuild } from './about-build';
import { buildName } from './build-words';

/** Sends a build to beta review, after saying what Apple wants for it and whether the place is taken. */
export default function SubmitDialog({ build, appId, onClose }: AboutBuild) {
  const submit = useMutation(createMutation('betaAppReviewSubmissions'));
  const other = useOtherInReview(build, appId);
  const base = useAppBase(appId, build.meta);
  const send = () =>
    submit.mutate(
      {
        relationships: { build: { data: { type: 'builds', id: build.id } } },
        accountId: build.meta?.accountId,
      },
      {
        onSuccess: () => {
          void toast({ title: `${buildName(build)} submitted for beta review` });
          onClose();
        },
      },
    );
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Submit for beta review"
      description={`Apple reviews ${buildName(build)} before external testers get it. The first build of a version is looked at in full; later ones often pass at once.`}
    >
      <div className="flex flex-col gap-4 text-sm">
        <p className="text-ink-soft">
          Apple wants a description in every language of the{' '}
          <Link
            href={`${base}/test-information`}
            prefetch={false}
            className="rounded-sm text-accent-ink underline"
          >
            test information
          </Link>
          , a feedback e-mail, and a contact for review; a demo account where one is needed to sign in. A
          submission cannot be withdrawn but by expiring the build.
        </p>
        {build.meta?.autoNotifyEnabled ? (
          <p className="text-ink-soft">
            Automatic notification is on: testers of its external groups are mailed as soon as it is approved.
          </p>
        ) : null}
        {other ? (
          <p className="text-attention">
            <Link
              href={`${base}/builds/${encodeURIComponent(other.id)}`}
              prefetch={false}
              className="underline"
            >
              {buildName(other)}
            </Link>{' '}
            of the same version is with beta review. Apple takes one build of a version at a time: wait for
            its decision, or expire it to free the place.
          </p>
        ) : null}
        <Refusal error={submit.error} />
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" busy={submit.isPending} onClick={send}>
            Submit for review
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

/** Another build of the same version and platform that holds the one place in review. */
function useOtherInReview({ id, meta }: BuildResource, appId: string): BuildResource | undefined {
  const { data } = useQuery({
    ...foundOptions<BuildResource>(
      'builds',
      {
        app: appId,
        'preReleaseVersion.version': meta?.trainVersion ?? '',
        'preReleaseVersion.platform': meta?.platform ?? '',
        externalBuildState: 'WAITING_FOR_BETA_REVIEW,IN_BETA_REVIEW',
        expired: 'false',
      },
      '',
    ),
    enabled: meta?.trainVersion != null && meta.platform != null,
  });
  return data?.data.find((one) => one.id !== id && one.meta?.accountId === meta?.accountId);
}
