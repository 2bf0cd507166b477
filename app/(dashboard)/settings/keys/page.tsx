import type { Metadata } from 'next';
import { Prefetched } from '@/app/prefetch';
import { KeysPage } from '@/components/settings/keys-page';
import { pageContext } from '@/lib/http/current-actor';
import { keys } from '@/lib/query/keys';
import { listAccounts } from '@/lib/services/accounts/accounts';

export const metadata: Metadata = { title: 'App Store Connect keys' };

export default async function SettingsKeysPage() {
  const ctx = await pageContext();
  return (
    <Prefetched seeds={[{ key: keys.own('accounts', ''), load: () => ({ data: listAccounts(ctx) }) }]}>
      <KeysPage />
    </Prefetched>
  );
}
