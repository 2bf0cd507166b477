import { Section } from '@/components/ui/section';
import { Skeleton } from '@/components/ui/skeleton';
import { Badge } from '@/components/ui/status';
import { Time } from '@/components/ui/time';
import type { TesterPage } from '@/lib/browser/testers';
import { deviceName } from '@/lib/format/devices';
import { formatPlural } from '@/lib/format/numbers';

/** What the tester sent, newest first. */
export function TesterFeedback({ own }: { own: TesterPage | undefined }) {
  if (!own) {
    return (
      <Section title="Feedback">
        <Skeleton className="h-12" />
      </Section>
    );
  }
  return (
    <Section title="Feedback">
      {own.feedback.length === 0 ? <p className="text-ink-soft text-sm">None so far.</p> : null}
      <ul className="grid divide-y">
        {own.feedback.map((one) => (
          <li key={one.id} className="grid gap-1 py-2 text-sm">
            <p className="flex flex-wrap items-center gap-2 text-ink-soft">
              <Badge>{one.type === 'betaFeedbackCrashSubmissions' ? 'Crash' : 'Screenshot'}</Badge>
              <Time at={one.createdDate} />
              {one.deviceModel ? <span>{deviceName(one.deviceModel)}</span> : null}
            </p>
            <p dir="auto" className="line-clamp-3 break-words">
              {one.comment?.trim() || <span className="text-ink-faint">Without words</span>}
            </p>
          </li>
        ))}
      </ul>
      {own.feedbackTotal > own.feedback.length ? (
        <p className="text-ink-soft text-sm">
          and {formatPlural(own.feedbackTotal - own.feedback.length, 'older one')}
        </p>
      ) : null}
    </Section>
  );
}
