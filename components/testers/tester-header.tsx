'use client';

import { MoreHorizontal, Send } from 'lucide-react';
import type { ReactNode } from 'react';
import { State } from '@/components/programme/state';
import { useMay } from '@/components/shell/known';
import { PageHeader } from '@/components/shell/page-header';
import { useAppBase } from '@/components/shell/use-app-base';
import { Button, buttonClass } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { Menu } from '@/components/ui/menu';
import { Name } from '@/components/ui/name';
import { Badge } from '@/components/ui/status';
import { Neighbours } from '@/components/views/neighbours';
import { hasAccepted } from '@/lib/asc/catalogue/tester-states';
import type { TesterResource } from '@/lib/browser/types';
import { label } from '@/lib/format/labels';
import { personName } from '@/lib/format/people';
import type { Act } from './act';
import { useNeighbours } from './use-neighbours';

/** Who it is, in what state, and what can be done; next and previous keep the list one came from. */
export function TesterHeader({
  tester,
  appId,
  appName,
  onAct,
  age,
}: {
  tester: TesterResource;
  appId: string;
  appName: string;
  onAct: Act;
  /** How old is what the page shows. */
  age: ReactNode;
}) {
  const base = useAppBase(appId);
  const mayWrite = useMay('testers:write');
  const maySeeAddress = useMay('testers:identify');
  const neighbours = useNeighbours(appId, tester.id);
  const { state, email, inviteType } = tester.attributes ?? {};
  const canResend = Boolean(email) && !hasAccepted(state);
  return (
    <PageHeader
      crumbs={[
        { label: appName, href: base },
        { label: 'Testers', href: neighbours.list },
      ]}
      title={<Name>{personName(tester.attributes ?? {})}</Name>}
      badges={
        <span className="flex items-center gap-3 text-sm">
          <State value={state} />
          {tester.meta?.protected ? <Badge>Protected</Badge> : null}
        </span>
      }
      action={
        <span className="flex flex-wrap items-center gap-2">
          <Neighbours neighbours={neighbours} one="tester" many="Testers" />
          {email && maySeeAddress ? <CopyButton text={email}>Copy e-mail</CopyButton> : null}
          {mayWrite ? (
            <>
              {canResend ? (
                <Button icon={<Send size={14} aria-hidden />} onClick={() => onAct('resend-invitations')}>
                  Resend invitation
                </Button>
              ) : null}
              <Menu
                label="More to do with this tester"
                align="end"
                className={buttonClass('secondary', 'md', 'px-2')}
                entries={[
                  {
                    id: 'app',
                    label: `Remove from ${appName}`,
                    danger: true,
                    onSelect: () => onAct('remove-from-app'),
                  },
                  {
                    id: 'team',
                    label: 'Delete from the team',
                    danger: true,
                    onSelect: () => onAct('delete-testers'),
                  },
                ]}
              >
                <MoreHorizontal size={15} aria-hidden />
              </Menu>
            </>
          ) : null}
        </span>
      }
    >
      <div className="flex flex-wrap items-center gap-x-3">
        <span>
          {email ? <bdi className="break-all">{email}</bdi> : 'Gave no e-mail'}
          {inviteType
            ? ` · ${inviteType === 'PUBLIC_LINK' ? 'came by public link' : `invited by ${label(inviteType).toLowerCase()}`}`
            : ''}
        </span>
        {age}
      </div>
    </PageHeader>
  );
}
