import type { Selection } from '@/components/ui/data-table/types';
import type { TriageBody } from '@/lib/browser/feedback';
import type { OwnList } from '@/lib/browser/keys';
import type { ResourceObject } from '@/lib/browser/types';

/** What is selected, as the decision names it: by ids, or as all that the list matches but for some. */
export function targetOf<Row extends ResourceObject>(
  of: OwnList,
  selection: Selection<Row>,
): TriageBody['target'] {
  if (selection.isEverything) return { matching: { type: of, query: selection.query } };
  if (of === 'issues') return { issues: selection.picked.map(({ id }) => id) };
  return {
    reports: selection.picked.map(({ id, accountId }) => ({ id, ...(accountId ? { accountId } : {}) })),
  };
}
