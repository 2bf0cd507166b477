import type { Metadata } from 'next';
import { Prefetched } from '@/app/prefetch';
import { TeamPage } from '@/components/settings/team-page';
import { keys } from '@/lib/browser/keys';
import { pageContext } from '@/lib/http/core/current-actor';
import { listTeam } from '@/lib/services/team';

export const metadata: Metadata = { title: 'Team' };

export default async function SettingsTeamPage() {
  const ctx = await pageContext();
  return (
    <Prefetched seeds={[{ key: keys.own('team', ''), load: async () => ({ data: await listTeam(ctx) }) }]}>
      <TeamPage />
    </Prefetched>
  );
}
