import type { Metadata } from 'next';
import { Prefetched } from '@/app/prefetch';
import { TeamPage } from '@/components/settings/team-page';
import { pageContext } from '@/lib/http/current-actor';
import { keys } from '@/lib/query/keys';
import { listTeam } from '@/lib/services/team';

export const metadata: Metadata = { title: 'Team' };

export default async function SettingsTeamPage() {
  const ctx = await pageContext();
  return (
    <Prefetched seeds={[{ key: keys.own('team', ''), load: () => ({ data: listTeam(ctx) }) }]}>
      <TeamPage />
    </Prefetched>
  );
}
