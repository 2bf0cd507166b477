import { ApiError } from '@/lib/browser/api';

/** Why a change was refused, in the words of who refused: of one of these members where they are about it. */
export function refusalWords(error: unknown, names: readonly string[] = []): string {
  if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error);
  const detail = names.map((name) => error.detailFor(name)).find(Boolean) ?? error.message;
  return error.speaker ? `${error.speaker} says: ${detail}` : detail;
}
