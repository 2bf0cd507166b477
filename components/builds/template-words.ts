import type { NoteTemplateView } from '@/lib/browser/note-templates';
import type { ShipTemplateView } from '@/lib/browser/ship-templates';
import { isolated } from '@/lib/format/isolated';
import { formatPlural } from '@/lib/format/numbers';
import { momentWords } from './ship-choices';

/** What a template of ships does, in words, and what of it is not there any more. */
export function templateWords(
  { choices, groups }: ShipTemplateView,
  noteTemplates: readonly NoteTemplateView[],
): { said: string; missing: readonly string[] } {
  const there = (ids: readonly string[] = []) =>
    groups.filter(({ id, isGone }) => !isGone && ids.includes(id)).map(({ name }) => `“${isolated(name)}”`);
  const named = there(choices.groups);
  const second = there(choices.staged?.groups);
  const source = noteTemplates.find(({ id }) => id === choices.noteTemplate);
  const texts = Object.keys(choices.notes ?? {}).length;
  const parts = [
    named.length > 0 ? `To ${named.join(', ')}` : 'To no group',
    ...(texts > 0 ? [`What to Test in ${formatPlural(texts, 'language')}`] : []),
    ...(source ? [`What to Test by “${isolated(source.name)}”`] : []),
    choices.submit ? 'submitted for beta review' : 'not submitted',
    tellingWords(choices.notify ?? 'now'),
    ...(choices.staged
      ? [
          `then to ${second.join(', ') || 'no group'} at ${choices.staged.crashFree}% crash-free for ${formatPlural(choices.staged.hours, 'hour')}`,
        ]
      : []),
  ];
  return {
    said: parts.join(' · '),
    missing: [
      ...groups
        .filter(({ isGone }) => isGone)
        .map(({ name }) => `“${isolated(name)}” is not there any more.`),
      ...(choices.noteTemplate && !source ? ['Its template of What to Test is not there any more.'] : []),
    ],
  };
}

function tellingWords(notify: string): string {
  if (notify === 'now') return 'testers told as soon as they can have it';
  if (notify === 'none') return 'testers not told';
  return /^\d/.test(notify)
    ? `testers told at a time: ${momentWords(notify).split('. ')[0]}`
    : `testers told ${notify}`;
}
