'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useRef } from 'react';
import { HandOver } from '@/components/hand-over/hand-over';
import { useApps } from '@/components/shell/known';
import { PageHeader } from '@/components/shell/page-header';
import { AsOf } from '@/components/ui/as-of';
import { CopyButton } from '@/components/ui/copy-button';
import { GoneState } from '@/components/ui/gone-state';
import { ErrorState } from '@/components/ui/late-error';
import { Later } from '@/components/ui/later';
import { Section } from '@/components/ui/section';
import { ListSkeleton } from '@/components/ui/skeleton';
import { Badge } from '@/components/ui/status';
import { Time } from '@/components/ui/time';
import { useTabTitle } from '@/components/ui/use-tab-title';
import { Neighbours } from '@/components/views/neighbours';
import { type FeedbackResource, type ReportPage as Page, reportOptions } from '@/lib/browser/feedback';
import { isGone } from '@/lib/browser/freshness';
import { appWords, homeOf } from '@/lib/format/app-address';
import { formatDuration } from '@/lib/format/durations';
import { kindWord, languageTag, localeWord } from '@/lib/format/feedback';
import { label } from '@/lib/format/labels';
import { formatBytes } from '@/lib/format/numbers';
import { ERASED_TESTER } from '@/lib/format/people';
import { CrashLog } from './crash-log';
import { feedbackHref } from './feedback-href';
import { FEEDBACK } from './feedback-spec';
import { BuildShort, IssueNumber, IssueState, KindIcon, saidBy, testerWords } from './feedback-words';
import { IssueHistory } from './issue-history';
import { Presence } from './presence';
import { ReportActions } from './report-actions';
import { ReportNotes } from './report-notes';
import { ReportPictures } from './report-pictures';
import { reportTab } from './tab-title';
import { ToTriage, TRIAGE } from './to-triage';
import { TriagePanel } from './triage-panel';
import { useDecisions } from './use-decisions';
import { useInboxNeighbours } from './use-inbox-neighbours';
import { useShownId } from './use-shown-id';

/** One report: what was sent, from where and by whom, and what the team makes of it. */
export function ReportPage({ id: first }: { id: string }) {
  const id = useShownId('feedback', first);
  const { data, error, refetch } = useQuery(reportOptions(id));
  if (isGone(error)) return <GoneState error={error} href="/feedback" to="Go to the feedback" />;
  if (error && !data)
    return <ErrorState title="The report could not be loaded" error={error} onRetry={() => void refetch()} />;
  if (!data) return <ListSkeleton />;
  return <Shown key={id} page={data.data} />;
}

function Shown({ page }: { page: Page }) {
  const { report } = page;
  const { attributes, meta } = report;
  const appId = meta?.appId ?? '';
  const appName = useApps().find(({ id }) => id === appId)?.attributes?.name ?? 'App';
  const neighbours = useInboxNeighbours(report, FEEDBACK);
  const noteField = useRef<HTMLTextAreaElement>(null);
  const issue = meta?.issue ?? null;
  const { decide, ask, dialog } = useDecisions(issue, {
    noteField,
    subject: { appId, accountId: meta?.accountId, called: 'this report' },
  });
  const { title } = saidBy(report);
  useTabTitle(reportTab(report));
  return (
    <>
      <PageHeader
        crumbs={[
          { label: appWords(appName, meta?.accountName), href: homeOf(appId, meta) },
          { label: 'Feedback', href: neighbours.list },
        ]}
        title={
          <span className="inline-flex min-w-0 items-center gap-2">
            <KindIcon type={attributes?.type} isLarge />
            <IssueNumber number={issue?.number} />
            <bdi dir="auto" className="line-clamp-2 wrap-anywhere max-sm:line-clamp-5">
              {title.slice(0, 120)}
            </bdi>
          </span>
        }
        badges={
          <span className="flex flex-wrap items-center gap-3 text-sm">
            <IssueState issue={issue} />
            {attributes?.goneAt ? <Badge>Gone at Apple, kept here</Badge> : null}
            <ToTriage />
          </span>
        }
        action={<Neighbours neighbours={neighbours} one="report" many="Reports" />}
      >
        <div className="flex flex-wrap items-center gap-x-3">
          <span>
            Received <Time at={attributes?.createdDate} />
          </span>
          <AsOf view={{ of: 'feedback', app: appId }} />
        </div>
      </PageHeader>
      <div className="grid gap-8 xl:grid-cols-[minmax(0,1fr)_21rem]">
        <div className="grid min-w-0 content-start gap-8">
          <Comment page={page} />
          <ReportPictures page={page} />
          <Crash page={page} />
          <Facts page={page} report={report} />
          {issue ? (
            <ReportNotes notes={page.notes} issueId={issue.id} feedbackId={report.id} field={noteField} />
          ) : null}
        </div>
        <aside id={TRIAGE} aria-label="Triage" className="grid min-w-0 scroll-mt-16 content-start gap-8">
          <Later>{issue ? <Presence key={issue.id} issueId={issue.id} /> : null}</Later>
          {issue ? (
            <TriagePanel issue={issue} onDecide={decide} onAsk={ask} />
          ) : (
            <p className="text-ink-soft text-sm">
              This report has just come and is being taken in. It can be triaged in a moment.
            </p>
          )}
          <Later>
            <ReportActions report={report} />
            <HandOver
              of={{ kind: 'report', id: report.id, accountId: meta?.accountId ?? '' }}
              hasCrash={attributes?.type === 'betaFeedbackCrashSubmissions'}
              atApple={attributes?.goneAt ? null : appleType(attributes?.type)}
              hasPictures={page.pictures.some(({ state }) => state === 'stored')}
            />
            <Others page={page} />
            {issue ? <IssueHistory id={issue.id} /> : null}
          </Later>
        </aside>
      </div>
      {dialog}
    </>
  );
}

