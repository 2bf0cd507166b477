import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mail } from './mail';
import type { Change, Resource } from './resource';
import type { Overlay } from './shelves';
import type { Store } from './store';

type Line =
  | { op: 'put'; resource: Resource }
  | { op: 'delete'; type: string; id: string; appId: string | null }
  | { op: 'count'; key: string; n: number }
  | { op: 'mail'; mail: Mail };

interface Standing {
  size: string;
  seed: number;
  epochMs: number;
  nowMs: number;
  /** When that was, by the wall clock. */
  savedAtMs: number;
}

const STANDING = 'sandbox.json';
const JOURNAL = 'changes.ndjson';

/** Everything that differs from the generated programme, kept in a folder so that a restart finds it again. */
export class Journal implements Overlay {
  readonly #folder: string | null;
  readonly #latest = new Map<string, Change>();
  readonly #dirty = new Set<string>();
  readonly counts = new Map<string, number>();
  readonly mails: Mail[] = [];
  #pending: Line[] = [];

  /** Null for a sandbox that forgets. */
  constructor(folder: string | null) {
    this.#folder = folder;
    if (folder === null) return;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#read();
  }

  /** What an earlier run left, if it was of the same programme; throws when it was of another. */
  standing(size: string, seed: number): { epochMs: number; nowMs: number } | null {
    const path = this.#path(STANDING);
    if (path === null || !existsSync(path)) return null;
    const saved = JSON.parse(readFileSync(path, 'utf8')) as Standing;
    if (saved.size !== size || saved.seed !== seed)
      throw new Error(
        `the state folder holds program ${saved.size} with seed ${saved.seed}; start with those or choose another folder`,
      );
    return { epochMs: saved.epochMs, nowMs: saved.nowMs + Math.max(0, Date.now() - saved.savedAtMs) };
  }

  saveStanding(standing: Omit<Standing, 'savedAtMs'>): void {
    const path = this.#path(STANDING);
    if (path === null) return;
    writeFileSync(`${path}.new`, JSON.stringify({ ...standing, savedAtMs: Date.now() }));
    renameSync(`${path}.new`, path);
  }

  note(change: Change): void {
    if (this.#folder === null) return;
    const { type, id } = change.op === 'put' ? change.resource : change;
    this.#latest.set(`${type} ${id}`, change);
    this.#dirty.add(`${type} ${id}`);
  }

  noteCount(key: string, n: number): void {
    this.counts.set(key, n);
    if (this.#folder !== null) this.#pending.push({ op: 'count', key, n });
  }

  noteMail(mail: Mail): void {
    if (this.#folder !== null) this.#pending.push({ op: 'mail', mail });
  }

  /** Writes what has changed since the last time; called before a request is answered. */
  flush(): void {
    const path = this.#path(JOURNAL);
    if (path === null || (this.#dirty.size === 0 && this.#pending.length === 0)) return;
    const lines: Line[] = [...this.#dirty].flatMap((key) => this.#latest.get(key) ?? []);
    appendFileSync(path, [...lines, ...this.#pending].map((line) => `${JSON.stringify(line)}\n`).join(''));
    this.#dirty.clear();
    this.#pending = [];
  }

  /** Forgets everything, also on disk. */
  clear(): void {
    this.#latest.clear();
    this.#dirty.clear();
    this.#pending = [];
    this.counts.clear();
    this.mails.length = 0;
    const path = this.#path(JOURNAL);
    if (path !== null) writeFileSync(path, '');
  }

  apply(store: Store, wanted: (type: string) => boolean, appId: string | null): void {
    for (const change of this.#latest.values()) {
      const { type, id, appId: home } = change.op === 'put' ? change.resource : change;
      if (!wanted(type) || (appId !== null && home !== appId)) continue;
      if (change.op === 'put') store.restore(change.resource);
      else store.forget(type, id);
    }
  }

  appsWith(wanted: (type: string) => boolean): ReadonlySet<string> {
    const apps = new Set<string>();
    for (const change of this.#latest.values()) {
      const { type, appId } = change.op === 'put' ? change.resource : change;
      if (wanted(type) && appId !== null) apps.add(appId);
    }
    return apps;
  }

  #path(name: string): string | null {
    return this.#folder === null ? null : join(this.#folder, name);
  }

  #read(): void {
    const path = this.#path(JOURNAL);
    if (path === null || !existsSync(path)) return;
    const texts = readFileSync(path, 'utf8').split('\n');
    for (const text of texts) {
      const line = parse(text);
      if (line?.op === 'count') this.counts.set(line.key, line.n);
      else if (line?.op === 'mail') this.mails.push(line.mail);
      else if (line) {
        const { type, id } = line.op === 'put' ? line.resource : line;
        this.#latest.set(`${type} ${id}`, line);
      }
    }
    this.#rewrite(path);
  }

  #rewrite(path: string): void {
    const lines: Line[] = [
      ...this.#latest.values(),
      ...[...this.counts].map(([key, n]): Line => ({ op: 'count', key, n })),
      ...this.mails.map((mail): Line => ({ op: 'mail', mail })),
    ];
    writeFileSync(`${path}.new`, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    renameSync(`${path}.new`, path);
  }
}

/** A line that a killed process left half written is nothing. */
function parse(text: string): Line | null {
  if (text === '') return null;
  try {
    return JSON.parse(text) as Line;
  } catch {
    return null;
  }
}
