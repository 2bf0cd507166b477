'use client';

import { useMutation } from '@tanstack/react-query';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { toast } from '@/components/ui/toast';
import { createMutation } from '@/lib/browser/writes';
import type { AboutBuild } from './about-build';
import { buildName } from './build-words';
import { useReached } from './reached';
import { useAutoNotify } from './use-auto-notify';

/** Tells testers of a build by hand, which App Store Connect takes only while it does not do so by itself. */
export default function NotifyDialog({ build, detailId, onClose }: AboutBuild) {
  const notify = useMutation(createMutation('buildBetaNotifications'));
  const auto = useAutoNotify(build, detailId);
  const reached = useReached(build);
  const isAuto = build.meta?.autoNotifyEnabled === true;
  const send = () =>
    notify.mutate(
      {
        relationships: { build: { data: { type: 'builds', id: build.id } } },
        accountId: build.meta?.accountId,
      },
      {
        onSuccess: () => {
          void toast({ title: `Testers are told of ${buildName(build)}` });
          onClose();
        },
      },
    );
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Notify testers"
      description={
        isAuto
          ? `Automatic notification is on, so App Store Connect tells testers of ${buildName(build)} by itself and refuses a notice by hand. Switch it off first, if you want to tell them again.`
          : `App Store Connect mails the testers who can install ${buildName(build)}. A mail that is sent cannot be taken back.`
      }
    >
      <div className="flex flex-col gap-4">
        {isAuto || reached === undefined ? null : (
          <p className="text-sm">
            The build reaches <span className="font-medium">{reached}</span>. Somebody in two groups is
            counted twice and mailed once.
          </p>
        )}
        <Refusal error={notify.error} />
        {auto.error ? (
          <p role="alert" className="text-bad text-sm">
            {auto.error}
          </p>
        ) : null}
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          {isAuto ? (
            <Button variant="primary" busy={auto.isSaving} onClick={() => void auto.change(false)}>
              Switch automatic notification off
            </Button>
          ) : (
            <Button variant="primary" busy={notify.isPending} onClick={send}>
              Notify testers
            </Button>
          )}
        </div>
      </div>
    </Dialog>
  );
}
