'use client';

import { useMutation } from '@tanstack/react-query';
import { TypedConfirm } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { toast } from '@/components/ui/toast';
import { expireMutation } from '@/lib/browser/builds';
import type { AboutBuild } from './about-build';
import { isInReview } from './build-steps';
import { buildName } from './build-words';
import { useReached } from './reached';

/** Ends the testing of a build after saying what that costs. It is also the only way out of beta review. */
export default function ExpireDialog({ build, onClose }: AboutBuild) {
  const expire = useMutation(expireMutation());
  const reached = useReached(build);
  const name = buildName(build);
  const word = build.attributes?.version ?? build.id;
  const isReview = isInReview(build);
  const run = () =>
    expire.mutate(build, {
      onSuccess: () => {
        void toast({ title: isReview ? `${name} withdrawn from review` : `${name} expired` });
        onClose();
      },
    });
  return (
    <TypedConfirm
      open
      onOpenChange={(open) => !open && onClose()}
      title={isReview ? 'Withdraw from beta review?' : 'Expire this build?'}
      word={word}
      verb={isReview ? 'Withdraw and expire' : 'Expire build'}
      busy={expire.isPending}
      error={<Refusal error={expire.error} />}
      onConfirm={run}
    >
      <div className="grid gap-2">
        {isReview ? (
          <p>
            App Store Connect has no way to withdraw a build from review but to expire it. That frees the
            place for another build of the version.
          </p>
        ) : null}
        <p>
          <bdi className="font-medium text-ink">{name}</bdi> can no longer be installed, and testers who have
          it cannot open it any more.
          {reached === undefined ? null : ` It reaches ${reached}.`}
        </p>
        <p>This cannot be undone: to test it again it has to be uploaded with a new build number.</p>
      </div>
    </TypedConfirm>
  );
}
