import { type Kept, type Programme, RELATIONS } from './lenient-apple-programme';

/** How this App Store Connect takes what the reference leaves open. */
export interface Manners {
  /** POST betaTesters for an address it has: the tester that is there, or a refusal. */
  readonly knownAddress: 'upsert' | 'conflict';
  /** Adding a member again. */
  readonly memberAgain: 204 | 409;
  /** Deletions of testers are answered with 202 and happen after so many further reads of testers; 0 is 204, at once. */
  readonly readsUntilGone: number;
}

export interface Reply {
  readonly status: number;
  readonly body?: object;
  /** The resource to answer with. */
  readonly kept?: Kept;
}

interface Ref {
  readonly type: string;
  readonly id: string;
}

interface Body {
  readonly data?: {
    readonly attributes?: Record<string, unknown>;
    readonly relationships?: Record<string, { readonly data?: Ref | readonly Ref[] }>;
  };
}

/** A refusal without a source; the reason may stand among the associated errors. */
export function refusal(status: number, code: string, detail: string, associated?: string): Reply {
  const more = associated
    ? { meta: { associatedErrors: { '/v1/somewhere': [{ code, title: 'Why', detail: associated }] } } }
    : {};
  const links = { about: 'https://apple.test/about', associated: { href: 'https://apple.test/more' } };
  return {
    status,
    body: { errors: [{ status: String(status), code, title: 'Refused', detail, links, ...more }] },
  };
}

export const NOT_FOUND = refusal(404, 'NOT_FOUND', 'There is no such resource.');
const DONE: Reply = { status: 204 };

/** Carries out what the product writes. */
export class Writes {
  #waiting: { left: number; carryOut: () => void }[] = [];
  readonly invited: string[] = [];

  constructor(
    readonly apple: Programme,
    readonly manners: () => Manners,
  ) {}

  /** Called before each read of testers: what was put off may happen now. */
  testersAreRead(): void {
    for (const order of this.#waiting) order.left -= 1;
    for (const order of this.#waiting.filter(({ left }) => left < 0)) order.carryOut();
    this.#waiting = this.#waiting.filter(({ left }) => left >= 0);
  }

  /** Whether an order is still to be carried out. */
  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  create(type: string, body: Body): Reply {
    const attributes = { ...body.data?.attributes };
    const to = this.#linksOf(body);
    if (type === 'betaTesters') return this.#createTester(attributes, to);
    if (type === 'betaTesterInvitations') {
      this.invited.push(to.betaTester?.[0] ?? '');
      return { status: 201, kept: { type, id: `invitation-${this.invited.length}`, attributes: {}, to: {} } };
    }
    return { status: 201, kept: this.apple.make(type, attributes, to) };
  }

  update(kept: Kept, body: Body): Reply {
    Object.assign(kept.attributes, body.data?.attributes);
    if (kept.attributes.publicLinkEnabled === true) {
      kept.attributes.publicLink = `https://testflight.apple.com/join/${kept.id}`;
    }
    return { status: 200, kept };
  }

  delete({ type, id }: Kept): Reply {
    const carryOut = () => this.apple.remove(type, id);
    if (type === 'betaTesters') return this.#later(carryOut);
    if (type === 'betaGroups') {
      for (const criteria of this.apple.all('betaRecruitmentCriteria')) {
        if (criteria.to.betaGroup?.includes(id)) this.apple.remove(criteria.type, criteria.id);
      }
    }
    carryOut();
    return DONE;
  }

  link(owner: Kept, name: string, { data }: { data: readonly Ref[] }): Reply {
    const ids = data.map(({ id }) => id);
    const there = new Set(this.apple.related(owner, name).map(({ id }) => id));
    if (this.manners().memberAgain === 409 && ids.some((id) => there.has(id))) {
      return refusal(409, 'STATE_ERROR', 'Tester(s) cannot be assigned', 'Is a member already.');
    }
    const target = RELATIONS[owner.type]?.[name]?.target ?? '';
    if (ids.some((id) => !this.apple.get(target, id))) return NOT_FOUND;
    this.apple.link(owner, name, ids);
    return DONE;
  }

  unlink(owner: Kept, name: string, { data }: { data: readonly Ref[] }): Reply {
    const ids = data.map(({ id }) => id);
    if (owner.type === 'apps' && name === 'betaTesters') {
      return this.#later(() => {
        for (const id of ids) this.#leaveApp(id, owner.id);
      });
    }
    if (owner.type === 'betaTesters' && name === 'apps') {
      return this.#later(() => {
        for (const appId of ids) this.#leaveApp(owner.id, appId);
      });
    }
    this.apple.unlink(owner, name, ids);
    return DONE;
  }

  #later(carryOut: () => void): Reply {
    const left = this.manners().readsUntilGone;
    if (left === 0) {
      carryOut();
      return DONE;
    }
    this.#waiting.push({ left, carryOut });
    return { status: 202 };
  }

  #leaveApp(testerId: string, appId: string): void {
    const tester = this.apple.get('betaTesters', testerId);
    if (!tester) return;
    for (const name of ['betaGroups', 'builds']) {
      const held = this.apple.related(tester, name).filter((one) => one.to.app?.includes(appId));
      this.apple.unlink(
        tester,
        name,
        held.map(({ id }) => id),
      );
    }
    this.apple.unlink(tester, 'apps', [appId]);
    if (tester.to.apps?.length === 0) this.apple.remove('betaTesters', testerId);
  }

  #createTester(attributes: Record<string, unknown>, to: Kept['to']): Reply {
    const email = String(attributes.email).toLowerCase();
    const groups = (to.betaGroups ?? []).flatMap((id) => this.apple.get('betaGroups', id) ?? []);
    const apps = [...new Set(groups.flatMap((group) => group.to.app ?? []))];
    const known = this.apple
      .all('betaTesters')
      .find((tester) => String(tester.attributes.email ?? '').toLowerCase() === email);
    if (!known) {
      const fresh = { ...attributes, inviteType: 'EMAIL', state: 'INVITED' };
      return { status: 201, kept: this.apple.make('betaTesters', fresh, { ...to, apps }) };
    }
    if (this.manners().knownAddress === 'conflict') {
      return refusal(
        409,
        'ENTITY_ERROR.ATTRIBUTE.INVALID.DUPLICATE',
        'The request failed.',
        'Known already.',
      );
    }
    this.apple.link(known, 'apps', apps);
    this.apple.link(known, 'betaGroups', to.betaGroups ?? []);
    return { status: 201, kept: known };
  }

  #linksOf({ data }: Body): Kept['to'] {
    return Object.fromEntries(
      Object.entries(data?.relationships ?? {}).map(([name, { data: target }]) => [
        name,
        [target ?? []].flat().map(({ id }) => id),
      ]),
    );
  }
}
