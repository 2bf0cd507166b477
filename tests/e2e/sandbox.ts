/** A resource as the sandbox holds it. */
export interface Held {
  readonly id: string;
  readonly appId: string | null;
  readonly attributes: Record<string, unknown>;
}

/** An e-mail that a tester would have received. */
interface Mail {
  readonly address: string;
  readonly appId: string;
  readonly kind: string;
}

interface Asked {
  readonly method: string;
  readonly template: string;
  readonly status: number;
}

/** The sandbox's own data and levers, beside the API that Flightdeck uses. */
export function sandboxAt(baseUrl: string) {
  const call = async <Answer>(method: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(`${baseUrl}/sandbox/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Answer;
  };
  return {
    list: (type: string) => call<Held[]>('GET', `resources/${type}`),
    get: (type: string, id: string) => call<Held>('GET', `resources/${type}/${id}`),
    groups: () =>
      call<Record<string, { name: string; betaTesters: number; builds: number }>>('GET', 'groups'),
    counts: () =>
      call<{ types: Record<string, number>; apps: Record<string, Record<string, number>> }>('GET', 'counts'),
    /** Lets something happen: `set` overwrites attributes, `accept` and `use` are a tester's. */
    event: (event: Record<string, unknown>) => call<unknown>('POST', 'events', event),
    addFault: (fault: Record<string, unknown>) => call<unknown>('POST', 'faults', fault),
    faults: async () => (await call<{ faults: { hits: number; route?: string }[] }>('GET', 'faults')).faults,
    clearFaults: () => call<unknown>('DELETE', 'faults'),
    mails: async () => (await call<{ mails: Mail[] }>('GET', 'mails')).mails,
    clearMails: () => call<unknown>('DELETE', 'mails'),
    /** How many requests there were so far, and the changes among those after `since`. */
    changes: async (since = Number.MAX_SAFE_INTEGER) => {
      const { count, requests } = await call<{ count: number; requests: Asked[] }>(
        'GET',
        `requests?since=${since}`,
      );
      return { count, changes: requests.filter(({ method }) => method !== 'GET') };
    },
    stepClock: (ms: number) => call<unknown>('POST', 'clock/step', { ms }),
    setClock: (change: { skewMs: number }) => call<unknown>('POST', 'clock', change),
    makeKey: (key: Record<string, unknown>) =>
      call<{ issuerId: string; keyId: string; privateKey: string }>('POST', 'keys', key),
    revoke: (keyId: string) => call<unknown>('POST', `keys/${keyId}/revoke`, {}),
    restore: (keyId: string) => call<unknown>('POST', `keys/${keyId}/restore`, {}),
  };
}
