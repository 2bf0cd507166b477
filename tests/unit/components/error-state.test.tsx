import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it, vi } from 'vitest';
import { ErrorState } from '@/components/ui/error-state';
import { ApiError } from '@/lib/browser/api';

const shown = (error: unknown) =>
  renderToStaticMarkup(
    <ErrorState title="The channels could not be loaded" error={error} onRetry={() => {}} />,
  );

it('says that a page is for other roles, with a way on and no codes', () => {
  const html = shown(
    new ApiError(403, [
      { code: 'FLIGHTDECK.FORBIDDEN', title: 'Not allowed', detail: 'This needs the role admin or higher.' },
    ]),
  );
  expect(html).toContain('Not for your role');
  expect(html).toContain('This needs the role admin or higher. An admin can give you another role.');
  expect(html).toContain('href="/"');
  expect(html).not.toMatch(/could not be loaded|Try again|FLIGHTDECK/);
});

it('keeps Apple’s own refusal as it is told, and offers another try of what may pass', () => {
  const apple = [{ code: 'FORBIDDEN_ERROR', detail: 'The API key has no rights.', meta: { apple: true } }];
  const refused = shown(new ApiError(403, apple));
  expect(refused).toContain('App Store Connect says:');
  expect(refused).not.toContain('Not for your role');
  expect(shown(new ApiError(503, [{ detail: 'The store is away.' }]))).toContain('Try again');
});

it('leads to sign-in, and back to this very page, when the session is over', () => {
  vi.stubGlobal('location', { pathname: '/groups', search: '?q=caf%C3%A9' });
  const over = shown(new ApiError(401, [{ code: 'FLIGHTDECK.SIGNED_OUT', detail: 'Sign in to go on.' }]));
  vi.unstubAllGlobals();
  expect(over).toContain('href="/sign-in?next=%2Fgroups%3Fq%3Dcaf%25C3%25A9"');
  expect(shown(new ApiError(401, [{ code: 'FLIGHTDECK.TOKEN', detail: 'Not valid.' }]))).not.toContain(
    'sign-in',
  );
});
