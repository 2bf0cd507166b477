import { randomUUID } from 'node:crypto';
import { appContext } from '@/lib/context';
import { whyStoreIsAway } from '@/lib/services/readiness';
import { isPage } from './pages';
import { actorOfRequest } from './session';

/** Whether the page that a request asks for is about something that is there; unknown without a session. */
async function isPageThere(request: Request): Promise<boolean> {
  const { pathname } = new URL(request.url);
  if (!isPage(pathname)) return false;
  const app = await appContext();
  const actor = await actorOfRequest(app, request);
  if (!actor || actor.mustChangePassword) return true;
  // It knows the whole catalogue, which a start does not wait for.
  const { isThere } = await import('@/lib/services/place');
  return isThere(app.ctx(actor, randomUUID()), pathname);
}

/** Why no page can be made now, in a sentence; null when one can. */
const whyAway = async () => whyStoreIsAway((await appContext()).db);

/** The proxy is bundled apart from everything that knows the store: it finds this here. */
const shared = globalThis as typeof globalThis & {
  flightdeckIsPageThere?: typeof isPageThere;
  flightdeckWhyAway?: typeof whyAway;
};

/**
 * Lets the proxy answer 404 to requests for a part of a page, whose own answer has begun before its page is asked, and
 * 503 for pages while the store is away.
 */
export function offerPlaces(): void {
  shared.flightdeckIsPageThere = isPageThere;
  shared.flightdeckWhyAway = whyAway;
}
