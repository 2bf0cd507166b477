import type { AlertKind } from '@/lib/format/alerts';
import type { Store } from '@/lib/store/store';
import type { Ask as HealthAsk } from '../../health/ask';
import type { Places } from './places';

/** What a fact says to people, and where the next step is. */
export interface Told {
  readonly title: string;
  readonly detail: string | null;
  readonly level: 'bad' | 'attention' | 'good';
  /** A page of ours. */
  readonly path: string;
}

/** Something that happened, which is told once. */
export interface Fact extends Told {
  /** What it is known by, however often it is found. */
  readonly key: string;
  readonly kind: AlertKind;
  /** ms since 1970, by our clock. */
  readonly at: number;
  readonly accountId: string;
  readonly appId: string | null;
  /** What the app is called; null for what concerns a whole account. */
  readonly app: string | null;
}

/** How one thing stood against a threshold, oldest first; what is over it says so. */
export interface Course {
  /** Stable, with the account: `builds/<account>/<id>` */
  readonly subject: string;
  readonly accountId: string;
  readonly appId: string | null;
  readonly app: string | null;
  readonly points: readonly Point[];
}

export interface Point {
  readonly at: number;
  /** What is said of it while it is over; null while it is not. */
  readonly over: Told | null;
}

/** What a rule looks for. */
export interface Wanted {
  readonly kind: AlertKind;
  readonly app: { readonly accountId: string; readonly appId: string } | null;
  readonly threshold: number;
  readonly least: number;
}

/** A time, ms since 1970: after `from`, up to and with `until`. */
export interface Window {
  readonly from: number;
  readonly until: number;
}

export interface Ask {
  readonly db: Pick<Store, 'read' | 'build' | 'dialect'>;
  readonly places: Places;
  /** What the health page asks, by the programme's time. */
  readonly health: HealthAsk;
  /** How far the programme's dates are ahead of our clock, ms. */
  readonly ahead: number;
}

/** What one look finds. */
export interface Found {
  readonly facts: readonly Fact[];
  readonly courses: readonly Course[];
  /** Since when there is anything to tell it by; null where all of the window is known. */
  readonly tellsFrom: number | null;
}

/** How facts of a kind are found, by whoever sends them and by whoever looks back. */
export type Find = (ask: Ask, window: Window, wanted: Wanted) => Promise<Found>;
