import type { Programme } from '../programme/types';
import type { Clock } from '../time/clock';
import type { IdSource } from './ids';
import type { MailLog } from './mail';
import type { Resource } from './resource';
import type { Store } from './store';
import type { Webhooks } from './webhooks';

/** What the rules of App Store Connect work on. */
export interface World {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly mail: MailLog;
  readonly webhooks: Webhooks;
  readonly programme: Programme;
  readonly settings: Settings;
  /** Where the sandbox listens, such as `http://127.0.0.1:4010`. */
  baseUrl(): string;
  /** Runs something after so many milliseconds of the programme's time; forgotten by a restart. */
  later(delayMs: number, task: () => void): void;
  /** Has the resource take its next step of life after so many milliseconds; remembered by a restart. */
  wake(resource: Resource, delayMs: number): void;
}

/** What a test may turn while the sandbox runs. */
export interface Settings {
  /** Answer time added to every request, in milliseconds. */
  latencyMs: number;
  /** How long the removal of testers that was answered with 202 takes, in milliseconds of the programme's time. */
  removalDelayMs: number;
  /** How late what is done in a build is counted in its figures, ms. */
  usageDelayMs: number;
  /** How much longer than usual a build waits for review, and then for its decision, ms. */
  reviewDelayMs: number;
  /** How reviews end from now on; null where the dice decide. */
  reviewDecision: 'APPROVED' | 'REJECTED' | null;
  /** How long a screenshot's address is good for. */
  screenshotLifeMs: number;
}

/** A resource in the making: a request's attributes and linkages, before the rules have judged them. */
export interface Draft {
  type: string;
  attributes: Record<string, unknown>;
  /** Ids by relationship name. */
  relationships: Record<string, readonly string[]>;
  /** Resources to be made in the same request, referred to by `${local ids}`. */
  included: readonly { localId: string; type: string; attributes: Record<string, unknown> }[];
}

/** Exceptions and conditions of one resource type; everything else is generic. */
export interface TypeRules {
  /** Judges and completes a draft; may return the finished resource when the generic way does not fit. */
  create?(world: World, draft: Draft): Resource | undefined;
  created?(world: World, resource: Resource): void;
  /** Judges a change; the attributes returned are what is stored. */
  update?(
    world: World,
    resource: Resource,
    changes: Record<string, unknown>,
    draft: Draft,
  ): Record<string, unknown>;
  updated?(world: World, resource: Resource, before: Readonly<Record<string, unknown>>): void;
  /** Judges a removal; may do it itself, later, by returning true. */
  remove?(world: World, resource: Resource): boolean;
}

export interface Edge {
  owner: Resource;
  target: Resource;
}

/** Conditions on one relation, whichever end a request names. */
export interface LinkRules {
  add?(world: World, edges: readonly Edge[]): void;
  added?(world: World, edges: readonly Edge[]): void;
  /** Judges a removal; may do it itself, later, by returning true. */
  remove?(world: World, edges: readonly Edge[]): boolean;
}

/** Puts a new resource into the store under a fresh id. */
export function insertNew(
  world: World,
  type: string,
  appId: string | null,
  attributes: Record<string, unknown>,
  relationships: Resource['relationships'],
): Resource {
  const id = world.ids.fresh(type, (one) => world.store.peek(type, one) !== undefined);
  return world.store.insert({ type, id, appId, attributes, relationships });
}
