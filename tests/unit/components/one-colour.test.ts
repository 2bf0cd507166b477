import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mostUrgentFirst, ourTone, type Tone } from '@/lib/format/tones';

const FILES = readdirSync('components', { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => `components/${name.replaceAll('\\', '/')}`);

/** Where a tone becomes classes: the only component that may name one. */
const TABLE = 'components/ui/status.tsx';
const WORD = /(?<![\w-])(?:tone|Tone)\b[^\n]{0,60}?['"](?:good|attention|bad|busy|quiet)['"]/;
/** A tone in a pair or a table of words: ['Done', 'good']. */
const PAIR = /['"`],\s*['"](?:good|attention|bad|busy|quiet)['"]\s*\]/;
/** The colour of a mark, a bar or a dot. */
const MARK = /\bbg-(?:good|attention|bad)(?:-mark)?(?![\w-])/;

/** The lines of a source that give a state its colour by hand. */
function byHand(source: string): string[] {
  return source.split('\n').filter((line) => WORD.test(line) || PAIR.test(line) || MARK.test(line));
}

describe('one colour for one state', () => {
  it.each([
    `<Status tone="good">Done</Status>`,
    `<Status tone={isFine ? 'good' : 'bad'}>`,
    `  done: ['Done', 'good'],`,
    `    tone: 'attention',`,
    `  return { words: 'Held', tone: 'bad' };`,
    `className={isFull ? 'bg-bad' : 'bg-accent'}`,
    `status === 'failed' && 'bg-bad-mark',`,
  ])('is seen to be missed by %s', (line) => {
    expect(byHand(line)).toEqual([line]);
  });

  it('is not missed by what only looks like it', () => {
    for (const line of [
      `<Status tone={ourTone('job.held')}>Held</Status>`,
      `useUrlChoice('attention', ['all'], null)`,
      `className="rounded-md bg-bad-soft p-3 text-bad"`,
    ]) {
      expect(byHand(line)).toEqual([]);
    }
  });

  it.each(FILES.filter((file) => file !== TABLE))('%s names no tone by hand', (file) => {
    expect(byHand(readFileSync(file, 'utf8'))).toEqual([]);
  });
});

it('puts the severest first and keeps the order of equals', () => {
  const things: [string, Tone][] = [
    ['waits', ourTone('job.running')],
    ['runs out', ourTone('light.amber')],
    ['fine', ourTone('key.ok')],
    ['refused', ourTone('light.red')],
    ['runs out too', ourTone('places.scarce')],
  ];
  expect(mostUrgentFirst(things, ([, tone]) => tone).map(([name]) => name)).toEqual([
    'refused',
    'runs out',
    'runs out too',
    'waits',
    'fine',
  ]);
});
