'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useRef } from 'react';
import { HandOver } from '@/components/hand-over/hand-over';
import { useApps } from '@/components/shell/known';
import { PageHeader } from '@/components/shell/page-header';
import { GoneState } from '@/components/ui/gone-state';
import { ErrorState } from '@/components/ui/late-error';
import { Section } from '@/components/ui/section';
import { ListSkeleton } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import { useTabTitle } from '@/components/ui/use-tab-title';
import { Neighbours } from '@/components/views/neighbours';
import { issueOptions, logAddress, type IssuePage as Page } from '@/lib/browser/feedback';
import { isGone } from '@/lib/browser/freshness';
import { appWords, homeOf } from '@/lib/format/app-address';
import { statusWord } from '@/lib/format/feedback';
import { formatPlural } from '@/lib/format/numbers';
import { CrashStack } from './crash-stack';
import { feedbackHref, issueHref } from './feedback-href';
import { ISSUES } from './feedback-spec';
import { IssueNumber, IssueState, KindIcon } from './feedback-words';
import { IssueActions } from './issue-actions';
import { InCommon, Occurrences, Rates, Shares, Testers } from './issue-figures';
import { IssueHistory } from './issue-history';
import { Presence } from './presence';
import { ReportNotes } from './report-notes';
import { SymbolsNote } from './symbols-note';
import { issueTab } from './tab-title';
import { ToTriage, TRIAGE } from './to-triage';
import { TriagePanel } from './triage-panel';
import { useDecisions } from './use-decisions';
import { useInboxNeighbours } from './use-inbox-neighbours';
import { useShownId } from './use-shown-id';

/** A crash that several reports share: how often, where, for whom, and what the team makes of it. */
export function IssuePage({ id: first }: { id: string }) {
  const id = useShownId('issues', first);
  const { data, error, refetch } = useQuery(issueOptions(id));
  if (isGone(error)) return <GoneState error={error} href="/issues" to="Go to the crash issues" />;
  if (error && !data)
    return <ErrorState title="The issue could not be loaded" error={error} onRetry={() => void refetch()} />;
  if (!data) return <ListSkeleton />;
  return <Shown key={id} page={data.data} />;
}

function Shown({ page: { issue, figures, example, notes } }: { page: Page }) {
  const told = issue.meta?.issue ?? null;
  const { appId } = figures;
  const appName = useApps().find(({ id }) => id === appId)?.attributes?.name ?? 'App';
  const neighbours = useInboxNeighbours(issue, ISSUES);
  useTabTitle(issueTab(figures));
  const noteField = useRef<HTMLTextAreaElement>(null);
  const { decide, ask, dialog } = useDecisions(told, {
    noteField,
    subject: {
      ...{ appId, accountId: figures.accountId, called: 'this crash issue' },
      alike: figures.similar.map(({ id }) => id),
    },
  });
  const reports = `${homeOf(appId, issue.meta)}/feedback?view=all&issue=${encodeURIComponent(figures.id)}`;
  return (
    <>
      <PageHeader
        crumbs={[
          { label: appWords(appName, issue.meta?.accountName), href: homeOf(appId, issue.meta) },
          { label: 'Crash issues', href: neighbours.list },
        ]}
        title={
          <span className="inline-flex min-w-0 items-center gap-2">
            <KindIcon type="betaFeedbackCrashSubmissions" isLarge />
            <IssueNumber number={figures.number} />
            <bdi dir="auto" className="line-clamp-2 wrap-anywhere max-sm:line-clamp-5">
              {figures.title.slice(0, 200)}
            </bdi>
          </span>
        }
        badges={
          <span className="flex flex-wrap items-center gap-3 text-sm">
            <IssueState issue={told} />
            <ToTriage />
          </span>
        }
        action={
          <>
            <IssueActions issueId={figures.id} ways={figures.variants.length} onAsk={ask} />
            <Neighbours neighbours={neighbours} one="crash issue" many="Crash issues" />
          </>
        }
      >
        <p>
          <Link href={reports} className="text-accent-ink underline">
            {formatPlural(figures.reportCount, 'report')}
          </Link>{' '}
          by {formatPlural(figures.testerCount, 'tester')} · first{' '}
          <Time at={figures.firstDate ?? undefined} /> · last <Time at={figures.lastDate ?? undefined} />
        </p>
      </PageHeader>
      <div className="grid gap-8 xl:grid-cols-[minmax(0,1fr)_21rem]">
        <div className="grid min-w-0 content-start gap-8">
          <InCommon common={figures.common} />
          {example ? (
            <Section
              title="The newest log"
              action={
                <span className="flex flex-wrap gap-4 text-sm">
                  <Link href={feedbackHref({ id: example.feedbackId })} className="text-accent-ink underline">
                    Open the report
                  </Link>
                  <a
                    href={logAddress(example.feedbackId, figures.accountId)}
                    download
                    className="text-accent-ink underline"
                  >
                    Download the log
                  </a>
                </span>
              }
            >
              <SymbolsNote symbols={example.symbols} home={homeOf(appId, issue.meta)} />
              <CrashStack report={example.report} />
            </Section>
          ) : null}
          <Occurrences perDay={figures.perDay} />
          <Rates id={figures.id} builds={figures.builds} />
          <Shares figures={figures} />
          <Testers testers={figures.testers} home={homeOf(appId, issue.meta)} />
          {told ? <ReportNotes notes={notes} issueId={told.id} field={noteField} /> : null}
        </div>
        <aside id={TRIAGE} aria-label="Triage" className="grid min-w-0 scroll-mt-16 content-start gap-8">
          {told ? <Presence key={told.id} issueId={told.id} /> : null}
          {told ? <TriagePanel issue={told} onDecide={decide} onAsk={ask} /> : null}
          <HandOver
            of={{ kind: 'issue', id: figures.id, accountId: figures.accountId }}
            hasCrash={example !== null}
          />
          <Similar similar={figures.similar} />
          <IssueHistory id={figures.id} />
        </aside>
      </div>
      {dialog}
    </>
  );
}

function Similar({ similar }: { similar: Page['figures']['similar'] }) {
  if (similar.length === 0) return null;
  return (
    <Section title="In the same function">
      <ul className="grid divide-y text-sm">
        {similar.map(({ id, title, status, reportCount, lastDate }) => (
          <li key={id}>
            <Link href={issueHref(id)} prefetch={false} className="grid gap-0.5 py-2 hover:text-accent-ink">
              <bdi dir="auto" className="line-clamp-2 wrap-anywhere">
                {title}
              </bdi>
              <span className="text-ink-soft text-xs">
                {statusWord(status)} · {formatPlural(reportCount, 'report')} · last{' '}
                <Time at={lastDate ?? undefined} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}
