import type { NewItem } from '@/lib/jobs/create';

/** What a job would do, before it is made. */
export interface JobPlan {
  readonly title: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly items: readonly NewItem[];
  /** What carrying out an item means, in words, for a dry run. */
  planOf(item: NewItem): string;
  /** Whether the job would end at an item, as things stand. */
  stopsAt?(item: NewItem): boolean;
}
