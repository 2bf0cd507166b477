import { describe, expect, it } from 'vitest';
import { asMarkdown, blockquote, fenced, quoted } from '@/lib/services/hand-over/markdown';
import { oneLine, type Told } from '@/lib/services/hand-over/told';

const told = (more: Partial<Told> = {}): Told => ({
  ...{ kind: 'report', id: '1', accountId: 'a', appId: 'app', issueId: 'i', appName: 'Papaya' },
  ...{ title: 'It stops', comment: null, locale: null, facts: [['Build', '1.4 (7)']], tester: null },
  ...{
    crash: null,
    crashTrouble: null,
    number: null,
    pictures: [],
    drawings: [],
    url: 'https://deck.example/feedback/1',
  },
  ...more,
});

describe('words of strangers in Markdown', () => {
  it.each([
    ['**bold** _it_ `code`', '\\*\\*bold\\*\\* \\_it\\_ \\`code\\`'],
    ['![x](https://evil.example/p.png)', '\\!\\[x\\]\\(https:\u200b//evil.example/p.png\\)'],
    ['<img src=x onerror=1>', '\\<img src=x onerror=1\\>'],
    ['ask @octocat', 'ask @\u200boctocat'],
    ['fixes #12', 'fixes \\#\u200b12'],
    ['closes GH-12 and ABC-7', 'closes GH-\u200b12 and ABC-\u200b7'],
    ['- a list', '\\- a list'],
    ['1. one', '1\\. one'],
    ['===', '\\==='],
    ['# loud', '\\# loud'],
    ['www.evil.example', 'www.\u200bevil.example'],
    ['left \u202eright\u0000', 'left right'],
  ])('%j does nothing', (text, expected) => {
    expect(quoted(text)).toBe(expected);
  });

  it('stay inside their quotation, line by line', () => {
    expect(blockquote('one\r\n\r\n> two\n```\nthree')).toBe('> one\n>\n> \\> two\n> \\`\\`\\`\n> three');
  });

  it('cannot close the fence they stand in', () => {
    expect(fenced(['a', '```', '`````'])).toBe('``````\na\n```\n`````\n``````');
  });

  it('are one line in a title, cut by whole characters', () => {
    expect(oneLine(' a\n\tb ')).toBe('a b');
    expect(oneLine('👩‍🚀'.repeat(200)).endsWith('…')).toBe(true);
    expect([...oneLine('x'.repeat(500))]).toHaveLength(160);
    expect(oneLine('\ud83d\ude00'.repeat(300))).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
  });
});

describe('a report as Markdown', () => {
  const crash = {
    why: [['Exception', 'EXC_BAD_ACCESS (SIGSEGV)']] as const,
    thread: 'Thread 3',
    frames: ['0 libsystem abort', '1 Papaya Cart.add()', '2 UIKit run'],
    own: ['1 Papaya Cart.add()'],
  };

  it('tells title, comment, facts, the calls of the app and where it is from', () => {
    const text = asMarkdown(told({ comment: 'Help\n@all', crash }), 'top');
    expect(text).toBe(
      [
        '## It stops',
        '> Help\n> @\u200ball',
        '- **Build:** 1.4 \\(7\\)',
        '- **Exception:** EXC\\_BAD\\_ACCESS \\(SIGSEGV\\)',
        '**Thread 3, calls of the app**',
        '```\n1 Papaya Cart.add()\n```',
        '[Open in Flightdeck](<https://deck.example/feedback/1>)\n',
      ].join('\n\n'),
    );
  });

  it('tells the whole thread for whoever asks, and says where there is no log', () => {
    expect(asMarkdown(told({ crash }), 'thread')).toContain(
      '```\n0 libsystem abort\n1 Papaya Cart.add()\n2 UIKit run\n```',
    );
    const without = told({ crashTrouble: 'The crash log is not here yet.' });
    expect(asMarkdown(without, 'top')).toContain('\n\nThe crash log is not here yet.\n\n');
  });
});
