import { describe, expect, it } from 'vitest';
import {
  filterNamed,
  meant,
  notUnderstood,
  shortcutOf,
  tokensIn,
  withoutTokens,
  withValues,
} from '@/components/ui/data-table/tokens';

const one = (text: string) => tokensIn(text).map(({ isNot, name, value }) => [isNot, name, value]);

describe('filters in a search', () => {
  it.each([
    ['status:new', [[false, 'status', 'new']]],
    ['-os:26', [[true, 'os', '26']]],
    [
      'device:"iPhone 16" blank',
      [
        [false, 'device', 'iPhone 16'],
        [false, 'blank', null],
      ],
    ],
    ['device:"iPhone 1', [[false, 'device', 'iPhone 1']]],
    ['app:', [[false, 'app', '']]],
    ['low-disk', [[false, 'low-disk', null]]],
    ['build:>=412', [[false, 'build', '>=412']]],
    ['Gerät:x', [[false, 'gerät', 'x']]],
    ['a:b:c', [[false, 'a', 'b:c']]],
    ['12:30', []],
    ['x"status:new', []],
    ['', []],
  ])('%s', (text, expected) => expect(one(text)).toEqual(expected));

  it('knows an open quote', () => {
    expect(tokensIn('app:"My').map(({ isOpen }) => isOpen)).toEqual([true]);
    expect(tokensIn('app:"My App"').map(({ isOpen }) => isOpen)).toEqual([false]);
  });

  it('finds a filter by what it is called, by its name and by other words', () => {
    const filters = [
      { param: 'assignee', label: 'Assignee', words: ['assigned'] },
      { param: 'disk', label: 'Free disk' },
    ];
    expect(filterNamed('assigned', filters)?.param).toBe('assignee');
    expect(filterNamed('assignee', filters)?.param).toBe('assignee');
    expect(filterNamed('free-disk', filters)?.param).toBe('disk');
    expect(filterNamed('http', filters)).toBeUndefined();
  });

  it('says why what was written as a filter finds nothing', () => {
    const filters = [{ param: 'label', label: 'Label' }];
    expect(notUnderstood('slow label:ui', filters)).toContain('Nothing here has “ui” as its label');
    expect(notUnderstood('is:nonsense', filters)).toContain('“is:nonsense” is no filter of this list');
    expect(notUnderstood('label: slow', filters)).toBeNull();
    expect(notUnderstood('slow', filters)).toBeNull();
  });

  it('reads a whole token as what it stands for', () => {
    const shortcuts = {
      'is:open': { param: 'view', value: 'open' },
      'low-disk': { param: 'disk', value: 'low' },
    };
    const read = (text: string) => tokensIn(text).map((token) => shortcutOf(token, shortcuts)?.value);
    expect(read('is:OPEN low-disk is:other constructor')).toEqual(['open', 'low', undefined, undefined]);
  });

  it.each([
    ['iPhone 16', ['b']],
    ['26', ['26.0', '26.1']],
    ['2', []],
    ['412', ['x', 'y']],
    ['1.4', ['x', 'y', 'z']],
    ['1.4 (412)', ['x', 'y']],
    ['X', ['x']],
    ['', []],
  ])('means by “%s” %j', (typed, values) => {
    const options = [
      { value: 'a', label: 'iPhone 16 Pro' },
      { value: 'b', label: 'iPhone 16' },
      { value: '26.0', label: '26.0' },
      { value: '26.1', label: '26.1' },
      { value: 'x', label: '1.4 (412)' },
      { value: 'y', label: '1.4 (412)' },
      { value: 'z', label: '1.4 (413)' },
    ];
    expect(meant(options, typed).map(({ value }) => value)).toEqual(values);
  });

  it('adds what is wanted and takes it from what is not', () => {
    const filters = { status: ['new'], 'not.status': ['resolved', 'triaged'] };
    expect(withValues(filters, { param: 'status', values: ['new', 'triaged'], isNot: false })).toEqual({
      status: ['new', 'triaged'],
      'not.status': ['resolved'],
    });
    expect(withValues({ view: ['review'] }, { param: 'view', values: ['open'], isNot: false }, true)).toEqual(
      {
        view: ['open'],
      },
    );
  });

  it('leaves the other words', () => {
    const text = 'cart status:new  is blank app:"My App" ';
    const [, status, , , app] = tokensIn(text);
    expect(
      withoutTokens(
        text,
        [status, app].flatMap((token) => token ?? []),
      ),
    ).toBe('cart is blank ');
  });
});
