import { isSendable } from '@/components/texts/marked-area';
import type { NoteTemplateView } from '@/lib/browser/note-templates';
import { languageName } from '@/lib/format/languages';
import { filledNote, type NoteValues, unknownVariables } from '@/lib/format/note-variables';

interface FilledTemplate {
  /** By language, as they are for the build. */
  readonly texts: Readonly<Record<string, string>>;
  /** What is wrong with them, in words. */
  readonly problem: string | null;
}

/** A template as it is for one build, checked as App Store Connect would. */
export function filledTemplate(
  { texts }: Pick<NoteTemplateView, 'texts'>,
  values: NoteValues,
): FilledTemplate {
  const filled = Object.entries(texts).map(([locale, text]) => ({
    locale,
    ...filledNote(text, values, locale),
  }));
  const open = [...new Set(filled.flatMap((one) => one.open))];
  const refused = filled
    .filter(({ text }) => !isSendable(text, true))
    .map(({ locale }) => languageName(locale));
  return {
    texts: Object.fromEntries(filled.map(({ locale, text }) => [locale, text])),
    problem: problemOf(open, refused),
  };
}

/** What is wrong with a template for whichever build; what it becomes is checked for each. */
export function templateProblem({ texts }: NoteTemplateView): string | null {
  const entries = Object.entries(texts);
  const open = [...new Set(entries.flatMap(([, text]) => unknownVariables(text)))];
  const refused = entries
    .filter(([, text]) => !isSendable(text, true))
    .map(([locale]) => languageName(locale));
  return problemOf(open, refused);
}

function problemOf(open: readonly string[], refused: readonly string[]): string | null {
  const parts = [
    ...(open.length > 0
      ? [`Stays as it is written, since it stands for nothing here: ${open.join(', ')}.`]
      : []),
    ...(refused.length > 0
      ? [`Too long, or with characters that App Store Connect refuses, in ${refused.join(', ')}.`]
      : []),
  ];
  return parts.length === 0 ? null : parts.join(' ');
}
