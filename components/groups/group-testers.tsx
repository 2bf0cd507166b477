'use client';

import { UserMinus, UserPlus } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useSearchParams } from 'next/navigation';
import { useMemo, useState } from 'react';
import type { BulkIntent } from '@/components/people/bulk-dialog';
import { targetsOf } from '@/components/people/selection';
import { State } from '@/components/programme/state';
import { useLinkage } from '@/components/programme/use-linkage';
import { useApps, useMay } from '@/components/shell/known';
import { askable } from '@/components/testers/askable';
import { CAME_BY_FILTER, STATE_FILTER } from '@/components/testers/tester-filters';
import { testerHref } from '@/components/testers/tester-href';
import { TESTERS } from '@/components/testers/testers-spec';
import { Button } from '@/components/ui/button';
import { DataTable } from '@/components/ui/data-table/data-table';
import type { Column, ListWords } from '@/components/ui/data-table/types';
import { EmptyState } from '@/components/ui/empty-state';
import { Name } from '@/components/ui/name';
import { onDemand } from '@/components/ui/on-demand';
import { whenReachable } from '@/lib/browser/reach';
import type { GroupResource, TesterResource } from '@/lib/browser/types';
import { isolated } from '@/lib/format/isolated';
import { label } from '@/lib/format/labels';
import { formatCount, formatPlural } from '@/lib/format/numbers';
import { personName } from '@/lib/format/people';
import { type Usage, useGroupUsage } from './use-group-usage';

const loadAdd = whenReachable(() => import('./add-testers-dialog'));
const BulkDialog = onDemand(() => import('@/components/people/bulk-dialog'));
const GroupUsage = dynamic(
  whenReachable(() => import('./group-usage').then((module) => module.GroupUsage)),
  { ssr: false },
);
const SelectionSummary = onDemand(() => import('@/components/people/selection-summary'));
const AddTestersDialog = onDemand(loadAdd);

/** So many leave at once with an undo; more are a job, confirmed by their number. The server holds the same limit. */
const MOST_AT_ONCE = 50;

const membersOf = (id: string) =>
  ({ type: 'betaGroups', id, name: 'betaTesters', target: 'betaTesters' }) as const;

/** Who is in a group, what they did, and who is to be added or removed. */
export function GroupTesters({ group, appId }: { group: GroupResource; appId: string }) {
  const mayWrite = useMay('testers:write');
  const maySeeAddresses = useMay('testers:identify');
  const [isAdding, setAdding] = useState(false);
  const [bulk, setBulk] = useState<BulkIntent | null>(null);
  const apps = useApps();
  const chosen = useSearchParams().toString();
  const usage = useGroupUsage(group.id);
  const { change } = useLinkage(membersOf(group.id));
  const name = isolated(group.attributes?.name ?? 'the group');
  const words: ListWords<TesterResource> = useMemo(
    () => ({
      name: 'group-testers',
      one: 'tester',
      many: 'testers',
      columns: askable(columnsWith(usage), maySeeAddresses),
      filters: FILTERS,
      searchLabel: maySeeAddresses ? 'Search by name or e-mail' : 'Search by name',
      rowLabel: (tester) => personName(tester.attributes ?? {}),
      href: (tester) => testerHref(tester, chosen, { group: group.id }),
      actions: mayWrite
        ? [
            {
              id: 'remove',
              label: (count) => `Remove ${formatPlural(count, 'tester')} from the group`,
              icon: <UserMinus size={14} aria-hidden />,
              run: async (selection) => {
                if (selection.isEverything || selection.ids.length > MOST_AT_ONCE) {
                  const targets = targetsOf(selection, apps);
                  setBulk({ kind: 'remove-from-group', groupId: group.id, targets });
                  return;
                }
                const { ids } = selection;
                await change('remove', ids, `${formatPlural(ids.length, 'tester')} removed from ${name}`);
              },
            },
          ]
        : [],
      consequences: (selection) => <SelectionSummary selection={selection} />,
      empty: (
        <EmptyState title="Nobody is in this group yet">
          Add testers of the app here, invite new ones under Testers, or let people join by a public link.
        </EmptyState>
      ),
    }),
    [apps, group.id, chosen, usage, mayWrite, maySeeAddresses, name, change],
  );
  return (
    <div className="grid gap-6">
      {/* As high as it becomes, so that the list below stays where it is. */}
      <div className="min-h-40 max-sm:min-h-83">
        <GroupUsage usage={usage} />
      </div>
      <section aria-label="Testers of the group" className="grid gap-3">
        <div className="flex flex-wrap items-center justify-between gap-2">
          <h2 className="font-semibold text-base">Who is in the group</h2>
          {mayWrite ? (
            <Button
              variant="primary"
              icon={<UserPlus size={14} aria-hidden />}
              onPointerEnter={loadAdd}
              onFocus={loadAdd}
              onClick={() => setAdding(true)}
            >
              Add testers
            </Button>
          ) : null}
        </div>
        <DataTable spec={TESTERS} scope={{ apps: appId, betaGroups: group.id }} words={words} />
      </section>
      {isAdding ? <AddTestersDialog group={group} appId={appId} onClose={() => setAdding(false)} /> : null}
      {bulk ? <BulkDialog intent={bulk} onClose={() => setBulk(null)} /> : null}
    </div>
  );
}

const FILTERS = [STATE_FILTER, CAME_BY_FILTER];

const PERSON: readonly Column<TesterResource>[] = [
  {
    id: 'name',
    header: 'Name',
    sort: 'lastName',
    cell: (tester) => <Name>{personName(tester.attributes ?? {})}</Name>,
  },
  {
    id: 'email',
    header: 'E-mail',
    sort: 'email',
    width: '24%',
    cell: (tester) =>
      tester.attributes?.email ? (
        <bdi>{tester.attributes.email}</bdi>
      ) : (
        <span className="text-ink-faint">No e-mail</span>
      ),
  },
  {
    id: 'state',
    header: 'State',
    sort: 'state',
    width: '8.5rem',
    isCorner: true,
    cell: (tester) => <State value={tester.attributes?.state} />,
  },
  {
    id: 'device',
    header: 'Device',
    width: '16%',
    room: 'lg',
    wideOnly: true,
    cell: (tester) => {
      const device = tester.attributes?.appDevices?.[0];
      if (!device?.model) return <span className="text-ink-faint">None yet</span>;
      return <span data-tip={device.model}>{tester.meta?.deviceName ?? device.model}</span>;
    },
  },
  {
    id: 'inviteType',
    header: 'Came by',
    sort: 'inviteType',
    width: '7.5rem',
    optional: true,
    wideOnly: true,
    cell: (tester) => (tester.attributes?.inviteType ? label(tester.attributes.inviteType) : '–'),
  },
];

function columnsWith({ byTester, isComplete }: Usage): readonly Column<TesterResource>[] {
  const figure = (id: string, header: string, name: 'sessionCount' | 'crashCount' | 'feedbackCount') => ({
    id,
    header,
    width: '6.5rem',
    align: 'end' as const,
    room: 'md' as const,
    wideOnly: true,
    // Who does not appear did nothing, but only once everybody has been read.
    cell: (tester: TesterResource) =>
      formatCount(byTester.get(tester.id)?.[name] ?? (isComplete ? 0 : undefined)),
  });
  return [
    ...PERSON,
    figure('sessions', 'Sessions', 'sessionCount'),
    figure('crashes', 'Crashes', 'crashCount'),
    figure('feedback', 'Feedback', 'feedbackCount'),
  ];
}
