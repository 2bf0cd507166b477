import type { Metadata } from 'next';
import { Prefetched } from '@/app/prefetch';
import { TokensPage } from '@/components/settings/tokens-page';
import { keys } from '@/lib/browser/keys';
import { pageContext } from '@/lib/http/core/current-actor';
import { listTokens } from '@/lib/services/tokens';

export const metadata: Metadata = { title: 'Tokens' };

export default async function SettingsTokensPage() {
  const ctx = await pageContext();
  return (
    <Prefetched
      seeds={[{ key: keys.own('tokens', ''), load: async () => ({ data: await listTokens(ctx) }) }]}
    >
      <TokensPage />
    </Prefetched>
  );
}
