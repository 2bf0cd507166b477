export interface Mail {
  address: string;
  appId: string;
  testerId: string;
  kind: 'INVITATION' | 'BUILD_AVAILABLE';
  /** Milliseconds since 1970 in the programme's time. */
  at: number;
}

/** Every e-mail Apple would have sent: the proof that somebody was invited exactly once. */
export class MailLog {
  #mails: Mail[];
  readonly #onSend: (mail: Mail) => void;

  constructor(earlier: readonly Mail[], onSend: (mail: Mail) => void) {
    this.#mails = [...earlier];
    this.#onSend = onSend;
  }

  send(mail: Mail): void {
    this.#mails.push(mail);
    this.#onSend(mail);
  }

  all(): readonly Mail[] {
    return this.#mails;
  }

  /** Invitations per lower-cased address. */
  invitations(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { address, kind } of this.#mails) {
      if (kind !== 'INVITATION') continue;
      const key = address.toLowerCase();
      counts[key] = (counts[key] ?? 0) + 1;
    }
    return counts;
  }

  reset(): void {
    this.#mails = [];
  }
}
