'use client';

import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTesterTargets } from '@/components/people/target-lists';
import { State } from '@/components/programme/state';
import { useLinkage } from '@/components/programme/use-linkage';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { Name } from '@/components/ui/name';
import { Picker } from '@/components/ui/picker';
import { keys } from '@/lib/browser/keys';
import { individualIds } from '@/lib/browser/live-group';
import { formatCount, formatPlural } from '@/lib/format/numbers';
import { personName } from '@/lib/format/people';
import type { AboutBuild } from './about-build';
import { buildName } from './build-words';

/** Gives a build to testers one by one. Who has it already is asked of App Store Connect. */
export default function AddIndividualsDialog({ build, appId, onClose }: AboutBuild) {
  const found = useTesterTargets(appId);
  const held = useQuery({
    queryKey: keys.related('builds', build.id, 'ids individualTesters'),
    queryFn: () => individualIds(build.id),
  });
  const linkage = useLinkage({
    ...{ type: 'builds', id: build.id },
    ...{ name: 'individualTesters', target: 'betaTesters' },
  });
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // A refusal stands in the dialog.
    void linkage
      .change('add', [...chosen], `Given to ${formatPlural(chosen.size, 'tester')}`)
      .then(onClose, () => undefined);
  };
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title="Give to testers"
      description={`${buildName(build)}, to people who test the app already. External testers get it once beta review has approved it.`}
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Picker
          name="Testers of the app"
          label="Search by name or e-mail"
          search={found.search}
          onSearch={found.onSearch}
          isPending={found.isPending}
          onMore={found.onMore}
          chosen={chosen}
          onChange={setChosen}
          nothing="No tester of the app matches."
          note={
            found.onMore
              ? `${formatCount(found.rows.length)} of ${formatCount(found.total)} are shown.`
              : null
          }
          choices={found.rows.map(({ id, attributes }) => ({
            id,
            label: [personName(attributes ?? {}), attributes?.email].filter(Boolean).join(', '),
            unable: held.data?.ids.includes(id) ? 'Has it already' : undefined,
            content: (
              <span className="flex items-center gap-3">
                <span className="min-w-0 flex-1 truncate max-sm:grid">
                  <Name className="truncate font-medium">{personName(attributes ?? {})}</Name>{' '}
                  <bdi className="truncate text-ink-soft">{attributes?.email}</bdi>
                </span>
                <span className="w-28 shrink-0 text-ink-soft max-sm:hidden">
                  <State value={attributes?.state} />
                </span>
              </span>
            ),
          }))}
        />
        <Refusal error={linkage.error} />
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={linkage.isPending} disabled={chosen.size === 0}>
            {chosen.size === 0 ? 'Give the build' : `Give to ${formatPlural(chosen.size, 'tester')}`}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
