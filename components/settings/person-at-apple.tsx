'use client';

import Link from 'next/link';
import { useState } from 'react';
import { useMay } from '@/components/shell/known';
import { Button } from '@/components/ui/button';
import { Name } from '@/components/ui/name';
import { onDemand } from '@/components/ui/on-demand';
import { Section } from '@/components/ui/section';
import type { AtApple, Known } from '@/lib/browser/person';
import { appHref } from '@/lib/format/app-address';
import { formatCount, formatPlural } from '@/lib/format/numbers';

const DeleteDialog = onDemand(() => import('./delete-erased'));

const SHOWN = 20;

/** What only App Store Connect can take away, and the way to where that is done. */
export function PersonAtApple({ atApple: { testers, reports } }: { atApple: Known['atApple'] }) {
  const mayDelete = useMay('feedback:write');
  const [deleting, setDeleting] = useState<Known['atApple']['reports'] | null>(null);
  if (testers.length === 0 && reports.length === 0) return null;
  return (
    <Section title="Still in App Store Connect">
      {testers.length > 0 ? (
        <div className="grid gap-1 text-sm">
          <p>
            As long as the person is a tester there, Flightdeck shows the name and the address as App Store
            Connect gives them. Remove the tester to end that.
          </p>
          <Links
            rows={testers}
            hrefOf={({ accountId, appId, id }) =>
              `${appHref(appId, accountId)}/testers/${encodeURIComponent(id)}`
            }
            word="Tester in"
          />
        </div>
      ) : null}
      {reports.length > 0 ? (
        <div className="grid gap-1 text-sm">
          <p>
            {formatPlural(reports.length, 'erased report')} {reports.length === 1 ? 'is' : 'are'} still there.
            Nothing of {reports.length === 1 ? 'it' : 'them'} comes back here either way.
          </p>
          {mayDelete ? (
            <p className="py-1">
              <Button onClick={() => setDeleting(reports)}>
                Delete {reports.length === 1 ? 'it' : `all ${formatCount(reports.length)}`} at Apple…
              </Button>
            </p>
          ) : null}
          <Links
            rows={reports}
            hrefOf={({ accountId, id }) =>
              `/feedback/${encodeURIComponent(id)}?account=${encodeURIComponent(accountId)}`
            }
            word="Report of"
          />
        </div>
      ) : null}
      {deleting ? <DeleteDialog reports={deleting} onClose={() => setDeleting(null)} /> : null}
    </Section>
  );
}

function Links({
  rows,
  hrefOf,
  word,
}: {
  rows: readonly AtApple[];
  hrefOf: (row: AtApple) => string;
  word: string;
}) {
  return (
    <ul className="grid gap-1">
      {rows.slice(0, SHOWN).map((row) => (
        <li key={`${row.accountId} ${row.appId} ${row.id}`}>
          <Link href={hrefOf(row)} prefetch={false} className="text-accent-ink underline">
            {word} <Name>{row.appName}</Name>
          </Link>
        </li>
      ))}
      {rows.length > SHOWN ? <li className="text-ink-soft">and {rows.length - SHOWN} more</li> : null}
    </ul>
  );
}
