import { factsOf } from '@/lib/asc/operations';
import type { AuditDraft, Names } from '@/lib/audit/entry';
import { label } from '@/lib/format/labels';
import { attributesOf, type ResourceObject } from '@/lib/mirror/resource';
import type { Database } from '@/lib/store/database';
import { mirrored } from '../resources/mirrored';
import { labelOf } from '../resources/subject';

/** More are told by their number. */
const MOST = 12;
/** Members of our own drafts that hold ids, and of what. */
const HOLDERS: Readonly<Record<string, string>> = {
  app: 'apps',
  apps: 'apps',
  betaGroup: 'betaGroups',
  betaGroups: 'betaGroups',
  groupIds: 'betaGroups',
  betaTester: 'betaTesters',
  betaTesters: 'betaTesters',
  individualTesters: 'betaTesters',
  build: 'builds',
  builds: 'builds',
  buildId: 'builds',
  buildIds: 'builds',
  groupId: 'betaGroups',
  clones: 'betaGroups',
};

type Draft = Pick<AuditDraft, 'accountId' | 'type' | 'resourceId' | 'before' | 'requested'>;

/**
 * What the things that changes are about are called now, by `type/id`: kept with each, so that it can be told for ever.
 * What they are about in common is looked up once.
 */
export async function namesOfMany(db: Database, drafts: readonly Draft[]): Promise<Names[]> {
  const looked = new Map<string, Promise<string | null>>();
  const look = (accountId: string, ref: string) => {
    const key = `${accountId} ${ref}`;
    const known = looked.get(key);
    if (known) return known;
    const [of = '', id = ''] = ref.split(/\/(.*)/s);
    const name = mirrored(db, accountId, of, id).then(nameOf);
    looked.set(key, name);
    return name;
  };
  return Promise.all(
    drafts.map(async (draft) => {
      const { accountId } = draft;
      if (!accountId) return {};
      const refs = refsOf(draft);
      const names = await Promise.all(refs.map((ref) => look(accountId, ref)));
      return Object.fromEntries(
        refs.flatMap((ref, index) => {
          const name = names[index];
          return typeof name === 'string' ? [[ref, name]] : [];
        }),
      );
    }),
  );
}

function refsOf({ type, resourceId, requested, before }: Draft): string[] {
  const refs = new Set<string>();
  if (resourceId) refs.add(`${type}/${resourceId}`);
  collect(requested, refs, 0);
  collect(before, refs, 0);
  return [...refs].slice(0, MOST);
}

/** What people call a resource: a person with the address, a build with version and platform. */
export function nameOf(resource: ResourceObject | null): string | null {
  if (!resource) return null;
  const attributes = attributesOf(resource);
  const text = (value: unknown) => (typeof value === 'string' ? value.trim() : '');
  const { calledBy } = factsOf(resource.type);
  if (calledBy === 'person') {
    const person = `${text(attributes.firstName)} ${text(attributes.lastName)}`.trim();
    const email = text(attributes.email);
    if (person === '' || email === '') return person || email || 'an anonymous tester';
    return `${person} (${email})`;
  }
  if (calledBy === 'version') {
    const { trainVersion, platform } = resource.meta ?? {};
    const version = text(trainVersion)
      ? `${text(trainVersion)} (${text(attributes.version)})`
      : text(attributes.version);
    return [text(platform) ? label(text(platform)) : '', version].filter(Boolean).join(' ') || null;
  }
  return labelOf(resource);
}

function collect(value: unknown, refs: Set<string>, depth: number): void {
  if (typeof value !== 'object' || value === null || depth > 6 || refs.size >= MOST) return;
  if (Array.isArray(value)) {
    for (const item of value) collect(item, refs, depth + 1);
    return;
  }
  const { type, id } = value as { type?: unknown; id?: unknown };
  if (typeof type === 'string' && typeof id === 'string') refs.add(`${type}/${id}`);
  for (const [name, inner] of Object.entries(value)) {
    const holder = Object.hasOwn(HOLDERS, name) ? HOLDERS[name] : undefined;
    const ids = [inner].flat().filter((one): one is string => typeof one === 'string');
    if (holder) for (const one of ids) refs.add(`${holder}/${one}`);
    collect(inner, refs, depth + 1);
  }
}
