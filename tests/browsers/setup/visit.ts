import { expect } from '@playwright/test';
import { click, hover, keyPress, typing, wheel } from './actions';
import type { Seen, Wanted } from './in-page';
import { IN_PAGE, type Tab } from './tab';

type Name = string | RegExp;
interface Inside {
  /** Only inside the first of these. */
  readonly within?: Wanted;
}

/** What to look for, by its role and its name. */
export function the(role: string, name?: Name, { within }: Inside = {}): Wanted {
  const told = name instanceof RegExp ? { source: name.source, flags: name.flags } : name;
  return { role, ...(told === undefined ? {} : { name: told }), ...(within ? { within } : {}) };
}

/** Somebody with a browser at an installation: what a person does and sees, whatever the browser is. */
export class Visit {
  readonly #tab: Tab;
  readonly #url: string;

  constructor(tab: Tab, url: string) {
    this.#tab = tab;
    this.#url = url;
  }

  get isMac(): boolean {
    return this.#tab.isMac;
  }

  get downloads(): string {
    return this.#tab.downloads;
  }

  /** Runs a function in the page; what it is given and gives must be JSON's. */
  run<Args extends readonly unknown[], Result>(
    work: (...args: Args) => Result,
    ...args: Args
  ): Promise<Result> {
    return this.#tab.run(`(${work})(...${JSON.stringify(args)})`) as Promise<Result>;
  }

  /** Goes to an address, until all of its page answers. */
  async open(path: string): Promise<void> {
    await this.run(() => void Object.assign(window, { isLeft: true }));
    await this.#tab.go(this.#url + path);
    await expect
      .poll(() => this.run(() => !('isLeft' in window)).catch(() => false), {
        timeout: 30_000,
        intervals: [20],
      })
      .toBe(true);
    await this.ready();
  }

  /** Waits until all that can be pressed on the page answers. */
  async ready(): Promise<void> {
    await expect.poll(() => this.#inPage<boolean>('isReady()'), { timeout: 30_000 }).toBe(true);
  }

  address(): Promise<string> {
    return this.run(() => location.pathname + location.search);
  }

  all(wanted: Wanted): Promise<readonly Seen[]> {
    return this.#inPage(`seen(${JSON.stringify(wanted)})`);
  }

  /** Waits until one of them is there, with these words in it, and gives it. */
  async sees(wanted: Wanted, words: string | RegExp = ''): Promise<Seen> {
    let found: Seen | undefined;
    await expect(async () => {
      const all = await this.all(wanted);
      found = all.find(({ text }) => (typeof words === 'string' ? text.includes(words) : words.test(text)));
      expect(found, `${told(wanted)} with ${words} among ${JSON.stringify(all.slice(0, 9))}`).toBeDefined();
    }).toPass({ timeout: 30_000 });
    if (!found) throw new Error(`${told(wanted)} is not there`);
    return found;
  }

  async seesNo(wanted: Wanted): Promise<void> {
    await expect.poll(async () => (await this.all(wanted)).length, { message: told(wanted) }).toBe(0);
  }

  /** Presses it with the mouse. */
  async click(wanted: Wanted): Promise<void> {
    const { x, y } = await this.#placeOf(wanted);
    await this.#tab.act(click(x, y));
  }

  /** In a corner the pointer rests on nothing that would tell more of itself. */
  restMouse(): Promise<void> {
    return this.#tab.act(hover(1, 1));
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const one of keys) await this.#tab.act(keyPress(one));
  }

  /** Types where the focus is. */
  type(text: string): Promise<void> {
    return this.#tab.act(typing(text));
  }

  turnWheel(deltaY: number): Promise<void> {
    return this.#tab.act(wheel(300, 400, deltaY));
  }

  /** Until the page is so large: a bar of the browser's own, as that of its downloads, takes a part of its window. */
  async resize(width: number, height: number): Promise<void> {
    let bars = 0;
    await expect(async () => {
      await this.#tab.resize(width, height + bars);
      const size = () => this.run(() => [window.innerWidth, window.innerHeight] as const);
      try {
        await expect.poll(size, { timeout: 2_000 }).toEqual([width, height]);
      } catch (error) {
        bars += height - (await size())[1];
        throw error;
      }
    }).toPass({ timeout: 30_000 });
  }

  picture(): Promise<Buffer> {
    return this.#tab.picture();
  }

  complaints(): Promise<readonly string[]> {
    return this.#inPage('takeComplaints()');
  }

  /** It may be moved by what comes beside it, or wait for its script. */
  async #placeOf(wanted: Wanted): Promise<{ x: number; y: number }> {
    const place = () =>
      this.#inPage<{ x: number; y: number } | { why: string }>(`place(${JSON.stringify(wanted)})`);
    let found = { x: 0, y: 0 };
    await expect(async () => {
      const [first, second] = [await place(), await place()];
      expect(first, told(wanted)).not.toHaveProperty('why');
      expect(second, `${told(wanted)} moves`).toEqual(first);
      if (!('why' in second)) found = second;
    }).toPass({ timeout: 30_000, intervals: [50, 100, 250, 500] });
    return found;
  }

  #inPage<Result>(call: string): Promise<Result> {
    return this.#tab.run(`globalThis.${IN_PAGE}.${call}`) as Promise<Result>;
  }
}

function told({ role, name, within }: Wanted): string {
  const called = typeof name === 'string' ? ` “${name}”` : name ? ` /${name.source}/` : '';
  return `${role}${called}${within ? ` in ${told(within)}` : ''}`;
}
