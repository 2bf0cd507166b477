import { randomUUID } from 'node:crypto';
import { cookies, headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { cache } from 'react';
import { isFirstRun } from '@/lib/access/first-run';
import { ownPath } from '@/lib/access/own-path';
import type { UserActor } from '@/lib/access/policy';
import { readSessionToken, sessionCookieName } from '@/lib/access/session-token';
import { actorOfSession } from '@/lib/access/sessions';
import { appContext } from '@/lib/context';
import type { Ctx } from '@/lib/services/ctx';
import { ADDRESS } from './met';

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

/**
 * The person who asks for this page; without one the page is never made, and the browser goes to sign in and then comes
 * back.
 */
export async function currentActor(): Promise<UserActor> {
  const actor = await findActor();
  if (actor?.mustChangePassword) redirect('/new-password');
  if (actor) return actor;
  const { db } = await appContext();
  if (await isFirstRun(db)) redirect('/setup');
  const asked = askedPage((await headers()).get(ADDRESS));
  redirect(asked === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(asked)}`);
}

/** The page that an address names, without what the browser's own code adds when it asks for a part of it. */
function askedPage(address: string | null): string {
  const [path = '/', query = ''] = (address ?? '/').split(/\?(.*)/s);
  const told = query.split('&').filter((part) => part !== '' && !/^_rsc(=|$)/.test(part));
  return ownPath(told.length > 0 ? `${path}?${told.join('&')}` : path);
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
