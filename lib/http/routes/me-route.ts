import { changePassword, describeMe, passwordBody } from '@/lib/services/me';
import { endpoint } from '../core/endpoint';
import { sessionCookie } from '../core/session-cookie';

/** Who is signed in. */
export const readMe = endpoint({
  name: 'me',
  allowsTemporaryPassword: true,
  run: ({ ctx }) => ({ body: { data: describeMe(ctx) } }),
});

/** Changes one's own password; other browsers are signed out, this one goes on. */
export const changeMyPassword = endpoint({
  name: 'me',
  allowsTemporaryPassword: true,
  body: passwordBody,
  async run({ ctx, request, body }) {
    const claims = await changePassword(ctx, body, request.headers.get('user-agent'));
    return {
      body: { data: describeMe(ctx) },
      headers: { 'Set-Cookie': await sessionCookie(ctx.env, claims) },
    };
  },
});
