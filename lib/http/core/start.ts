import { type AppContext, appContext, reasonNotToStart } from '@/lib/context';
import { recoverOutcomes } from '@/lib/services/resources/recover';
import { prepareInstallation } from '@/lib/services/start';
import { receiveEvent } from '../routes/webhook-routes';
import { openDoor } from './door';
import { offerPlaces } from './places';
import { straightTo } from './straight';

/** How often writes of unknown outcome are looked up, ms. */
const RECOVER_EVERY_MS = 60_000;

/** Prepares the web process before it serves; with a configuration that cannot work, says so and exits 1. */
export async function startWeb(): Promise<void> {
  try {
    const app = await appContext();
    await prepareInstallation(app);
    offerPlaces();
    const isSecure = app.env.NEXTAUTH_URL.startsWith('https:');
    openDoor(straightTo({ prefix: '/api/webhooks/app-store-connect/', handler: receiveEvent }, { isSecure }));
    setInterval(() => void lookUpOutcomes(app), RECOVER_EVERY_MS).unref();
    void lookUpOutcomes(app);
  } catch (error) {
    const unforeseen = error instanceof Error ? `${error.name}: ${error.message}` : '';
    console.error(reasonNotToStart(error) ?? `Flightdeck cannot start. ${unforeseen}`);
    process.exit(1);
  }
}

/** What could not be looked up now is tried again later. */
async function lookUpOutcomes(app: AppContext): Promise<void> {
  try {
    const known = await recoverOutcomes(
      app.ctx({ kind: 'system', name: 'shell' }, `recover-${app.clock.now()}`),
    );
    if (known > 0) app.log.info({ known }, 'outcomes of earlier writes were looked up');
  } catch (error) {
    app.log.warn({ err: error }, 'outcomes of earlier writes could not be looked up');
  }
}
