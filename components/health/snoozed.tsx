'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay } from '@/components/shell/known';
import { Button } from '@/components/ui/button';
import { ErrorState } from '@/components/ui/late-error';
import { Name } from '@/components/ui/name';
import { Time } from '@/components/ui/time';
import { type Light, snoozedOptions } from '@/lib/browser/lights';
import { untilWords } from '@/lib/format/light-words';
import { formatCount } from '@/lib/format/numbers';
import { LightParts } from './light-parts';
import { useWake } from './use-snooze';

/** What is snoozed, by whom and until when; folded until somebody asks. */
export function SnoozedLights({
  count,
  which,
  appName,
}: {
  count: number;
  which: { readonly app?: string; readonly account?: string | null | undefined };
  /** The name of a light's app, where the list spans several. */
  appName?: (light: Light) => string | null | undefined;
}) {
  const [isOpen, setOpen] = useState(false);
  const { data, error, refetch } = useQuery({ ...snoozedOptions(which), enabled: isOpen });
  const may = useMay('lights:snooze');
  const wake = useWake();
  if (count === 0) return null;
  return (
    <div className="grid gap-2">
      <div>
        <Button variant="ghost" size="sm" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {formatCount(count)} snoozed
        </Button>
      </div>
      {isOpen && error && !data ? (
        <ErrorState
          title="What is snoozed could not be loaded"
          error={error}
          onRetry={() => void refetch()}
        />
      ) : null}
      {isOpen && data ? (
        <ul data-list="" aria-label="Snoozed" className="divide-y border-y">
          {data.data.map(({ light, until, at, by }) => {
            const app = appName?.(light);
            return (
              <li
                key={light.key}
                data-list-row=""
                className="flex items-center gap-3 px-2 py-2 text-sm max-sm:flex-wrap"
              >
                <span className="min-w-0 flex-1 break-words text-ink-soft max-sm:basis-full">
                  {app ? (
                    <>
                      <Name className="font-medium">{app}</Name>:{' '}
                    </>
                  ) : null}
                  <LightParts light={light} />
                  <span className="block text-xs">
                    Snoozed <Time at={at} />
                    {by ? (
                      <>
                        {' '}
                        by <Name>{by}</Name>
                      </>
                    ) : null}
                    , {until ? 'ends ' : untilWords(light.level)}
                    {until ? <Time at={until} isToCome isInDays /> : null}
                  </span>
                </span>
                {may ? (
                  <Button size="sm" onClick={() => wake(light)}>
                    Show again
                  </Button>
                ) : null}
              </li>
            );
          })}
        </ul>
      ) : null}
    </div>
  );
}
