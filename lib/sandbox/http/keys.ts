import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keyIdFrom, uuidFrom } from '../engine/ids';
import type { Role } from './roles';

/** An App Store Connect API key as the sandbox keeps it. */
export interface ApiKey {
  keyId: string;
  kind: 'team' | 'individual';
  roles: readonly Role[];
  /** For individual keys: the apps the user sees; null for all. */
  visibleApps: readonly string[] | null;
  publicKey: KeyObject;
  privateKey: string;
  privateKeyPath: string | null;
  /** Status a revoked key is answered with; Apple gives 401 or 403. */
  revoked: 401 | 403 | null;
}

export interface NewKey {
  kind?: 'team' | 'individual';
  roles?: readonly Role[];
  visibleApps?: readonly string[] | null;
}

interface KeyRecord {
  keyId: string;
  kind: 'team' | 'individual';
  roles: readonly Role[];
  visibleApps: readonly string[] | null;
  revoked: 401 | 403 | null;
}

const LIST = 'keys.json';

/** Keys of the team; with a folder they outlive the process, so that a configured client keeps working. */
export class KeyRing {
  readonly issuerId: string;
  readonly #keys = new Map<string, ApiKey>();
  readonly #seed: number;
  readonly #folder: string | null;

  constructor(seed: number, folder: string | null) {
    this.issuerId = uuidFrom('issuer', seed);
    this.#seed = seed;
    this.#folder = folder;
    if (folder !== null) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      this.#readFolder(folder);
    }
    if (this.#keys.size === 0) this.create({ kind: 'team', roles: ['ADMIN'] });
  }

  /** The first key: the one the command line announces. */
  first(): ApiKey {
    const [key] = this.#keys.values();
    if (!key) throw new Error('the key ring is empty');
    return key;
  }

  get(keyId: string): ApiKey | undefined {
    return this.#keys.get(keyId);
  }

  list(): readonly ApiKey[] {
    return [...this.#keys.values()];
  }

  create(wanted: NewKey): ApiKey {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const key = this.#add(pem, {
      keyId: keyIdFrom('key', this.#seed, this.#keys.size),
      kind: wanted.kind ?? 'team',
      roles: wanted.roles ?? ['ADMIN'],
      visibleApps: wanted.visibleApps ?? null,
      revoked: null,
    });
    if (key.privateKeyPath !== null) {
      writeFileSync(key.privateKeyPath, pem, { mode: 0o600 });
      chmodSync(key.privateKeyPath, 0o600);
    }
    this.#save();
    return key;
  }

  /** Refuses the key from now on with the given status, or takes it back with null. */
  revoke(keyId: string, status: 401 | 403 | null): boolean {
    const key = this.#keys.get(keyId);
    if (!key) return false;
    key.revoked = status;
    this.#save();
    return true;
  }

  #add(pem: string, record: KeyRecord): ApiKey {
    const key: ApiKey = {
      ...record,
      privateKey: pem,
      publicKey: createPublicKey(createPrivateKey(pem)),
      privateKeyPath: this.#folder === null ? null : join(this.#folder, `AuthKey_${record.keyId}.p8`),
    };
    this.#keys.set(key.keyId, key);
    return key;
  }

  #readFolder(folder: string): void {
    const list = join(folder, LIST);
    if (!existsSync(list)) return;
    for (const record of JSON.parse(readFileSync(list, 'utf8')) as KeyRecord[]) {
      const path = join(folder, `AuthKey_${record.keyId}.p8`);
      if (existsSync(path)) this.#add(readFileSync(path, 'utf8'), record);
    }
  }

  #save(): void {
    if (this.#folder === null) return;
    const records: KeyRecord[] = this.list().map(({ keyId, kind, roles, visibleApps, revoked }) => ({
      keyId,
      kind,
      roles,
      visibleApps,
      revoked,
    }));
    writeFileSync(join(this.#folder, LIST), JSON.stringify(records, null, 2), { mode: 0o600 });
  }
}
