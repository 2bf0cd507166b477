import { mutationOptions, type QueryClient } from '@tanstack/react-query';
import { type TesterPage, testerOptions, testerPageOptions } from './testers';
import type { GroupName, OneDocument, TesterResource } from './types';
import { sendLinkage } from './writes';

type HeldBuild = TesterPage['builds'][number];

/** A group or a build to give one tester, or to take away. */
export type Access =
  | { readonly kind: 'group'; readonly group: GroupName }
  | { readonly kind: 'build'; readonly build: HeldBuild };

export interface AccessChange {
  readonly access: Access;
  readonly change: 'add' | 'remove';
}

/** Gives one tester a group or a build, or takes it away: on screen at once, put back when it is refused. */
export function testerAccessMutation(client: QueryClient, appId: string, testerId: string) {
  const caches = [testerOptions(appId, testerId).queryKey, testerPageOptions(appId, testerId).queryKey];
  return mutationOptions({
    mutationFn: ({ access, change }: AccessChange) => {
      const ids = [testerId];
      return access.kind === 'group'
        ? sendLinkage('betaGroups', 'betaTesters', 'betaTesters', { id: access.group.id, change, ids })
        : sendLinkage('builds', 'individualTesters', 'betaTesters', { id: access.build.id, change, ids });
    },
    onMutate: async (wanted) => {
      await Promise.all(caches.map((queryKey) => client.cancelQueries({ queryKey })));
      const before = caches.map((queryKey) => [queryKey, client.getQueryData(queryKey)] as const);
      const { access, change } = wanted;
      if (access.kind === 'group') {
        client.setQueryData(
          testerOptions(appId, testerId).queryKey,
          (data) => data && withGroups(data, (groups) => changed(groups, access.group, change)),
        );
      } else {
        client.setQueryData(
          testerPageOptions(appId, testerId).queryKey,
          (page) =>
            page && { data: { ...page.data, builds: changed(page.data.builds, access.build, change) } },
        );
      }
      return before;
    },
    onError: (_error, _wanted, before) => {
      for (const [queryKey, data] of before ?? []) client.setQueryData(queryKey, data);
    },
    meta: { stale: ['betaGroups', 'builds', 'betaTesters'] },
  });
}

function changed<One extends { readonly id: string }>(
  held: readonly One[],
  one: One,
  change: AccessChange['change'],
): readonly One[] {
  const others = held.filter(({ id }) => id !== one.id);
  return change === 'add' ? [...others, one] : others;
}

function withGroups(
  document: OneDocument<TesterResource>,
  change: (groups: readonly GroupName[]) => readonly GroupName[],
): OneDocument<TesterResource> {
  const { data } = document;
  return { ...document, data: { ...data, meta: { ...data.meta, groups: change(data.meta?.groups ?? []) } } };
}
