import { describe, expect, it } from 'vitest';
import {
  changesOf,
  conflictIn,
  type Edits,
  readEdits,
  rebased,
  rowsWith,
  type TextRow,
  textOf,
  withAdded,
  withoutRow,
  withRemoved,
  withText,
} from '@/components/texts/edits';
import { isSendable } from '@/components/texts/marked-area';
import { mergedText } from '@/components/texts/merge';
import { bytesOf, charactersOf, refusedIn } from '@/lib/asc/catalogue/whats-new';
import { languageName, primaryFirst } from '@/lib/format/languages';

const ENGLISH: TextRow = { id: '1', locale: 'en-US', texts: { whatsNew: 'Try the map.' } };
const type = (edits: Edits, row: TextRow, text: string) => withText(edits, row, 'whatsNew', text);

describe('texts that are typed', () => {
  it('are sent with what stood there before, and an emptied one by null', () => {
    const edits = type({}, ENGLISH, 'Try the search.');
    expect(textOf(ENGLISH, edits, 'whatsNew')).toBe('Try the search.');
    expect(changesOf([ENGLISH], edits, false)).toEqual([
      {
        kind: 'update',
        locale: 'en-US',
        id: '1',
        attributes: { whatsNew: 'Try the search.' },
        expect: { whatsNew: 'Try the map.' },
      },
    ]);
    expect(changesOf([ENGLISH], type({}, ENGLISH, '  '), false)).toMatchObject([
      { attributes: { whatsNew: null } },
    ]);
    expect(type(edits, ENGLISH, 'Try the map.')).toEqual({});
  });

  it('make a language where there is none, but none of spaces alone', () => {
    const added = withAdded({}, 'de-DE');
    const [, german] = rowsWith([ENGLISH], added);
    if (!german) throw new Error('German was added');
    expect(changesOf([ENGLISH], added, false)).toEqual([]);
    expect(changesOf([ENGLISH], added, true)).toEqual([{ kind: 'create', locale: 'de-DE', attributes: {} }]);
    expect(changesOf([ENGLISH], type(added, german, ' \n'), false)).toEqual([]);
    expect(changesOf([ENGLISH], type(added, german, 'Die Karte.'), false)).toEqual([
      { kind: 'create', locale: 'de-DE', attributes: { whatsNew: 'Die Karte.' } },
    ]);
    expect(withRemoved(type(added, german, 'Die Karte.'), german)).toEqual({});
  });

  it('go away with their language, which is kept when that is taken back', () => {
    const removed = withRemoved(type({}, ENGLISH, 'x'), ENGLISH);
    const seen = { kind: 'delete', locale: 'en-US', id: '1', expect: { whatsNew: 'Try the map.' } };
    expect(changesOf([ENGLISH], removed, false)).toEqual([seen]);
    // What somebody else writes meanwhile, or while a draft lies, is not what was to go.
    const theirs = { ...ENGLISH, texts: { whatsNew: 'Try the list.' } };
    const draft = readEdits(JSON.parse(JSON.stringify(removed))) ?? {};
    expect(changesOf([theirs], draft, false)).toEqual([seen]);
    expect(changesOf([ENGLISH], withoutRow(removed, 'en-US'), false)).toEqual([]);
  });

  it('conflict with another text of somebody else, until one of the two is chosen', () => {
    const mine = type({}, ENGLISH, 'Try the search.');
    const theirs = { ...ENGLISH, texts: { whatsNew: 'Try the list.' } };
    expect(conflictIn(ENGLISH, mine, 'whatsNew')).toBeNull();
    expect(conflictIn(theirs, mine, 'whatsNew')).toEqual({
      base: 'Try the map.',
      mine: 'Try the search.',
      theirs: 'Try the list.',
    });
    const kept = rebased(mine, theirs, 'whatsNew', 'Try the search.');
    expect(conflictIn(theirs, kept, 'whatsNew')).toBeNull();
    expect(changesOf([theirs], kept, false)).toMatchObject([{ expect: { whatsNew: 'Try the list.' } }]);
    expect(rebased(mine, theirs, 'whatsNew', 'Try the list.')).toEqual({});
    expect(changesOf([{ ...ENGLISH, texts: { whatsNew: 'Try the search.' } }], mine, false)).toEqual([]);
  });

  it('that somebody else deleted conflict too, and are made again when they are kept', () => {
    const mine = type({}, ENGLISH, 'Try the search.');
    const [gone] = rowsWith([], mine);
    if (!gone) throw new Error('what was typed is shown');
    expect(conflictIn(gone, mine, 'whatsNew')).toMatchObject({ theirs: '' });
    expect(changesOf([], rebased(mine, gone, 'whatsNew', 'Try the search.'), false)).toMatchObject([
      { kind: 'create' },
    ]);
  });

  it('come back from a draft, and nothing else does', () => {
    const edits = type(withAdded({}, 'ja'), ENGLISH, 'x');
    expect(readEdits(JSON.parse(JSON.stringify(edits)))).toEqual(edits);
    for (const other of [null, [], { ja: {} }, { ja: { fields: { whatsNew: 'x' } } }])
      expect(readEdits(other)).toBeNull();
  });
});

describe('two versions', () => {
  it('are merged where they are about different lines', () => {
    const base = 'Map\nSearch\nList';
    expect(mergedText({ base, mine: 'Map!\nSearch\nList', theirs: 'Map\nSearch\nList, faster' })).toEqual({
      text: 'Map!\nSearch\nList, faster',
      isClean: true,
    });
  });
  it('both stand in the field where they are about the same', () => {
    const both = mergedText({ base: 'Map', mine: 'Map one', theirs: 'Map two' });
    expect(both).toEqual({ text: 'Map two\nMap one', isClean: false });
  });
});

describe('a text', () => {
  it('is counted in characters and in bytes', () => {
    expect([charactersOf('né🙂'), bytesOf('né🙂')]).toEqual([3, 7]);
    expect(isSendable('é'.repeat(4000), true)).toBe(true);
    expect(isSendable('é'.repeat(4001), true)).toBe(false);
  });

  it.each([
    ['a < b', [[2, '<', true]]],
    ['Try 🗺️ now', [[4, '🗺️', true]]],
    [
      '👨‍👩‍👧 and 👍🏽',
      [
        [0, '👨‍👩‍👧', true],
        [13, '👍🏽', true],
      ],
    ],
    ['1️⃣ first', [[0, '1️⃣', true]]],
    ['🇩🇪', [[0, '🇩🇪', true]]],
    ['✔ done', [[0, '✔', false]]],
    ['© Ω → “quotes” & ™ 12 # *', []],
    ['مرحبا بالعالم', []],
  ])('%s is marked where App Store Connect refuses it', (text, expected) => {
    expect(refusedIn(text).map(({ index, text: found, isSure }) => [index, found, isSure])).toEqual(expected);
  });
});

describe('languages', () => {
  it('stand by name, the primary one first', () => {
    const order = (primary: string | null) =>
      primaryFirst(
        ['ja', 'de-DE', 'en-US', 'x'].map((locale) => ({ locale })),
        primary,
      ).map(({ locale }) => locale);
    expect(order('ja')).toEqual(['ja', 'en-US', 'de-DE', 'x']);
    expect(order(null)).toEqual(['en-US', 'de-DE', 'ja', 'x']);
    expect([languageName('pt-BR'), languageName('no-such-locale-at-all')]).toEqual([
      'Brazilian Portuguese',
      'no-such-locale-at-all',
    ]);
  });
});
