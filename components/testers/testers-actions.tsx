'use client';

import { Upload, UserPlus } from 'lucide-react';
import { useState } from 'react';
import { ExportMenu } from '@/components/people/export-menu';
import { useMay } from '@/components/shell/known';
import { useAppBase } from '@/components/shell/use-app-base';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { onDemand } from '@/components/ui/on-demand';
import { useDo } from '@/components/ui/use-do';
import type { ListScope } from '@/lib/browser/lists';
import { TESTERS } from './testers-spec';

const InviteDialog = onDemand(() => import('@/components/people/invite-dialog'));
const EVERYWHERE: ListScope = {};

/** What can be done from a list of testers: export, pruning, import, invite. */
export function TestersActions({ appId }: { appId?: string }) {
  const mayWrite = useMay('testers:write');
  const [isInviting, setInviting] = useState(false);
  useDo('invite', () => setInviting(mayWrite));
  const base = `${useAppBase(appId ?? '')}/testers`;
  return (
    <span className="flex flex-wrap items-center gap-2">
      <ExportMenu
        spec={TESTERS}
        scope={appId === undefined ? EVERYWHERE : { apps: appId }}
        type="betaTesters"
      />
      {mayWrite && appId !== undefined ? (
        <>
          <ButtonLink href={`${base}/prune`} prefetch={false}>
            Prune
          </ButtonLink>
          <ButtonLink href={`${base}/import`} prefetch={false} icon={<Upload size={14} aria-hidden />}>
            <span className="max-sm:sr-only">Import</span>
          </ButtonLink>
          <Button
            variant="primary"
            icon={<UserPlus size={14} aria-hidden />}
            onClick={() => setInviting(true)}
          >
            Invite
          </Button>
        </>
      ) : null}
      {isInviting && appId !== undefined ? (
        <InviteDialog appId={appId} onClose={() => setInviting(false)} />
      ) : null}
    </span>
  );
}
