import type { Programme } from '../programme/types';
import type { Resource } from './resource';
import type { LazySource, Store } from './store';

const TESTERS = 'betaTesters';
const FEEDBACK: ReadonlySet<string> = new Set([
  'betaFeedbackCrashSubmissions',
  'betaFeedbackScreenshotSubmissions',
]);

/** What a restart must put on top of the generated programme, asked for as parts of it are brought in. */
export interface Overlay {
  /** Puts changed resources of the wanted types into the store; of one app, or of all when the app is null. */
  apply(store: Store, wanted: (type: string) => boolean, appId: string | null): void;
  appsWith(wanted: (type: string) => boolean): ReadonlySet<string>;
}

function isLazy(type: string): boolean {
  return type === TESTERS || FEEDBACK.has(type);
}

/** Brings testers and feedback into the store app by app, when somebody first looks. */
export class Shelves implements LazySource {
  readonly #store: Store;
  readonly #programme: Programme;
  readonly #overlay: Overlay;
  readonly apps: readonly string[];
  readonly #testers = new Set<string>();
  readonly #feedback = new Set<string>();
  readonly #groupCounts = new Map<string, number>();

  constructor(store: Store, programme: Programme, overlay: Overlay) {
    this.#store = store;
    this.#programme = programme;
    this.#overlay = overlay;
    const team = programme.team();
    store.load(team, null);
    this.apps = team.filter((seed) => seed.type === 'apps').map((seed) => seed.id);
    for (const appId of this.apps) store.load(programme.app(appId), appId);
    overlay.apply(store, (type) => !isLazy(type), null);
    store.attach(this);
    for (const appId of overlay.appsWith((type) => type === TESTERS)) this.#bringTesters(appId);
    for (const appId of overlay.appsWith((type) => FEEDBACK.has(type))) this.#bringFeedback(appId);
  }

  need(type: string, appId: string | null): void {
    if (!isLazy(type)) return;
    for (const id of appId === null ? this.apps : [appId])
      if (type === TESTERS) this.#bringTesters(id);
      else this.#bringFeedback(id);
  }

  find(type: string, id: string, nearAppId: string | null): void {
    if (!isLazy(type)) return;
    for (const appId of nearAppId === null ? this.apps : [nearAppId, ...this.apps]) {
      this.need(type, appId);
      if (this.#store.peek(type, id)) return;
    }
  }

  pendingCount(resource: Resource, relationship: string): number | null {
    if (this.cost(resource, relationship) === 0) return null;
    if (resource.type === 'apps') return this.#programme.testerCount(resource.id);
    if (resource.type !== 'betaGroups') return null;
    const known = this.#groupCounts.get(resource.id) ?? this.#programme.groupTesterCount(resource.id);
    this.#groupCounts.set(resource.id, known);
    return known;
  }

  cost({ appId }: Resource, relationship: string): number {
    if (relationship !== TESTERS || appId === null || this.#testers.has(appId)) return 0;
    return this.#programme.testerCount(appId);
  }

  #bringTesters(appId: string): void {
    if (this.#testers.has(appId)) return;
    this.#testers.add(appId);
    this.#store.load(this.#programme.testers(appId), appId);
    this.#overlay.apply(this.#store, (type) => type === TESTERS, appId);
  }

  #bringFeedback(appId: string): void {
    if (this.#feedback.has(appId)) return;
    this.#feedback.add(appId);
    this.#store.load(this.#programme.feedback(appId), appId);
    this.#overlay.apply(this.#store, (type) => FEEDBACK.has(type), appId);
  }
}
