import type { Metadata } from 'next';
import { Prefetched } from '@/app/prefetch';
import { KeysPage } from '@/components/settings/keys-page';
import { keys } from '@/lib/browser/keys';
import { pageContext } from '@/lib/http/core/current-actor';
import { listAccounts } from '@/lib/services/accounts/accounts';

export const metadata: Metadata = { title: 'App Store Connect keys' };

export default async function SettingsKeysPage() {
  const ctx = await pageContext();
  return (
    <Prefetched
      seeds={[{ key: keys.own('accounts', ''), load: async () => ({ data: await listAccounts(ctx) }) }]}
    >
      <KeysPage />
    </Prefetched>
  );
}
