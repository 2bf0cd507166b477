'use client';

import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { State } from '@/components/programme/state';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { ErrorWords } from '@/components/ui/error-state';
import { Name } from '@/components/ui/name';
import { formatCount, formatPlural } from '@/lib/format/numbers';
import { personName } from '@/lib/format/people';
import { api } from '@/lib/query/api';
import { keys } from '@/lib/query/keys';
import type { GroupResource, ListDocument, TesterResource } from '@/lib/query/types';
import { Picker } from './picker';
import { useMembership } from './use-membership';

const SHOWN = 50;

/** Adds people who test the app already to a group. */
export default function AddTestersDialog({
  group,
  appId,
  onClose,
}: {
  group: GroupResource;
  appId: string;
  onClose: () => void;
}) {
  const [search, setSearch] = useState('');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const found = useTestersOf(appId, useDeferredValue(search));
  const { change, isPending, error } = useMembership(group.id, 'betaTesters');
  const name = group.attributes?.name ?? 'the group';
  const add = async () => {
    try {
      await change('add', [...chosen], `${formatPlural(chosen.size, 'tester')} added to ${name}`);
      onClose();
    } catch {
      // The reason stands in the dialog.
    }
  };
  const rows = found.data?.data ?? [];
  const total = found.data?.meta?.total;
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title="Add testers"
      description={
        group.attributes?.isInternalGroup
          ? 'People who test the app already. An internal group takes only people of your App Store Connect team.'
          : 'People who test the app already. New people are invited under Testers.'
      }
    >
      <div className="grid gap-4">
        <Picker
          label="Search by name or e-mail"
          search={search}
          onSearch={setSearch}
          chosen={chosen}
          onChange={setChosen}
          isPending={found.isPending}
          nothing="No tester of the app matches."
          note={
            total !== undefined && total > rows.length
              ? `${formatCount(rows.length)} of ${formatCount(total)} are shown. Search to find the others.`
              : null
          }
          choices={rows.map((tester) => ({
            id: tester.id,
            label: personName(tester.attributes ?? {}),
            unable: (tester.meta?.groups ?? []).some(({ id }) => id === group.id)
              ? 'In the group'
              : undefined,
            content: (
              <span className="flex items-center gap-3">
                <span className="min-w-0 flex-1 truncate">
                  <Name className="font-medium">{personName(tester.attributes ?? {})}</Name>{' '}
                  <bdi className="text-ink-soft">{tester.attributes?.email}</bdi>
                </span>
                <span className="shrink-0 text-ink-soft max-sm:hidden">
                  <State value={tester.attributes?.state} />
                </span>
              </span>
            ),
          }))}
        />
        {error ? (
          <div role="alert">
            <ErrorWords error={error} />
          </div>
        ) : null}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" busy={isPending} disabled={chosen.size === 0} onClick={() => void add()}>
            {chosen.size === 0 ? 'Add testers' : `Add ${formatPlural(chosen.size, 'tester')}`}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

function useTestersOf(appId: string, search: string) {
  const query = new URLSearchParams({ 'filter[apps]': appId, sort: 'lastName', limit: String(SHOWN) });
  if (search.trim()) query.set('search', search.trim());
  return useQuery({
    queryKey: [...keys.list('betaTesters', query.toString()), 'pick'],
    queryFn: ({ signal }) => api<ListDocument<TesterResource>>(`/api/v1/betaTesters?${query}`, { signal }),
  });
}
