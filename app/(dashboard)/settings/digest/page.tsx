import type { Metadata } from 'next';
import { Prefetched } from '@/app/prefetch';
import { DigestPage } from '@/components/settings/digest-page';
import { digestOptions } from '@/lib/browser/digest';
import { pageContext } from '@/lib/http/core/current-actor';
import { readDigest } from '@/lib/services/digest/settings';

export const metadata: Metadata = { title: 'Weekly digest' };

export default async function SettingsDigestPage() {
  const ctx = await pageContext();
  return (
    <Prefetched
      seeds={[{ key: digestOptions().queryKey, load: async () => ({ data: await readDigest(ctx) }) }]}
    >
      <DigestPage />
    </Prefetched>
  );
}
