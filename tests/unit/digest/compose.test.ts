import { describe, expect, it } from 'vitest';
import { composeDigest } from '@/lib/services/digest/compose';
import { digestHtml, digestText } from '@/lib/services/digest/render';
import { type Facts, kept, snapshot } from '@/lib/services/digest/snapshot';

const BASE = 'https://flightdeck.example.com';
const light = (key: string, level: 'red' | 'amber', app: string | null = 'Papaya') => ({
  ...{ key, place: 'a 1', level, app, words: `Something about ${key}` },
  step: { label: 'Mend it', href: `/apps/1/${key}` },
});
const app = (over: Partial<Facts['apps'][number]> = {}) => ({
  ...{ key: 'a 1', name: 'Papaya', href: '/apps/1', build: 'iOS 2.0 (3)', expires: '2026-12-24T10:00:00Z' },
  ...{ testers: 1_240, unread: 3, crashFree: '99.2% of 1,204 sessions' },
  ...over,
});
const facts = (
  lights: Facts['lights'],
  apps: Facts['apps'] = [app()],
  at = '2026-11-30T09:00:00Z',
): Facts => ({
  ...{ at, lights, apps, snoozed: 0, hidden: [], places: null },
});
const titles = (one: ReturnType<typeof composeDigest>) =>
  one.sections.map(
    ({ title, lines }) => `${title}: ${lines.map(({ text }) => text.split(' ').at(-1)).join(' ')}`,
  );

describe('a digest', () => {
  it('tells what there is the first time, and from then on what changed', () => {
    const first = facts([light('a', 'amber'), light('b', 'red'), light('c', 'amber')]);
    const opening = composeDigest(first, { base: BASE, before: null });
    expect(titles(opening)).toEqual(['Needs attention: a b c']);
    expect(opening.subject).toBe('Flightdeck: 1 red, 2 amber');

    const next = facts(
      [light('a', 'red'), light('b', 'red'), light('d', 'amber')],
      [app({ testers: 1_250, unread: 1, build: 'iOS 2.1 (4)' })],
    );
    const second = composeDigest(next, {
      base: BASE,
      before: snapshot.parse(JSON.parse(JSON.stringify(kept(first, null)))),
    });
    expect(titles(second)).toEqual(['New: d', 'Worse than before: a', 'As before: b', 'Over: c']);
    expect(second.subject).toBe('Flightdeck: 2 red, 1 amber; 2 new or worse');
    expect(second.apps[0]?.cells).toEqual([
      'Papaya',
      'iOS 2.1 (4) (was iOS 2.0 (3))',
      '24 Dec 2026',
      '1,250 (+10)',
      '1 (−2)',
      '99.2% of 1,204 sessions',
    ]);
    expect(composeDigest(next, { base: BASE, before: kept(next, null) }).subject).toMatch(
      /; none of it new$/,
    );
  });

  it('tells nothing as over that is only hidden, and nothing as new that was told before it was', () => {
    const one = facts([light('a', 'amber'), light('b', 'amber'), light('c', 'red')]);
    const told = kept(one, null);
    // Two are snoozed, or said by another light.
    const two = { ...facts([light('c', 'red')]), hidden: ['a', 'b', 'never told'] };
    expect(titles(composeDigest(two, { base: BASE, before: told }))).toEqual(['As before: c']);
    const later = kept(two, told);
    const three = facts([light('a', 'amber'), light('c', 'red'), light('d', 'red')]);
    expect(titles(composeDigest(three, { base: BASE, before: later }))).toEqual([
      ...['New: d', 'As before: a c', 'Over: b'],
    ]);
    const worse = facts([light('a', 'red'), light('never told', 'red')]);
    expect(titles(composeDigest(worse, { base: BASE, before: later })).slice(0, 2)).toEqual([
      ...['New: told', 'Worse than before: a'],
    ]);
  });

  it('tells nothing as over of an app that is not wanted any more', () => {
    const all = facts([light('a', 'amber'), { ...light('b', 'red'), place: 'a 2' }]);
    const mine = { ...facts([]), places: ['a 1', 'a null'] };
    const told = kept(all, null);
    expect(titles(composeDigest(mine, { base: BASE, before: told }))).toEqual(['Over: a']);
    expect(kept({ ...mine, hidden: ['a', 'b'] }, told).lights.map(({ key }) => key)).toEqual(['a']);
  });

  it('says that all is well, and that it may be a repeat', () => {
    const calm = composeDigest(facts([]), { base: BASE, before: null, mayRepeat: true });
    expect(calm.subject).toBe('Flightdeck: nothing needs attention');
    expect(calm.intro).toEqual([
      'This may have reached you already: nobody knows whether it was sent.',
      expect.stringContaining('As of 30 Nov 2026.'),
      'Nothing needs attention.',
    ]);
  });

  it('tells many of a section as far as they can be read', () => {
    const many = facts(Array.from({ length: 2_000 }, (_, nth) => light(`l${nth}`, 'red')));
    const digest = composeDigest(many, { base: BASE, before: null });
    expect(digest.sections[0]).toMatchObject({ lines: { length: 25 }, more: 1_975 });
    expect(digestText(digest)).toContain('… and 1975 more on the health page.');
  });

  it('is the same as text and as HTML, where names of others are only names', () => {
    const evil = '<img src=x onerror="alert(1)">&';
    const digest = composeDigest(facts([light('a', 'red', evil)], [app({ name: evil })]), {
      base: BASE,
      before: null,
    });
    const [text, html] = [digestText(digest), digestHtml(digest)];
    expect(text).toContain(`- [RED] ${evil}: Something about a\n  Mend it: ${BASE}/apps/1/a`);
    expect(html).toContain(`href="${BASE}/apps/1/a"`);
    expect(html).not.toContain('<img');
    expect(html).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;');
    for (const needs of ['<script', '<style', '<img', 'src=', 'background'])
      expect(html).not.toContain(needs.replace('src=', ' src="'));
    for (const said of [
      'Needs attention',
      'Newest build',
      'iOS 2.0 (3)',
      '1,240',
      'Change or end this digest',
    ]) {
      expect(html).toContain(said);
      if (said !== 'Needs attention') expect(text).toContain(said);
    }
    expect(text).toContain('NEEDS ATTENTION');
  });
});
