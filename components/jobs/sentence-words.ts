import type { Job } from '@/lib/browser/jobs';
import { isolated } from '@/lib/format/isolated';

/** A sentence as plain text with a capital letter, for toasts; names are isolated. */
export function sentenceWords(parts: Job['sentence']): string {
  const text = parts.map((part) => (typeof part === 'string' ? part : isolated(part.name))).join('');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
