'use client';

import { ShieldCheck } from 'lucide-react';
import { useSearchParams } from 'next/navigation';
import { useMemo, useState } from 'react';
import { NothingYet } from '@/components/shell/nothing-yet';
import { useMay } from '@/components/shell/use-may';
import { appFilter, GROUP_FILTER } from '@/components/testers/tester-filters';
import { DataTable } from '@/components/ui/data-table/data-table';
import type { BulkAction, FilterWords, ListWords } from '@/components/ui/data-table/types';
import { onDemand } from '@/components/ui/on-demand';
import { toast } from '@/components/ui/toast';
import { withList } from '@/components/views/from-list';
import { ViewTabs } from '@/components/views/view-tabs';
import type { ListScope } from '@/lib/browser/lists';
import { everyRow } from '@/lib/browser/lookups';
import type { BuildResource } from '@/lib/browser/types';
import { homeOf } from '@/lib/format/app-address';
import { label } from '@/lib/format/labels';
import { toneOf } from '@/lib/format/state-tones';
import { BUILD_COLUMNS, COLUMNS_ACROSS_APPS } from './build-columns';
import { buildName } from './build-words';
import { BUILDS } from './builds-spec';

const ComplianceDialog = onDemand(() => import('./compliance-dialog'));

const words = (values: readonly string[]) =>
  values.map((value) => ({ value, label: label(value), tone: toneOf(value) }));
/** What somebody has to do first, then what waits, then what runs. */
const STATES = [
  'BETA_REJECTED',
  'MISSING_EXPORT_COMPLIANCE',
  'READY_FOR_BETA_SUBMISSION',
  'WAITING_FOR_BETA_REVIEW',
  'IN_BETA_REVIEW',
  'PROCESSING',
  'BETA_APPROVED',
  'READY_FOR_BETA_TESTING',
  'IN_BETA_TESTING',
  'EXPIRED',
];
const FILTERS: readonly FilterWords[] = [
  { param: 'externalBuildState', label: 'State', options: words(STATES) },
  {
    param: 'usesNonExemptEncryption',
    label: 'Compliance',
    options: [
      { value: 'none', label: 'Not answered' },
      { value: 'false', label: 'Exempt' },
      { value: 'true', label: 'Not exempt' },
    ],
  },
  {
    param: 'isInGroup',
    label: 'Given out',
    options: [
      { value: 'false', label: 'In no group' },
      { value: 'true', label: 'In a group' },
    ],
  },
  { param: 'internalBuildState', label: 'Internal state', options: words(STATES), isRare: true },
  { param: 'preReleaseVersion.version', label: 'Version', isRare: true },
  { param: 'preReleaseVersion.platform', label: 'Platform', valueLabel: label },
  {
    param: 'expired',
    label: 'Expiry',
    options: [
      { value: 'false', label: 'Not expired' },
      { value: 'true', label: 'Expired' },
    ],
  },
  {
    param: 'endsWithin',
    label: 'Ends within',
    isRare: true,
    options: [7, 14, 30].map((days) => ({ value: String(days), label: `${days} days` })),
  },
  {
    param: 'isSuperseded',
    label: 'Superseded',
    isRare: true,
    options: [
      { value: 'true', label: 'By a newer build of its version' },
      { value: 'false', label: 'Not superseded' },
    ],
  },
  { param: 'minOsVersion', label: 'Needs OS', isRare: true },
];

const IN_APP: readonly FilterWords[] = [...FILTERS, { ...GROUP_FILTER, hintLabel: () => '' }];
const ACROSS_APPS: readonly FilterWords[] = [appFilter('app'), ...FILTERS, { ...GROUP_FILTER, isRare: true }];

/** The builds of an app, or of all apps, newest first. */
export function BuildsList({ scope, appId }: { scope: ListScope; appId?: string }) {
  const chosen = useSearchParams().toString();
  const { actions, asked, close } = useComplianceAction();
  const list: ListWords<BuildResource> = useMemo(
    () => ({
      name: appId === undefined ? 'all-builds' : 'builds',
      one: 'build',
      many: 'builds',
      columns: appId === undefined ? COLUMNS_ACROSS_APPS : BUILD_COLUMNS,
      filters: appId === undefined ? ACROSS_APPS : IN_APP,
      searchLabel: 'Search by version or number',
      href: (build) => withList(buildHref(build, appId), chosen, appId === undefined),
      rowLabel: (build) => buildName(build),
      actions,
      empty: (
        <NothingYet title="No builds yet">
          Builds uploaded from Xcode appear here once App Store Connect has taken them in.
        </NothingYet>
      ),
    }),
    [appId, chosen, actions],
  );
  return (
    <>
      <ViewTabs list="builds" appId={appId} />
      <DataTable spec={BUILDS} scope={scope} words={list} />
      {asked ? <ComplianceDialog builds={asked} appId={sharedApp(asked)} onClose={close} /> : null}
    </>
  );
}

function buildHref({ id, meta }: BuildResource, appId: string | undefined): string {
  return `${homeOf(appId ?? meta?.appId ?? '', meta)}/builds/${encodeURIComponent(id)}`;
}

/** The one app of all of them, in one account; null where they are of several. */
function sharedApp([first, ...others]: readonly BuildResource[]): string | null {
  const place = ({ meta }: BuildResource) => `${meta?.accountId} ${meta?.appId}`;
  if (!first?.meta?.appId || others.some((other) => place(other) !== place(first))) return null;
  return first.meta.appId;
}

/** Answers export compliance for what is selected; what has an answer already is left out. */
function useComplianceAction() {
  const mayWrite = useMay('programme:write');
  const [asked, setAsked] = useState<readonly BuildResource[] | null>(null);
  const actions: readonly BulkAction<BuildResource>[] = useMemo(
    () =>
      mayWrite
        ? [
            {
              id: 'compliance',
              label: () => 'Answer export compliance',
              icon: <ShieldCheck size={14} aria-hidden />,
              run: async ({ isEverything, rows, ids, query }) => {
                const isWhole = !isEverything && rows.length === ids.length;
                const all = isWhole ? rows : await everyRow<BuildResource>('builds', query);
                const wanted = isWhole || isEverything ? all : all.filter(({ id }) => ids.includes(id));
                const open = wanted.filter(({ attributes }) => isOpen(attributes));
                if (open.length > 0) return setAsked(open);
                await toast({
                  title: 'Nothing to answer',
                  detail: 'Each of these builds has its answer already, or has expired.',
                });
              },
            },
          ]
        : [],
    [mayWrite],
  );
  return { actions, asked, close: () => setAsked(null) };
}

function isOpen(attributes: BuildResource['attributes']): boolean {
  return attributes?.expired !== true && attributes?.usesNonExemptEncryption == null;
}
