'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { useMay } from '@/components/shell/known';
import { Button } from '@/components/ui/button';
import { Section } from '@/components/ui/section';
import { Sentence } from '@/components/ui/sentence';
import { Time } from '@/components/ui/time';
import { activityOptions } from '@/lib/browser/own';

/** Who decided what about an issue, newest first. */
export function IssueHistory({ id }: { id: string }) {
  const isOpen = useMay('audit:read');
  const query = new URLSearchParams({ issue: id, limit: '10' }).toString();
  const list = useInfiniteQuery({ ...activityOptions(query), enabled: isOpen });
  const entries = list.data?.pages.flatMap((page) => page.data) ?? [];
  if (!isOpen || entries.length === 0) return null;
  return (
    <Section title="History">
      <ol className="grid divide-y text-sm">
        {entries.map((entry) => (
          <li key={entry.id} className="grid gap-0.5 py-2 wrap-anywhere">
            <p className="text-ink-soft">
              <bdi className="font-medium text-ink">{entry.who}</bdi> <Sentence parts={entry.sentence} />
            </p>
            <Time at={entry.at} className="text-ink-faint text-xs" />
          </li>
        ))}
      </ol>
      {list.hasNextPage ? (
        <Button size="sm" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          Show more
        </Button>
      ) : null}
    </Section>
  );
}
