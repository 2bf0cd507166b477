import type { Metadata } from 'next';
import { Prefetched } from '@/app/prefetch';
import { ArchivePage } from '@/components/settings/archive-page';
import { keys } from '@/lib/browser/keys';
import { pageContext } from '@/lib/http/core/current-actor';
import { archiveStatus } from '@/lib/services/feedback/archive';

export const metadata: Metadata = { title: 'Archive' };

export default async function SettingsArchivePage() {
  const ctx = await pageContext();
  return (
    <Prefetched
      seeds={[{ key: keys.own('archive', ''), load: async () => ({ data: await archiveStatus(ctx) }) }]}
    >
      <ArchivePage />
    </Prefetched>
  );
}
