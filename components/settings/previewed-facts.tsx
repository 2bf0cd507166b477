import Link from 'next/link';
import { Dot } from '@/components/ui/status';
import { Time } from '@/components/ui/time';
import type { AlertPreview, ChannelChoice } from '@/lib/browser/alerts';
import { formatCount, formatPlural } from '@/lib/format/numbers';
import { channelName } from './alert-row';

/** What alerts would have sent: how many messages where, of what, and since when there is anything to tell it by. */
export function PreviewedFacts({
  preview: { days, messages, count, facts, gaps },
  channels,
}: {
  preview: AlertPreview;
  channels: readonly ChannelChoice[];
}) {
  const counts = Object.entries(messages).filter(([, n]) => n > 0);
  return (
    <div role="status" className="grid gap-2 text-sm">
      <p>
        {count === 0
          ? `In the last ${days} days nothing would have been sent.`
          : `In the last ${days} days ${formatPlural(count, 'thing')} would have been told: ${counts
              .map(([channel, n]) => `${formatPlural(n, 'message')} (${channelName(channel, channels)})`)
              .join(', ')}.`}
      </p>
      {facts.length > 0 ? (
        <ul className="grid max-h-72 gap-1.5 overflow-auto">
          {facts.map(({ title, path, at, level }) => (
            <li key={`${at} ${title}`} className="flex items-baseline gap-2">
              <Dot tone={level} />
              <span className="min-w-0 flex-1">
                <Link href={path} prefetch={false} className="hover:underline">
                  <bdi className="wrap-anywhere">{title}</bdi>
                </Link>{' '}
                <span className="whitespace-nowrap text-ink-soft">
                  <Time at={at} />
                </span>
              </span>
            </li>
          ))}
        </ul>
      ) : null}
      {count > facts.length ? (
        <p className="text-ink-soft">The newest {formatCount(facts.length)} are shown.</p>
      ) : null}
      {gaps.map(({ rule, since, lacks }) => (
        <p key={`${rule} ${since}`} className="text-ink-soft">
          {rule}: {lacks}
          {since ? (
            <>
              {lacks ? ' ' : null}It can tell since <Time at={since} />.
            </>
          ) : null}
        </p>
      ))}
    </div>
  );
}
