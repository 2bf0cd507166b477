import { ApiError } from '@/lib/browser/api';

/** Why one field was refused, in the words of who refused it; undefined where nothing is said of it. */
export function refusedWords(error: unknown, field: string): string | undefined {
  if (!(error instanceof ApiError)) return undefined;
  const detail = error.detailFor(field);
  return detail && error.speaker ? `${error.speaker} says: ${detail}` : detail;
}
