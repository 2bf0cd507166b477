import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Programme, Seed } from '../programme/types';
import type { Clock } from '../time/clock';
import type { Resource } from './resource';
import type { Store } from './store';

const PREFIX = '/sandbox-assets/screenshots/';
const TYPE = 'betaFeedbackScreenshotSubmissions';
const KEPT = 50;

interface Image {
  width: number;
  height: number;
}

/** Signed addresses of feedback screenshots: they need no token and stop working when they expire. */
export class Screenshots {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #programme: Programme;
  readonly #baseUrl: () => string;
  readonly #secret: string;
  readonly #pictures = new Map<string, Uint8Array>();

  constructor(store: Store, clock: Clock, programme: Programme, baseUrl: () => string, secret: string) {
    this.#store = store;
    this.#clock = clock;
    this.#programme = programme;
    this.#baseUrl = baseUrl;
    this.#secret = secret;
  }

  /** The `screenshots` attribute with addresses good for so many milliseconds. */
  addresses(submission: Resource, lifeMs: number): unknown[] {
    const expires = Math.floor(this.#clock.now() + lifeMs);
    const images = (submission.attributes.screenshots ?? []) as Image[];
    return images.map(({ width, height }, index) => ({
      url: `${this.#baseUrl()}${PREFIX}${submission.id}/${index}?expires=${expires}&signature=${this.#sign(submission.id, index, expires)}`,
      width,
      height,
      expirationDate: this.#clock.iso(expires),
    }));
  }

  /** PNG bytes for an address; null when it is none of ours, wrong or expired. */
  picture(url: URL): Uint8Array | null {
    if (!url.pathname.startsWith(PREFIX)) return null;
    const [id = '', index = ''] = url.pathname.slice(PREFIX.length).split('/');
    const expires = Number(url.searchParams.get('expires'));
    const given = Buffer.from(url.searchParams.get('signature') ?? '');
    const right = Buffer.from(this.#sign(id, Number(index), expires));
    if (given.length !== right.length || !timingSafeEqual(given, right) || expires < this.#clock.now())
      return null;
    const submission = this.#store.get(TYPE, id);
    return submission ? this.#draw(submission, Number(index)) : null;
  }

  #draw(submission: Resource, index: number): Uint8Array {
    const key = `${submission.id}/${index}`;
    const known = this.#pictures.get(key);
    if (known) return known;
    const picture = this.#programme.screenshot(submission as Seed, index);
    if (this.#pictures.size >= KEPT) this.#pictures.clear();
    this.#pictures.set(key, picture);
    return picture;
  }

  #sign(id: string, index: number, expires: number): string {
    return createHmac('sha256', this.#secret).update(`${id}/${index}/${expires}`).digest('hex').slice(0, 32);
  }
}
