import { useInfiniteQuery } from '@tanstack/react-query';
import { AddButton, LinkedRow } from '@/components/programme/linked-rows';
import { useLinkage } from '@/components/programme/use-linkage';
import { useMay } from '@/components/shell/known';
import { useAppBase } from '@/components/shell/use-app-base';
import { Button } from '@/components/ui/button';
import { Name } from '@/components/ui/name';
import { Section } from '@/components/ui/section';
import { toastError } from '@/components/ui/toast';
import { listOptions, totalOf } from '@/lib/browser/lists';
import type { BuildResource, TesterResource } from '@/lib/browser/types';
import { isolated } from '@/lib/format/isolated';
import { formatCount } from '@/lib/format/numbers';
import { personName } from '@/lib/format/people';
import type { BuildDialog } from './about-build';

const SHOWN = '10';

/** Testers who were given a build one by one, to add to and to take it from. */
export function BuildTesters({
  build,
  appId,
  onOpen,
}: {
  build: BuildResource;
  appId: string;
  onOpen: (dialog: BuildDialog) => void;
}) {
  const base = useAppBase(appId);
  const mayWrite = useMay('testers:write');
  const query = new URLSearchParams({
    ...{ 'filter[apps]': appId, 'filter[builds]': build.id },
    ...{ sort: 'lastName', limit: SHOWN },
  });
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    listOptions<TesterResource>('betaTesters', query.toString()),
  );
  const linkage = useLinkage({
    ...{ type: 'builds', id: build.id },
    ...{ name: 'individualTesters', target: 'betaTesters' },
  });
  const testers = data?.pages.flatMap((page) => page.data) ?? [];
  const total = totalOf(data?.pages[0]?.meta);
  const take = ({ id, attributes }: TesterResource) => {
    const name = isolated(personName(attributes ?? {}));
    void linkage
      .change('remove', [id], `Taken from ${name}`)
      .catch((refused: unknown) => toastError(`${name} still has the build`, refused));
  };
  return (
    <Section
      title={total && total.count > 0 ? `Individual testers (${formatCount(total)})` : 'Individual testers'}
      action={
        mayWrite && build.attributes?.expired !== true ? (
          <AddButton onAdd={() => onOpen('testers')}>Give to testers</AddButton>
        ) : null
      }
    >
      {error ? (
        <p className="text-ink-soft text-sm">
          Who has the build one by one could not be loaded: <bdi>{error.message}</bdi>
        </p>
      ) : null}
      {data && testers.length === 0 ? (
        <p className="text-ink-soft text-sm">None. The build comes through its groups.</p>
      ) : null}
      <ul className="grid divide-y">
        {testers.map((tester) => {
          const name = personName(tester.attributes ?? {});
          return (
            <LinkedRow
              key={tester.id}
              href={`${base}/testers/${encodeURIComponent(tester.id)}`}
              takeLabel={`Take the build from ${name}`}
              isBusy={linkage.isPending}
              onTake={mayWrite ? () => take(tester) : undefined}
            >
              <Name>{name}</Name>
            </LinkedRow>
          );
        })}
      </ul>
      {hasNextPage ? (
        <Button size="sm" variant="ghost" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show more
        </Button>
      ) : null}
    </Section>
  );
}
