'use client';

import { rowKey } from '@/components/ui/data-table/memory';
import type { AppResource } from '@/lib/browser/types';
import { appWords } from '@/lib/format/app-address';

/** An app that something is for already. */
interface KeptApp {
  readonly appId: string;
  readonly accountId: string;
  readonly name: string;
}
const KEPT = 'kept';

const isListed = (apps: readonly AppResource[], kept: KeptApp) =>
  apps.find(({ id, meta }) => id === kept.appId && meta?.accountId === kept.accountId);

/** What stands chosen in the select at first: what something is for already, although that app may be gone. */
export function keptOption(apps: readonly AppResource[], kept: KeptApp | null | undefined): string {
  if (!kept) return '';
  const app = isListed(apps, kept);
  return app ? rowKey(app) : KEPT;
}

/** Which app an option stands for, as a request names it; null for all. */
export function wantedApp(
  apps: readonly AppResource[],
  value: string,
  kept?: KeptApp | null,
): { appId: string; accountId?: string } | null {
  if (value === KEPT && kept) return { appId: kept.appId, accountId: kept.accountId };
  const app = chosenApp(apps, value);
  if (!app) return null;
  return { appId: app.id, ...(app.meta?.accountId ? { accountId: app.meta.accountId } : {}) };
}

/** The apps as options of a select, each with its account where several have it, and the one that was chosen before. */
export function AppOptions({
  apps,
  kept,
}: {
  apps: readonly AppResource[];
  kept?: KeptApp | null | undefined;
}) {
  return (
    <>
      {kept && !isListed(apps, kept) ? <option value={KEPT}>{kept.name} (not here now)</option> : null}
      {apps.map((app) => (
        <option key={rowKey(app)} value={rowKey(app)}>
          {appWords(app.attributes?.name ?? app.id, app.meta?.accountName)}
        </option>
      ))}
    </>
  );
}

/** The app that an option stands for; an id alone, as older drafts kept it, only where it means one. */
export function chosenApp(apps: readonly AppResource[], value: string): AppResource | undefined {
  const named = apps.filter(({ id }) => id === value);
  return apps.find((app) => rowKey(app) === value) ?? (named.length === 1 ? named[0] : undefined);
}
