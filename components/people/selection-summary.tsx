'use client';

import { useQueries } from '@tanstack/react-query';
import { useApps, useMay } from '@/components/shell/known';
import type { Selection } from '@/components/ui/data-table/types';
import { selectionSummaryOptions } from '@/lib/browser/people';
import type { TesterResource } from '@/lib/browser/types';
import { label } from '@/lib/format/labels';
import { formatCount } from '@/lib/format/numbers';
import { targetsOf } from './selection';

/** What a selection of testers holds: by state, and who cannot be written to. */
export default function SelectionSummary({ selection }: { selection: Selection<TesterResource> }) {
  const apps = useApps();
  const mayWrite = useMay('testers:write');
  const targets = targetsOf(selection, apps);
  const answers = useQueries({
    queries: targets.map((target) => ({ ...selectionSummaryOptions(target), enabled: mayWrite })),
  });
  if (!mayWrite) return null;
  const states = new Map<string, number>();
  let withoutEmail = 0;
  for (const { data } of answers) {
    for (const [state, count] of Object.entries(data?.data.byState ?? {}))
      states.set(state, (states.get(state) ?? 0) + count);
    withoutEmail += data?.data.withoutEmail ?? 0;
  }
  const words = [...states].map(
    ([state, count]) =>
      `${formatCount(count)} ${(state === 'none' ? 'unknown' : label(state)).toLowerCase()}`,
  );
  if (withoutEmail > 0) words.push(`${formatCount(withoutEmail)} without e-mail`);
  return (
    <p
      data-summary=""
      className="text-ink-soft text-xs tabular-nums max-sm:order-1 max-sm:basis-full max-sm:pl-1.5"
    >
      {words.length === 0 ? '…' : words.join(', ')}
    </p>
  );
}
