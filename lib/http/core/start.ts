import path from 'node:path';
import { type AppContext, appContext, reasonNotToStart } from '@/lib/context';
import { prepareInstallation } from '@/lib/services/start';
import { builtRoutes } from './built-routes';
import { openDoor } from './door';
import { offerPlaces } from './places';
import { straightTo } from './straight';

/** How often writes of unknown outcome are looked up, ms. */
const RECOVER_EVERY_MS = 60_000;
/** How soon for the first time, ms: the first page goes before. */
const RECOVER_FIRST_MS = 1_000;

/** Prepares the web process before it serves; with a configuration that cannot work, says so and exits 1. */
export async function startWeb(): Promise<void> {
  try {
    const app = await appContext();
    await prepareInstallation(app);
    offerPlaces();
    const isSecure = app.env.NEXTAUTH_URL.startsWith('https:');
    // While it develops, Next makes routes anew whenever their files change.
    const isBuilt = process.env.NODE_ENV === 'production';
    const find = builtRoutes(path.resolve(/* turbopackIgnore: true */ '.next/server'));
    openDoor(isBuilt ? straightTo(find, { isSecure }) : () => false);
    setInterval(() => void lookUpOutcomes(app), RECOVER_EVERY_MS).unref();
    setTimeout(() => void lookUpOutcomes(app), RECOVER_FIRST_MS).unref();
  } catch (error) {
    const unforeseen = error instanceof Error ? `${error.name}: ${error.message}` : '';
    console.error(reasonNotToStart(error) ?? `Flightdeck cannot start. ${unforeseen}`);
    process.exit(1);
  }
}

/** What could not be looked up now is tried again later. */
async function lookUpOutcomes(app: AppContext): Promise<void> {
  try {
    const { recoverOutcomes } = await import('@/lib/services/resources/recover');
    const known = await recoverOutcomes(
      app.ctx({ kind: 'system', name: 'shell' }, `recover-${app.clock.now()}`),
    );
    if (known > 0) app.log.info({ known }, 'outcomes of earlier writes were looked up');
  } catch (error) {
    app.log.warn({ err: error }, 'outcomes of earlier writes could not be looked up');
  }
}