const appleType = (type: string | undefined) =>
  type === 'betaFeedbackCrashSubmissions' || type === 'betaFeedbackScreenshotSubmissions' ? type : null;

function Comment({ page: { comment, facts } }: { page: Page }) {
  const words = comment?.trim() ?? '';
  if (words === '') return null;
  return (
    <Section title="Comment" action={<CopyButton text={words}>Copy</CopyButton>}>
      <p
        dir="auto"
        lang={languageTag(facts.locale)}
        className="max-h-[32rem] overflow-y-auto whitespace-pre-wrap rounded-md border bg-raised p-4 text-[0.9375rem] [unicode-bidi:isolate] wrap-anywhere"
      >
        {words}
      </p>
      {facts.locale ? (
        <p className="text-ink-soft text-xs">
          Taken for {localeWord(facts.locale)}, because the device is set to it. Nobody has translated it.
        </p>
      ) : null}
    </Section>
  );
}

function Crash({ page: { report, log } }: { page: Page }) {
  const { attributes, meta } = report;
  if (attributes?.type !== 'betaFeedbackCrashSubmissions') return null;
  return (
    <CrashLog
      id={report.id}
      accountId={meta?.accountId ?? ''}
      home={homeOf(meta?.appId ?? '', meta)}
      issue={meta?.issue?.kind === 'crash' ? meta.issue : null}
      before={log}
    />
  );
}

function Facts({ page: { facts }, report }: { page: Page; report: FeedbackResource }) {
  const tester = testerWords(report);
  const { appId, accountId } = report.meta ?? {};
  const home = homeOf(appId ?? '', report.meta);
  const testerId = report.attributes?.testerId;
  const isErased = testerId?.startsWith(ERASED_TESTER) === true;
  const testerHref =
    testerId === undefined || isErased ? null : `${home}/testers/${encodeURIComponent(testerId)}`;
  const disk =
    facts.diskAvailable === null
      ? null
      : `${formatBytes(facts.diskAvailable)} free${facts.diskTotal === null ? '' : ` of ${formatBytes(facts.diskTotal)}`}`;
  const rows: readonly (readonly [string, React.ReactNode])[] = [
    ['Tester', <TesterLink key="tester" name={tester} href={testerHref} />],
    ['Build', <BuildShort key={accountId} build={report.meta?.build} />],
    ['Device', facts.deviceName && <span data-tip={facts.deviceModel}>{facts.deviceName}</span>],
    ['System', facts.osVersion && `${facts.platform ? `${label(facts.platform)} ` : ''}${facts.osVersion}`],
    ['Language', facts.locale && localeWord(facts.locale)],
    ['Time zone', facts.timeZone],
    ['Connection', facts.connection && label(facts.connection)],
    ['Battery', facts.battery === null ? null : `${facts.battery}%`],
    ['Storage', disk],
    ['App was open for', facts.uptimeMs === null ? null : formatDuration(facts.uptimeMs)],
    ['Paired watch', facts.pairedAppleWatch],
    ['Architecture', facts.architecture],
  ];
  return (
    <Section title="Where it happened">
      <dl className="grid grid-cols-[9rem_minmax(0,1fr)] gap-x-4 gap-y-2 text-sm">
        {rows
          .filter(([, value]) => value !== null && value !== undefined && value !== '')
          .map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="text-ink-soft">{name}</dt>
              <dd className="min-w-0 wrap-anywhere">{value}</dd>
            </div>
          ))}
      </dl>
    </Section>
  );
}

function TesterLink({ name, href }: { name: string | null; href: string | null }) {
  if (name === null) return 'Not known';
  if (href === null) return <bdi>{name}</bdi>;
  return (
    <Link href={href} prefetch={false} className="text-accent-ink underline">
      <bdi>{name}</bdi>
    </Link>
  );
}

function Others({ page: { others } }: { page: Page }) {
  if (others.length === 0) return null;
  return (
    <Section title="Also by this tester">
      <ul className="grid divide-y text-sm">
        {others.map((other) => (
          <li key={other.id}>
            <Link
              href={feedbackHref({ id: other.id })}
              prefetch={false}
              className="grid gap-0.5 py-2 hover:text-accent-ink"
            >
              <span className="flex items-center gap-2 text-ink-soft text-xs">
                {kindWord(other.type)} <Time at={other.createdDate} />
              </span>
              <bdi dir="auto" className="line-clamp-2">
                {other.comment?.trim() || 'Without words'}
              </bdi>
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}
