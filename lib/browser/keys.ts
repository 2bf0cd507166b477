import type { ResourceType } from '@/lib/asc/catalogue/types';
import type { StaleGraph } from './types';

/** Query keys. Their prefixes are the units of invalidation: a type of resource, or a noun of ours. */
export const keys = {
  type: (type: ResourceType) => ['v1', type] as const,
  list: (type: ListType, query: string) =>
    isOwnList(type) ? (['own', type, 'list', query] as const) : (['v1', type, 'list', query] as const),
  one: (type: ResourceType, id: string, query: string) => ['v1', type, 'one', id, query] as const,
  related: (type: ResourceType, id: string, query: string) => ['v1', type, 'related', id, query] as const,
  noun: (noun: Noun) => ['own', noun] as const,
  own: (noun: Noun, query: string) => ['own', noun, query] as const,
};

/** Lists of what is ours. */
export type OwnList = 'feedback' | 'issues';
export type ListType = ResourceType | OwnList;

/** Whether a list is one of ours rather than of Apple's resources. */
export function isOwnList(type: ListType): type is OwnList {
  return type === 'feedback' || type === 'issues';
}

export type Noun =
  | OwnList
  | 'notices'
  | 'presence'
  | 'overview'
  | 'sync'
  | 'activity'
  | 'search'
  | 'accounts'
  | 'team'
  | 'archive'
  | 'tokens'
  | 'connectors'
  | 'webhooks'
  | 'channels'
  | 'alerts'
  | 'shares'
  | 'digest'
  | 'person'
  | 'rules'
  | 'replies'
  | 'note-templates'
  | 'ship-templates'
  | 'symbols'
  | 'me'
  | 'health'
  | 'jobs'
  | 'views'
  | 'metrics'
  | 'people';

/** What a mutation makes stale: resource types (with what the catalogue says of them) and nouns of ours. */
export type Stale = ResourceType | Noun;

/** Nouns whose answers are made of resources: any write to Apple touches them. */
const DERIVED: readonly Noun[] = ['overview', 'activity', 'search', 'people'];

/** The key prefixes to invalidate after a write, by the catalogue's stale graph. */
export function stalePrefixes(stale: readonly Stale[], graph: StaleGraph): (readonly unknown[])[] {
  const types = new Set<string>();
  const nouns = new Set<Noun>();
  for (const name of stale) {
    if (name in graph) {
      types.add(name);
      for (const other of graph[name as ResourceType] ?? []) types.add(other);
      for (const noun of DERIVED) nouns.add(noun);
    } else {
      nouns.add(name as Noun);
    }
  }
  return [...[...types].map((type) => ['v1', type]), ...[...nouns].map((noun) => keys.noun(noun))];
}
