/** Where feedback can be handed over to. */
export const KINDS = ['github', 'gitlab', 'jira', 'linear', 'slack', 'teams', 'webhook'] as const;
export type Kind = (typeof KINDS)[number];

/** What a connector is told once. */
export interface Settings {
  readonly kind: Kind;
  /** Every request goes below this address. */
  readonly baseUrl: string;
  /** `owner/repository`, a project's path or key, a team's key; '' where there is none. */
  readonly project: string;
  /** What is made there, such as `Bug`; '' for what is usual. */
  readonly itemType: string;
  /** Who signs in with the secret; '' where a token says that itself. */
  readonly login: string;
  /** A token, or what a message is signed with. Of Slack and Teams it is the address itself. */
  readonly secret: string;
}

/** What is handed over. */
export interface Item {
  /** A UUID of ours, by which it is found again. */
  readonly id: string;
  readonly title: string;
  /** Markdown. */
  readonly body: string;
  /** What a machine may want to know besides; of a webhook alone. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** What was made there. */
export interface Made {
  /** What people call it: `octo/app#12`, `APP-7`. */
  readonly key: string;
  /** What it is asked for by. */
  readonly remoteId: string;
  readonly url: string;
}

/** How it stands there. */
export interface Remote {
  readonly isClosed: boolean;
  /** In the tracker's own words. */
  readonly words: string;
}

/** A place to hand over to. What cannot be searched or read has no `find` or `state`. */
export interface Connector {
  /** Makes it, once; null for a message, which has no address. @throws ConnectorError */
  make(item: Item): Promise<Made | null>;
  /** What was made of an item since an instant, ms since 1970; null when there is nothing. @throws ConnectorError */
  find?(item: Pick<Item, 'id'>, since: number): Promise<Made | null>;
  /** How it stands; null when it is not there any more. @throws ConnectorError */
  state?(made: Made): Promise<Remote | null>;
  /** Whether it could be used, as a sentence that says with what. A messenger sends a message for it. @throws ConnectorError */
  check(): Promise<string>;
}

/**
 * What went wrong, for people. `refused`: not done, and not by itself later; `passing`: not done, maybe later;
 * `unsure`: it may have been done.
 */
export class ConnectorError extends Error {
  override readonly name = 'ConnectorError';
  constructor(
    readonly kind: 'refused' | 'passing' | 'unsure',
    message: string,
    /** How long to wait as the other side said, ms. */
    readonly afterMs?: number,
  ) {
    super(message);
  }
}
