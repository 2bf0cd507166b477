import type { Metadata } from 'next';
import { Prefetched } from '@/app/prefetch';
import { RulesPage } from '@/components/settings/rules-page';
import { rulesOptions } from '@/lib/browser/rules';
import { pageContext } from '@/lib/http/core/current-actor';
import { listRules } from '@/lib/services/feedback/rules';

export const metadata: Metadata = { title: 'Rules' };

export default async function SettingsRulesPage() {
  const ctx = await pageContext();
  return (
    <Prefetched
      seeds={[{ key: rulesOptions().queryKey, load: async () => ({ data: await listRules(ctx) }) }]}
    >
      <RulesPage />
    </Prefetched>
  );
}
