'use client';

import { Plus } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { State } from '@/components/programme/state';
import { useApps, useMay } from '@/components/shell/known';
import { buttonClass } from '@/components/ui/button';
import { rowKey } from '@/components/ui/data-table/memory';
import { Menu } from '@/components/ui/menu';
import { Name } from '@/components/ui/name';
import { onDemand } from '@/components/ui/on-demand';
import { Section } from '@/components/ui/section';
import type { TesterPage } from '@/lib/browser/testers';
import type { AppResource, TesterResource } from '@/lib/browser/types';
import { appWords, homeOf } from '@/lib/format/app-address';
import { testerPath } from './tester-href';

const InviteDialog = onDemand(() => import('@/components/people/invite-dialog'));

/** The same e-mail in other apps, and the way to more: App Store Connect counts a person once per app. */
export function TesterElsewhere({
  tester,
  appId,
  own,
}: {
  tester: TesterResource;
  appId: string;
  own: TesterPage | undefined;
}) {
  const mayWrite = useMay('testers:write');
  const apps = useApps();
  const [invitedTo, setInvitedTo] = useState<AppResource | null>(null);
  const { email, firstName, lastName } = tester.attributes ?? {};
  if (!own || !email) return null;
  const others = apps.filter(({ id }) => id !== appId && !own.elsewhere.some((other) => other.appId === id));
  const entries = others.map((app) => ({
    id: rowKey(app),
    label: <Name>{appWords(app.attributes?.name ?? '', app.meta?.accountName)}</Name>,
    onSelect: () => setInvitedTo(app),
  }));
  return (
    <Section
      title="The same person elsewhere"
      action={
        mayWrite && entries.length > 0 ? (
          <Menu
            label="Invite to another app"
            align="end"
            entries={entries}
            className={buttonClass('ghost', 'sm')}
          >
            <Plus size={14} aria-hidden /> Invite
          </Menu>
        ) : null
      }
    >
      {own.elsewhere.length === 0 ? <p className="text-ink-soft text-sm">In no other app.</p> : null}
      <ul className="grid divide-y text-sm">
        {own.elsewhere.map((other) => (
          <li
            key={`${other.accountId} ${other.appId} ${other.testerId}`}
            className="flex min-h-9 items-center justify-between gap-3"
          >
            <Link
              href={testerPath(homeOf(other.appId, other), other.testerId)}
              prefetch={false}
              className="min-w-0 flex-1 truncate py-2 hover:underline"
            >
              <Name>{appWords(other.appName ?? '', other.accountName)}</Name>
            </Link>
            <State value={other.state} />
          </li>
        ))}
      </ul>
      {invitedTo ? (
        <InviteDialog
          appId={invitedTo.id}
          accountId={invitedTo.meta?.accountId}
          prefill={{ email, firstName: firstName ?? '', lastName: lastName ?? '' }}
          onClose={() => setInvitedTo(null)}
        />
      ) : null}
    </Section>
  );
}
