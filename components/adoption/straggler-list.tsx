'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useAppBase } from '@/components/shell/use-app-base';
import { testerPath } from '@/components/testers/tester-href';
import { Button } from '@/components/ui/button';
import { ErrorState } from '@/components/ui/late-error';
import { Name } from '@/components/ui/name';
import { Skeleton } from '@/components/ui/skeleton';
import { type BuildRef, type Standing, type Straggler, stragglerOptions } from '@/lib/browser/adoption';
import { buildWords, installedWords } from '@/lib/format/builds';
import { deviceName } from '@/lib/format/devices';
import { formatPlural } from '@/lib/format/numbers';
import { personName } from '@/lib/format/people';

const WORDS: Readonly<Record<Standing, string>> = {
  current: 'On it',
  behind: 'Older',
  accepted: 'Accepted, nothing installed',
  invited: 'Invitation not accepted',
  unclear: 'Cannot be told',
};

/** The people without a build by name, what each has instead, page by page. */
export default function StragglerList({
  appId,
  build,
  standings,
}: {
  appId: string;
  build: BuildRef;
  standings: readonly Standing[];
}) {
  const base = useAppBase(appId);
  const found = useInfiniteQuery(stragglerOptions({ appId, buildId: build.id, standings }));
  if (found.error && !found.data)
    return (
      <ErrorState title="They could not be loaded" error={found.error} onRetry={() => void found.refetch()} />
    );
  if (!found.data) return <Skeleton className="h-32 w-full" />;
  const people = found.data.pages.flatMap(({ data }) => data);
  const total = found.data.pages[0]?.meta.total ?? 0;
  return (
    <div className="grid gap-2">
      <ul aria-label={`Testers without ${buildWords(build)}`} className="grid divide-y border-y text-sm">
        {people.map((person) => (
          <li
            key={person.id}
            className="grid gap-x-6 gap-y-0.5 py-2 sm:grid-cols-[minmax(0,1fr)_minmax(0,1.6fr)]"
          >
            <Link
              href={testerPath(base, person.id)}
              prefetch={false}
              className="truncate rounded-sm hover:underline"
            >
              <Name>{personName({ ...person, appDevices: person.devices })}</Name>
            </Link>
            <span className="text-ink-soft">{hasWords(person)}</span>
          </li>
        ))}
      </ul>
      {found.hasNextPage ? (
        <Button
          size="sm"
          className="justify-self-start"
          busy={found.isFetchingNextPage}
          onClick={() => void found.fetchNextPage()}
        >
          Show more of {formatPlural(total, 'tester')}
        </Button>
      ) : null}
    </div>
  );
}

function hasWords({ standing, devices }: Straggler): string {
  if (devices.length === 0) return WORDS[standing];
  const each = devices.map(
    (device) =>
      `${installedWords(device, device.builds)} on ${device.model ? deviceName(device.model) : 'an unknown device'}`,
  );
  return `${standing === 'unclear' ? `${WORDS.unclear}: ` : ''}${each.join('; ')}`;
}
