interface Postgres {
  readonly url: string;
  /** Until a restart. */
  readonly pid: number | undefined;
  stop(): Promise<void>;
  /**
   * `isCrash`: without a chance to end what is under way; `downMs`: how long nobody answers, or longer, until `whileDown`
   * is done.
   */
  restart(how?: { isCrash?: boolean; downMs?: number; whileDown?: () => Promise<unknown> }): Promise<void>;
}

export function startPostgres(options?: { isDurable?: boolean; connections?: number }): Promise<Postgres>;
