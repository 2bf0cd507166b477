'use client';

import { rowKey } from '@/components/ui/data-table/memory';
import type { AppResource } from '@/lib/browser/types';
import { appWords } from '@/lib/format/app-address';

/** The apps as options of a select, each with its account where several have it. */
export function AppOptions({ apps }: { apps: readonly AppResource[] }) {
  return apps.map((app) => (
    <option key={rowKey(app)} value={rowKey(app)}>
      {appWords(app.attributes?.name ?? app.id, app.meta?.accountName)}
    </option>
  ));
}

/** The app that an option stands for; an id alone, as older drafts kept it, only where it means one. */
export function chosenApp(apps: readonly AppResource[], value: string): AppResource | undefined {
  const named = apps.filter(({ id }) => id === value);
  return apps.find((app) => rowKey(app) === value) ?? (named.length === 1 ? named[0] : undefined);
}
