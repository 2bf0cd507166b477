import { describe, expect, it } from 'vitest';
import { filledReply, mailtoOf, REPLY_PLACEHOLDERS, replyProblem } from '@/lib/format/reply';

const VALUES = Object.fromEntries(
  Object.keys(REPLY_PLACEHOLDERS).map((name) => [name, name.toUpperCase()]),
) as Parameters<typeof filledReply>[1];

describe('a saved reply', () => {
  it('says what is known, once, whatever the values hold', () => {
    expect(filledReply('Hi {tester first name}, { App } on {DEVICE}', VALUES)).toBe(
      'Hi TESTER FIRST NAME, APP on DEVICE',
    );
    expect(filledReply('{comment}', { ...VALUES, comment: 'I typed {app} and $&' })).toBe(
      'I typed {app} and $&',
    );
    expect(filledReply('{nothing} {constructor}', VALUES)).toBe('{nothing} {constructor}');
  });

  it.each([
    ['Hi {tester}', null],
    ['Hi {testers}', /\{testers\} stands for nothing.*\{tester first name\}/],
    ['{}', /stands for nothing/],
    ['{constructor}', /stands for nothing/],
    ['{ not\nclosed }', null],
  ])('%j is right: %s', (text, problem) => {
    const found = replyProblem(text);
    if (problem === null) expect(found).toBeNull();
    else expect(found).toMatch(problem);
  });
});

describe('a link to a mail program', () => {
  it('holds nothing that leaves its place', () => {
    const link = mailtoOf('a+b&cc=x@example.com', 'Hi\r\nBcc: all@example.com', 'One & two?\n100 % ü\n');
    expect(link).toBe(
      'mailto:a%2Bb%26cc%3Dx@example.com?subject=Hi%20Bcc%3A%20all%40example.com&body=One%20%26%20two%3F%0D%0A100%20%25%20%C3%BC%0D%0A',
    );
    const { searchParams } = new URL(link);
    expect([...searchParams.keys()]).toEqual(['subject', 'body']);
  });

  it('is made of any text', () => {
    expect(mailtoOf('a@example.com', '', '')).toBe('mailto:a@example.com');
    expect(mailtoOf('a@example.com', '', 'half \ud83d')).toBe('mailto:a@example.com?body=half%20%EF%BF%BD');
  });
});
