/** What stands for something in a template of What to Test, and what it is. */
export const NOTE_VARIABLES = {
  version: 'the version, such as 1.4',
  build: 'the build number',
  date: 'today, as each language writes it',
  previous: 'the build before it, such as 1.3 (41)',
} as const;

type Variable = keyof typeof NOTE_VARIABLES;

/** What the variables are for one build; null where nothing is known, as of what came before the first build. */
export interface NoteValues {
  readonly version: string | null;
  readonly build: string | null;
  readonly previous: string | null;
  /** The day, ms since 1970. */
  readonly at: number;
}

const PLACE = /\{\s*([\p{L}\p{N}_ -]{1,40}?)\s*\}/gu;
const isVariable = (name: string): name is Variable => Object.hasOwn(NOTE_VARIABLES, name);

/** What in a text stands for nothing that is known, each once, as it is written. */
export function unknownVariables(text: string): string[] {
  const names = [...text.matchAll(PLACE)].map(([, name = '']) => name);
  return [...new Set(names.filter((name) => !isVariable(name.toLowerCase())))].map((name) => `{${name}}`);
}

/** A text with what it says of one build; what is not known stays as it is written, and is named. */
export function filledNote(
  text: string,
  values: NoteValues,
  locale: string,
): { readonly text: string; readonly open: readonly string[] } {
  const open = new Set<string>();
  const filled = text.replace(PLACE, (whole, name: string) => {
    const known = name.toLowerCase();
    const value = isVariable(known) ? wordOf(known, values, locale) : null;
    if (value !== null) return value;
    open.add(`{${name}}`);
    return whole;
  });
  return { text: filled, open: [...open] };
}

function wordOf(name: Variable, { at, ...values }: NoteValues, locale: string): string | null {
  if (name !== 'date') return values[name];
  try {
    return new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(at);
  } catch {
    return new Date(at).toISOString().slice(0, 10);
  }
}
