import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { Prefetched, pagesSeed } from '@/app/prefetch';
import { APPS_QUERY } from '@/components/shell/apps-query';
import { Providers } from '@/components/shell/providers';
import { Shell } from '@/components/shell/shell';
import { keys } from '@/lib/browser/keys';
import { STALE_GRAPH } from '@/lib/browser/stale-graph';
import { pageContext } from '@/lib/http/core/current-actor';
import { describeMe } from '@/lib/services/me';
import { syncState } from '@/lib/services/sync';

const STALE_WORDS = JSON.stringify(STALE_GRAPH);

/** The frame around the pages of a signed-in person, with what all of them ask for. */
export async function Frame({ children }: { children: ReactNode }) {
  const ctx = await pageContext();
  const servedAt = ctx.clock.now();
  const preferences = (await cookies()).getAll().filter(({ name }) => name.startsWith('fd-grid-'));
  return (
    <Providers
      staleGraph={STALE_WORDS}
      programmeShiftMs={ctx.shiftMs?.() ?? 0}
      servedAt={servedAt}
      gridPreferences={Object.fromEntries(preferences.map(({ name, value }) => [name, value]))}
    >
      <Prefetched
        seeds={[
          { key: keys.own('me', ''), load: () => ({ data: describeMe(ctx) }) },
          { key: keys.own('sync', ''), load: async () => ({ data: await syncState(ctx) }) },
          pagesSeed(ctx, 'apps', APPS_QUERY),
        ]}
      >
        <Shell>{children}</Shell>
      </Prefetched>
    </Providers>
  );
}
