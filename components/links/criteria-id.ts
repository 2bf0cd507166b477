import type { GroupResource } from '@/lib/browser/types';

/** The id of a group's criteria, or null when it has none. */
export function criteriaIdOf(group: GroupResource): string | null {
  const data = group.relationships?.betaRecruitmentCriteria?.data;
  return data && 'id' in data ? data.id : null;
}
