'use client';

import { useQuery } from '@tanstack/react-query';
import { ErrorWords } from '@/components/ui/error-state';
import { Skeleton } from '@/components/ui/skeleton';
import { type DiagnosticLog, signatureLogsOptions } from '@/lib/browser/diagnostics';
import { deviceName } from '@/lib/format/devices';
import { formatPlural } from '@/lib/format/numbers';
import { stackLines } from './stack-lines';

/** The logs of a signature: where it happened, and the calls that led there. */
export default function SignatureLogs({
  of,
  name,
}: {
  of: { id: string; accountId: string | undefined };
  name: string;
}) {
  const { data, error } = useQuery(signatureLogsOptions(of));
  if (error) return <ErrorWords error={error} />;
  if (!data) return <Skeleton className="h-24 w-full" />;
  const products = data.meta.report.productData ?? [];
  const insights = products.flatMap(({ diagnosticInsights }) => diagnosticInsights ?? []);
  const logs = products.flatMap(({ diagnosticLogs }) => diagnosticLogs ?? []);
  return (
    <div className="grid gap-3 pb-4 pl-6">
      {insights.map(({ insightsString, insightsURL }) => (
        <p key={`${insightsString} ${insightsURL}`}>
          <bdi>{insightsString}</bdi>{' '}
          {insightsURL?.startsWith('https://developer.apple.com/') ? (
            <a
              href={insightsURL}
              target="_blank"
              rel="noreferrer"
              className="rounded-sm text-accent-ink underline"
            >
              What Apple advises<span className="sr-only"> (opens a new tab)</span>
            </a>
          ) : null}
        </p>
      ))}
      {logs.length === 0 ? <p className="text-ink-soft">App Store Connect has no log of it.</p> : null}
      <ol className="grid gap-3">
        {logs.map((log, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: logs have no names and never change places
          <li key={at} className="grid gap-1">
            <p className="text-ink-soft">
              <bdi>{wordsOf(log)}</bdi>
            </p>
            <Stack log={log} name={`Calls of log ${at + 1} of ${name}`} />
          </li>
        ))}
      </ol>
    </div>
  );
}

function wordsOf({ diagnosticMetaData: of }: DiagnosticLog): string {
  const { deviceType, osVersion, event, eventDetail, writesCaused } = of ?? {};
  const words = [deviceType && deviceName(deviceType), osVersion, eventDetail ?? event];
  return (
    [...words, writesCaused && `${writesCaused} written`].filter(Boolean).join(' · ') ||
    'Nothing is told of the device.'
  );
}

const SCROLLED = 'max-h-80 overflow-auto rounded-md border bg-sunken p-2';

function Stack({ log, name }: { log: DiagnosticLog; name: string }) {
  const { lines, hidden } = stackLines(log);
  return (
    // What is wider than the page scrolls, and must be reachable by keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: as said above
    <section aria-label={name} tabIndex={0} className={SCROLLED}>
      <ul className="w-max min-w-full font-mono text-xs leading-5">
        {lines.map(({ key, depth, name: call, place, samples, isBlame }) => (
          <li
            key={key}
            style={{ paddingInlineStart: `${Math.min(depth, 40)}ch` }}
            className={isBlame ? 'bg-attention-soft text-attention' : undefined}
          >
            <bdi>{call}</bdi>
            <span className="text-ink-soft">
              {place ? ` ${place}` : ''}
              {samples === undefined ? '' : ` (${formatPlural(samples, 'sample')})`}
            </span>
            {isBlame ? ' ← most of it here' : ''}
          </li>
        ))}
      </ul>
      {hidden > 0 ? (
        <p className="text-ink-soft text-xs">{formatPlural(hidden, 'more call')} below.</p>
      ) : null}
    </section>
  );
}
