import { describe, expect, it } from 'vitest';
import { asSeen, messageOf, sendingId, type Telling } from '@/lib/services/alerting/message';

const telling = (more: Partial<Telling> = {}): Telling => ({
  ...{ title: 'Papaya iOS 1.4 (7) is processed', detail: null, level: 'good', path: '/apps/1/builds/2' },
  ...{ app: 'Papaya', kind: 'buildProcessed', at: Date.parse('2026-03-10T12:00:00Z') },
  ...more,
});
const SETTINGS = { id: 'm1', base: 'https://fd.example.com', timeZone: 'Europe/Berlin', mayRepeat: false };

describe('a message', () => {
  it('says what happened, when by the reader’s clock, and where the next step is', () => {
    const { title, text, markdown } = messageOf(SETTINGS, [telling({ detail: 'Go on.' })]);
    expect(title).toBe('Papaya iOS 1.4 (7) is processed');
    expect(text).toContain(
      'Go on.\n10 Mar 2026, 13:00 (Europe/Berlin)\nhttps://fd.example.com/apps/1/builds/2',
    );
    expect(text).toContain('Change it: https://fd.example.com/settings/alerts');
    expect(text).not.toContain('before');
    expect(markdown).toContain('](https://fd.example.com/apps/1/builds/2)');
  });

  it('puts what is worst first, and of very many tells the number', () => {
    const many = Array.from({ length: 60 }, (_, nth) => telling({ title: `Build ${nth}`, at: nth }));
    const { title, text, facts } = messageOf(SETTINGS, [...many, telling({ title: 'Broken', level: 'bad' })]);
    expect(title).toBe('61 alerts: Broken; Build 0 and 59 more');
    expect(text.indexOf('Broken')).toBeLessThan(text.indexOf('Build 0'));
    expect(text).toContain('And 11 more:');
    expect(facts?.alerts).toHaveLength(61);
  });

  it('says that it may be a repeat', () => {
    const { text, markdown, facts } = messageOf({ ...SETTINGS, mayRepeat: true }, [telling()]);
    for (const one of [text, markdown]) expect(one).toContain('You may have had this message before');
    expect(facts).toMatchObject({ mayRepeat: true });
  });

  it('makes no markup of what strangers wrote', () => {
    const { markdown } = messageOf(SETTINGS, [
      telling({ title: '[x](https://evil.example) *all* <!channel> @here', detail: 'a\n# b' }),
    ]);
    expect(markdown).not.toContain('](https://evil.example)');
    expect(markdown).toContain('\\<\\!channel\\>');
    expect(markdown).not.toMatch(/^# b/m);
  });

  it('shows addresses to those alone who may see them, and to no channel of a team', () => {
    const words = telling({ title: 'Write to quokka@example.org' });
    expect(asSeen(words, 'triager').title).toBe('Write to quokka@example.org');
    for (const role of ['viewer', null] as const)
      expect(asSeen(words, role).title).toBe('Write to q•••@example.org');
  });

  it('is known by whom it is for, where and what of', () => {
    const ids = [
      sendingId('a', 'b', 'c'),
      sendingId('a', 'b', 'd'),
      sendingId('a', 'c', 'b'),
      sendingId('ab', '', 'c'),
    ];
    expect(new Set(ids).size).toBe(4);
    expect(sendingId('a', 'b', 'c')).toBe(ids[0]);
  });
});
