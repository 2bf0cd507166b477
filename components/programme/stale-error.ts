import { ApiError } from '@/lib/browser/api';
import { attributeLabel } from '@/lib/format/attribute-labels';
import { valueLabel } from '@/lib/format/labels';

type Attributes = Readonly<Record<string, unknown>>;

/** A refusal because somebody else was faster, with both values in words; undefined for any other error. */
export function staleError(error: unknown): ApiError | undefined {
  if (!(error instanceof ApiError)) return undefined;
  const problem = error.problems.find(({ code }) => code === 'FLIGHTDECK.STALE');
  if (!problem) return undefined;
  const { actual, requested } = (problem.meta ?? {}) as { actual?: Attributes; requested?: Attributes };
  const both = Object.keys(requested ?? {}).map(
    (name) =>
      `${attributeLabel(name)} is now “${valueLabel(actual?.[name])}”; you wanted “${valueLabel(requested?.[name])}”.`,
  );
  const detail = `Somebody else changed this meanwhile. ${both.join(' ')} Nothing was saved.`;
  return new ApiError(error.status, [{ ...problem, detail }]);
}
