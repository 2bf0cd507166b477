import { randomUUID } from 'node:crypto';
import { cookies, headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { cache } from 'react';
import { isFirstRun } from '@/lib/access/first-run';
import type { UserActor } from '@/lib/access/policy';
import { readSessionToken, sessionCookieName } from '@/lib/access/session-token';
import { actorOfSession } from '@/lib/access/sessions';
import { appContext } from '@/lib/context';
import type { Ctx } from '@/lib/services/ctx';

/**
 * The person who asks for this page, or null; proven against the database once per request: frame, title and page
 * each ask.
 */
export const findActor = cache(async (): Promise<UserActor | null> => {
  const { env, db, clock } = await appContext();
  const token = (await cookies()).get(sessionCookieName(env))?.value;
  const claims = await readSessionToken(env, token);
  return claims && (await actorOfSession(db, claims, clock.now()));
});

/** The person who asks for this page; without one the page is never made, and the browser goes to sign in. */
export async function currentActor(): Promise<UserActor> {
  const actor = await findActor();
  if (actor?.mustChangePassword) redirect('/new-password');
  if (actor) return actor;
  const { db } = await appContext();
  redirect((await isFirstRun(db)) ? '/setup' : '/sign-in');
}

/** What a page works with, one per request; redirects like {@link currentActor}. */
export const pageContext = cache(async (): Promise<Ctx & { actor: UserActor }> => {
  const actor = await currentActor();
  const requestId = (await headers()).get('x-request-id') ?? randomUUID();
  return { ...(await appContext()).ctx(actor, requestId), actor };
});

/** Whether there is anybody who could sign in; until then the browser belongs on the set-up page. */
export async function isSetUp(): Promise<boolean> {
  return !(await isFirstRun((await appContext()).db));
}
