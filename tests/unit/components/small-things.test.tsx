import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { primaryFirst } from '@/components/builds/what-to-test';
import { FunnelFigure } from '@/components/links/funnel-figure';
import { TrendFigure } from '@/components/links/trend-figure';
import { KeyProblem } from '@/components/settings/key-form';
import { placesFor } from '@/components/shell/nav';
import { ErrorState } from '@/components/ui/error-state';
import { saidOnce } from '@/components/ui/said-once';
import { permissionsOf } from '@/lib/access/policy';
import { ApiError } from '@/lib/browser/api';

describe('an error', () => {
  it('is not said twice', () => {
    expect(saidOnce('Not saved', 'Not saved.')).toEqual({ title: 'Not saved' });
    expect(saidOnce('Could not read testers', 'Could not read testers: no answer')).toEqual({
      title: 'Could not read testers: no answer',
    });
    expect(saidOnce('Not saved', 'The name is taken.')).toEqual({
      title: 'Not saved',
      detail: 'The name is taken.',
    });
    expect(saidOnce('Not saved', 'No')).toEqual({ title: 'Not saved', detail: 'No' });
  });

  it('repeats no heading below it, and keeps what the heading does not say', () => {
    const error = new ApiError(409, [{ detail: 'It is gone.' }, { detail: 'The name is taken.' }]);
    const html = renderToStaticMarkup(<ErrorState title="It is gone" error={error} />);
    expect(html.match(/It is gone/g)).toHaveLength(1);
    expect(html).toContain('The name is taken.');
    expect(renderToStaticMarkup(<ErrorState title="Away" error={new Error('Away')} />)).not.toContain('<p');
  });
});

describe('another try', () => {
  const shown = (error: unknown) =>
    renderToStaticMarkup(<ErrorState title="Not loaded" error={error} onRetry={() => undefined} />);
  it('is offered where it may end otherwise', () => {
    expect(shown(new ApiError(503, [{ detail: 'Busy.' }]))).toContain('Try again');
    expect(shown(new ApiError(403, [{ detail: 'No.', meta: { apple: true } }]))).toContain('Try again');
    expect(shown(new ApiError(403, [{ detail: 'This needs another role.' }]))).not.toContain('Try again');
  });
});

describe('what is wrong with a key', () => {
  const nothing = () => undefined;
  const told = (source?: { pointer: string }) =>
    renderToStaticMarkup(
      <KeyProblem
        error={new ApiError(422, [{ detail: 'Too short.', ...(source ? { source } : {}) }])}
        onInstead={nothing}
        onAnyway={nothing}
      />,
    );
  it('stands at its field or in the box, not in both', () => {
    expect(told({ pointer: '/keyId' })).not.toContain('Too short.');
    expect(told({ pointer: '/keyId' })).toContain('Nothing of the key was kept.');
    expect(told()).toContain('Too short.');
  });
});

describe('places', () => {
  it('are offered only to whom they do not refuse', () => {
    const paths = (role: 'viewer' | 'triager') => placesFor(permissionsOf(role)).map(({ path }) => path);
    expect(paths('viewer')).toEqual(['/', '/groups', '/testers', '/settings']);
    expect(paths('triager')).toEqual(['/', '/groups', '/testers', '/activity', '/jobs', '/settings']);
  });
});

describe('a figure of nothing', () => {
  const names = { mine: 'Mine', other: 'Other' };
  const day = (at: string, viewCount: number) => ({
    day: at,
    viewCount,
    acceptedCount: 0,
    didNotAcceptCount: 0,
    didNotMeetCriteriaCount: 0,
    notRelevantRatio: null,
    notClearRatio: null,
    notInterestingRatio: null,
  });
  it('is words, not an empty plot', () => {
    const funnel = renderToStaticMarkup(<FunnelFigure names={names} mine={day('', 0)} other={undefined} />);
    expect(funnel).toContain('counted nobody');
    expect(funnel).not.toContain('<table');
    const days = [day('2026-03-01', 0), day('2026-03-02', 0)];
    const trend = renderToStaticMarkup(<TrendFigure names={names} mine={days} other={undefined} />);
    expect(trend).toContain('begin on 1 Mar');
    expect(trend).not.toContain('<table');
  });
  it('is drawn as soon as there is something', () => {
    const funnel = renderToStaticMarkup(<FunnelFigure names={names} mine={day('', 3)} other={undefined} />);
    expect(funnel).toContain('<table');
  });
});

it('puts the primary locale first, then the languages by name', () => {
  const texts = ['ja', 'de-DE', 'en-US', undefined].map((locale) => ({
    type: 'betaBuildLocalizations',
    id: String(locale),
    attributes: { locale },
  }));
  const order = (primary: string | null) => primaryFirst(texts, primary).map(({ id }) => id);
  expect(order('ja')).toEqual(['ja', 'en-US', 'de-DE', 'undefined']);
  expect(order('en-US')).toEqual(['en-US', 'de-DE', 'ja', 'undefined']);
  expect(order(null)).toEqual(['en-US', 'de-DE', 'ja', 'undefined']);
});
