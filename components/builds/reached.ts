import { useQuery } from '@tanstack/react-query';
import { foundOptions } from '@/lib/browser/lookups';
import type { BuildResource, GroupResource, TesterResource } from '@/lib/browser/types';
import { formatPlural } from '@/lib/format/numbers';

/** Whom a build reaches, in words: of its groups and of those who were given it; undefined until it is known. */
export function useReached(build: BuildResource): string | undefined {
  const scope = { builds: build.id };
  const groups = useQuery(foundOptions<GroupResource>('betaGroups', scope, '')).data;
  const single = useQuery(
    foundOptions<TesterResource>('betaTesters', { ...scope, apps: build.meta?.appId ?? '' }, ''),
  ).data;
  if (!groups || !single) return undefined;
  const members = groups.data.reduce((sum, { meta }) => sum + (meta?.testerCount ?? 0), 0);
  const one = single.meta?.total ?? single.data.length;
  const parts = [
    ...(groups.data.length > 0
      ? [`${formatPlural(groups.data.length, 'group')} with ${formatPlural(members, 'tester')}`]
      : []),
    ...(one > 0 ? [`${formatPlural(one, 'tester')} one by one`] : []),
  ];
  return parts.length === 0 ? 'nobody' : parts.join(' and ');
}
