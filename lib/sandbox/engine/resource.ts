export type Linkage = string | null | string[];

/** A resource as the store holds it: owner-side relationships only, attributes beyond Apple's allowed. */
export interface Resource {
  readonly type: string;
  readonly id: string;
  /** The app it belongs to; null for the team's own resources. */
  readonly appId: string | null;
  attributes: Record<string, unknown>;
  relationships: Record<string, Linkage>;
}

export type Change =
  | { op: 'put'; resource: Resource }
  | { op: 'delete'; type: string; id: string; appId: string | null };
