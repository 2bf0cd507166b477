import type { ReactNode } from 'react';
import { Page } from '@/components/shell/page';
import { PageHeader } from '@/components/shell/page-header';
import { LinkTabs } from '@/components/ui/link-tabs';
import { may, type Permission } from '@/lib/access/policy';
import { currentActor } from '@/lib/http/core/current-actor';

const TABS: readonly { href: string; label: string; needs?: Permission }[] = [
  { href: '/settings', label: 'Your account' },
  { href: '/settings/alerts', label: 'Alerts' },
  { href: '/settings/digest', label: 'Weekly digest', needs: 'programme:read' },
  { href: '/settings/keys', label: 'App Store Connect keys', needs: 'accounts:read' },
  { href: '/settings/team', label: 'Team', needs: 'team:read' },
  { href: '/settings/tokens', label: 'Tokens', needs: 'tokens:write' },
  { href: '/settings/rules', label: 'Rules', needs: 'settings:read' },
  { href: '/settings/replies', label: 'Saved replies', needs: 'feedback:write' },
  { href: '/settings/connectors', label: 'Connectors', needs: 'settings:write' },
  { href: '/settings/channels', label: 'Channels', needs: 'settings:write' },
  { href: '/settings/webhooks', label: 'Webhooks', needs: 'settings:read' },
  { href: '/settings/shares', label: 'Share links', needs: 'export:run' },
  { href: '/settings/archive', label: 'Archive', needs: 'settings:read' },
  { href: '/settings/person', label: 'A person’s data', needs: 'persons:write' },
];

export default async function SettingsLayout({ children }: { children: ReactNode }) {
  const actor = await currentActor();
  const tabs = TABS.filter(({ needs }) => !needs || may(actor, needs));
  return (
    <Page isNarrow>
      <PageHeader title="Settings" />
      <div className="mb-6">
        <LinkTabs label="Settings" tabs={tabs} />
      </div>
      {children}
    </Page>
  );
}
