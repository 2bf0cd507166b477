import type { Metadata } from 'next';
import { Prefetched } from '@/app/prefetch';
import { RepliesPage } from '@/components/settings/replies-page';
import { repliesOptions } from '@/lib/browser/replies';
import { pageContext } from '@/lib/http/core/current-actor';
import { listReplies } from '@/lib/services/feedback/replies';

export const metadata: Metadata = { title: 'Saved replies' };

export default async function SettingsRepliesPage() {
  const ctx = await pageContext();
  return (
    <Prefetched
      seeds={[{ key: repliesOptions().queryKey, load: async () => ({ data: await listReplies(ctx) }) }]}
    >
      <RepliesPage />
    </Prefetched>
  );
}
