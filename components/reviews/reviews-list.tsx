'use client';

import Link from 'next/link';
import { useMemo, useState } from 'react';
import { buildName } from '@/components/builds/build-words';
import { State } from '@/components/programme/state';
import { AppIcon } from '@/components/shell/app-icon';
import { NothingYet } from '@/components/shell/nothing-yet';
import { appFilter } from '@/components/testers/tester-filters';
import { DataTable } from '@/components/ui/data-table/data-table';
import type { Column, FilterWords, ListWords } from '@/components/ui/data-table/types';
import { onDemand } from '@/components/ui/on-demand';
import type { BuildResource } from '@/lib/browser/types';
import { label } from '@/lib/format/labels';
import { toneOf } from '@/lib/format/state-tones';
import { buildPath, type ReviewDialog, ReviewStep } from './review-step';
import { ReviewSince, ReviewUsual } from './review-time';
import { IN_QUEUE, REVIEWS } from './reviews-spec';

const Submit = onDemand(() => import('@/components/builds/submit-dialog'));
const Expire = onDemand(() => import('@/components/builds/expire-dialog'));

const COLUMNS: readonly Column<BuildResource>[] = [
  { id: 'version', header: 'Build', cell: (build) => buildName(build) },
  {
    id: 'app',
    header: 'App',
    width: '14%',
    cell: ({ meta }) => (
      <AppIcon appId={meta?.appId} accountId={meta?.accountId} accountName={meta?.accountName} />
    ),
  },
  {
    id: 'review',
    header: 'Beta review',
    sort: 'review',
    width: '10.5rem',
    isCorner: true,
    cell: ({ meta }) => <State value={meta?.review?.state} />,
  },
  { id: 'since', header: 'Since', width: '11.5rem', cell: (build) => <ReviewSince build={build} /> },
  {
    id: 'usual',
    header: 'Against past reviews',
    width: '17%',
    room: 'lg',
    wideOnly: true,
    cell: (build) => <ReviewUsual build={build} />,
  },
];

const FILTERS: readonly FilterWords[] = [
  appFilter('app'),
  {
    param: 'review',
    label: 'State',
    options: ['REJECTED', 'IN_REVIEW', 'WAITING_FOR_REVIEW', 'APPROVED'].map((value) => ({
      value,
      label: label(value),
      tone: toneOf(value),
    })),
  },
  { param: 'preReleaseVersion.platform', label: 'Platform', valueLabel: label },
];

/** What stands with beta review in all apps: rejected first, then what Apple looks at, what waits, and news. */
export function ReviewsList() {
  const [dialog, setDialog] = useState<ReviewDialog | null>(null);
  const list: ListWords<BuildResource> = useMemo(
    () => ({
      name: 'reviews',
      one: 'build',
      many: 'builds',
      columns: [
        ...COLUMNS,
        {
          id: 'next',
          header: 'Next step',
          width: '13.5rem',
          cell: (build) => <ReviewStep build={build} onOpen={setDialog} />,
        },
      ],
      filters: FILTERS,
      searchLabel: 'Search by version or number',
      href: buildPath,
      rowLabel: buildName,
      hasButtons: true,
      empty: (
        <NothingYet title="Nothing is with beta review">
          Builds stand here from their submission on: while they wait, when Apple looks at them, once they are
          rejected, and for 30 days after they are approved.{' '}
          <Link
            href="/builds?externalBuildState=READY_FOR_BETA_SUBMISSION"
            prefetch={false}
            className="rounded-sm text-accent-ink underline"
          >
            See the builds that can be submitted
          </Link>
        </NothingYet>
      ),
    }),
    [],
  );
  const about = dialog && {
    build: dialog.build,
    appId: dialog.build.meta?.appId ?? '',
    detailId: undefined,
    onClose: () => setDialog(null),
  };
  return (
    <>
      <DataTable spec={REVIEWS} scope={IN_QUEUE} words={list} />
      {about && dialog.kind === 'submit' ? <Submit {...about} /> : null}
      {about && dialog.kind === 'expire' ? <Expire {...about} /> : null}
    </>
  );
}
