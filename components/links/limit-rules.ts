import { LINK_LIMIT } from '@/lib/asc/catalogue/limits';
import { formatCount } from '@/lib/format/numbers';

/** What is wrong with a typed limit, in words; undefined when it can be sent. */
export function limitProblem(typed: string): string | undefined {
  const limit = /^\d+$/.test(typed.trim()) ? Number(typed) : Number.NaN;
  if (limit >= LINK_LIMIT.min && limit <= LINK_LIMIT.max) return undefined;
  return `Enter a whole number from ${formatCount(LINK_LIMIT.min)} to ${formatCount(LINK_LIMIT.max)}.`;
}

/** The limit a full link is raised to: twice as many places, and as many free ones, as far as Apple allows. */
export function raisedLimit(limit: number, used: number): number {
  return Math.min(LINK_LIMIT.max, Math.max(limit * 2, used + limit));
}
