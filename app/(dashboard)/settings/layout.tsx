import type { ReactNode } from 'react';
import { Page } from '@/components/shell/page';
import { PageHeader } from '@/components/shell/page-header';
import { LinkTabs } from '@/components/ui/link-tabs';
import { currentActor } from '@/lib/http/current-actor';

const TABS = [
  { href: '/settings', label: 'Your account' },
  { href: '/settings/keys', label: 'App Store Connect keys' },
  { href: '/settings/team', label: 'Team' },
];

export default async function SettingsLayout({ children }: { children: ReactNode }) {
  await currentActor();
  return (
    <Page isNarrow>
      <PageHeader title="Settings" />
      <div className="mb-6">
        <LinkTabs label="Settings" tabs={TABS} />
      </div>
      {children}
    </Page>
  );
}
