'use client';

import { useSearchParams } from 'next/navigation';
import { useMemo } from 'react';
import { NothingYet } from '@/components/shell/nothing-yet';
import { appFilter, GROUP_FILTER } from '@/components/testers/tester-filters';
import { DataTable } from '@/components/ui/data-table/data-table';
import type { FilterWords, ListWords } from '@/components/ui/data-table/types';
import { withList } from '@/components/views/from-list';
import { ViewTabs } from '@/components/views/view-tabs';
import type { ListScope } from '@/lib/browser/lists';
import type { BuildResource } from '@/lib/browser/types';
import { homeOf } from '@/lib/format/app-address';
import { label } from '@/lib/format/labels';
import { toneOf } from '@/lib/format/state-tones';
import { BUILD_COLUMNS, COLUMNS_ACROSS_APPS } from './build-columns';
import { UPLOADING } from './build-steps';
import { buildName } from './build-words';
import { BUILDS, BUILDS_OF_APP } from './builds-spec';
import { TrainHead } from './train-head';
import { useBuildActions } from './use-build-actions';

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
    isRare: true,
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
  const { actions, dialog } = useBuildActions();
  const list: ListWords<BuildResource> = useMemo(
    () => ({
      name: appId === undefined ? 'all-builds' : 'builds',
      one: 'build',
      many: 'builds',
      columns: appId === undefined ? COLUMNS_ACROSS_APPS : BUILD_COLUMNS,
      filters: appId === undefined ? ACROSS_APPS : IN_APP,
      searchLabel: 'Search by version or number',
      grouping: {
        label: 'Group by version',
        of: trainOf,
        head: (train) => <TrainHead train={train} hasApp={appId === undefined} />,
      },
      href: (build) => withList(buildHref(build, appId), chosen, appId === undefined),
      rowLabel: (build) => buildName(build),
      actions,
      empty: (
        <NothingYet title="No builds yet">
          Builds uploaded from Xcode appear here once App Store Connect has taken them in.{' '}
          <a
            href={UPLOADING}
            target="_blank"
            rel="noreferrer"
            className="rounded-sm text-accent-ink underline"
          >
            How to upload one<span className="sr-only"> (opens a new tab)</span>
          </a>
        </NothingYet>
      ),
    }),
    [appId, chosen, actions],
  );
  return (
    <>
      <ViewTabs list="builds" appId={appId} />
      <DataTable spec={appId === undefined ? BUILDS : BUILDS_OF_APP} scope={scope} words={list} />
      {dialog}
    </>
  );
}

/** The version on a platform that a build belongs to; App Store Connect may not have told it yet. */
function trainOf({ relationships, meta }: BuildResource) {
  const train = relationships?.preReleaseVersion?.data as { readonly id: string } | null | undefined;
  return { id: train?.id ?? 'none', appId: meta?.appId ?? '', accountId: meta?.accountId ?? '' };
}

function buildHref({ id, meta }: BuildResource, appId: string | undefined): string {
  return `${homeOf(appId ?? meta?.appId ?? '', meta)}/builds/${encodeURIComponent(id)}`;
}
