import type { ResourceObject } from '@/lib/browser/types';
import { languageName } from '@/lib/format/languages';
import { wordDiff } from './word-diff';

type Notes = ReadonlyMap<string, string>;

/** What testers are asked to test, by language, of what came with a build. */
export function notesOf(included: readonly ResourceObject[]): Notes {
  return new Map(
    included.flatMap(({ type, attributes }) => {
      const { locale, whatsNew } = attributes ?? {};
      if (type !== 'betaBuildLocalizations' || typeof locale !== 'string') return [];
      return [[locale, typeof whatsNew === 'string' ? whatsNew : ''] as const];
    }),
  );
}

/** What to Test of two builds language by language, what differs marked word by word. */
export function NotesDiff({
  left,
  right,
  names,
}: {
  left: Notes;
  right: Notes;
  names: readonly [string, string];
}) {
  const locales = [...new Set([...left.keys(), ...right.keys()])];
  const texts = locales.map((locale) => [locale, left.get(locale) ?? '', right.get(locale) ?? ''] as const);
  const same = texts.filter(([, one, other]) => one === other);
  const different = texts.filter(([, one, other]) => one !== other);
  return (
    <section className="grid gap-3">
      <h3 className="font-medium text-sm">What to Test</h3>
      {locales.length === 0 ? <p className="text-ink-soft text-sm">Neither build has any.</p> : null}
      {different.length > 0 ? (
        <p className="text-ink-soft text-xs">
          <del className="bg-bad-soft text-bad">Struck through</del> is only in {names[0]},{' '}
          <ins className="bg-good-soft text-good">underlined</ins> only in {names[1]}.
        </p>
      ) : null}
      {different.map(([locale, one, other]) => (
        <div key={locale} className="grid gap-1 text-sm">
          <h4 className="text-ink-soft text-xs">{languageName(locale)}</h4>
          <p dir="auto" className="wrap-anywhere whitespace-pre-wrap">
            {wordDiff(one, other).map(({ side, text }, at) => {
              // biome-ignore lint/suspicious/noArrayIndexKey: pieces never change places
              if (side === 'both') return <span key={at}>{text}</span>;
              return side === 'left' ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: as above
                <del key={at} className="bg-bad-soft text-bad">
                  {text}
                </del>
              ) : (
                // biome-ignore lint/suspicious/noArrayIndexKey: as above
                <ins key={at} className="bg-good-soft text-good">
                  {text}
                </ins>
              );
            })}
          </p>
        </div>
      ))}
      {same.length > 0 ? (
        <p className="text-ink-soft text-sm">
          The same in {same.map(([locale]) => languageName(locale)).join(', ')}.
        </p>
      ) : null}
    </section>
  );
}
