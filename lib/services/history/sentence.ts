import { entryOf, isResourceType } from '@/lib/asc/catalogue';
import type { ResourceType } from '@/lib/asc/catalogue/types';
import { relationshipOf } from '@/lib/asc/operations';
import type { AuditEntry } from '@/lib/audit/entry';
import { appHref } from '@/lib/format/app-address';
import { attributeLabel, label as labelOf } from '@/lib/format/labels';
import { formatCount, formatPlural } from '@/lib/format/numbers';
import { isIdentified, isRecord } from '@/lib/mirror/resource';

/** A piece of a sentence: words of ours, or a name, which the page isolates and may link. */
export type Part = string | { readonly name: string; readonly href?: string };

/** What a sentence is made of. */
export type Told = Pick<
  AuditEntry,
  'action' | 'type' | 'resourceId' | 'label' | 'names' | 'before' | 'after' | 'status' | 'undoOf' | 'appId'
> & {
  readonly appName: string | null;
  /** Where the app's pages are. */
  readonly home?: string | undefined;
};

/** `[what was done, what was tried]`: “added”, “add”. */
type Verb = readonly [past: string, base: string];

const ADD: Verb = ['added', 'add'];
const REMOVE: Verb = ['removed', 'remove'];
const GIVE: Verb = ['gave', 'give'];
const TAKE: Verb = ['took', 'take'];
const CREATE: Verb = ['created', 'create'];
const CHANGE: Verb = ['changed', 'change'];
const DELETE: Verb = ['deleted', 'delete'];
const SEND: Verb = ['sent', 'send'];
const SET: Verb = ['set', 'set'];
const SWITCH: Verb = ['switched', 'switch'];
const RENAME: Verb = ['renamed', 'rename'];

/** Things of ours that the catalogue does not know. */
const OURS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  accounts: ['App Store Connect key', 'App Store Connect keys'],
  people: ['person', 'people'],
  sessions: ['session', 'sessions'],
  views: ['view', 'views'],
  testerRecords: ['notes and tags', 'notes and tags'],
  encryptionKey: ['encryption key', 'encryption keys'],
};

/** What a type of things is called: “group”, “groups”; what nobody knows is a “thing”. */
export function nounOf(type: string): readonly [one: string, many: string] {
  if (isResourceType(type)) {
    const { one, many } = entryOf(type).label;
    return [one, many];
  }
  return Object.hasOwn(OURS, type) ? (OURS[type] ?? ['thing', 'things']) : ['thing', 'things'];
}

/** An act in a sentence that follows who did it: “added ”, Ada, “ to ”, Hackathon. */
export function sentenceOf(told: Told): Part[] {
  const parts = deedOf(told);
  return tidy(told.undoOf === null ? parts : [...parts, ', taking a change back']);
}

/** The beginning: done, tried, or begun. */
export function lead([past, base]: Verb, status: string): string {
  if (status === 'succeeded') return past;
  return status === 'pending' ? `began to ${base}` : `tried to ${base}`;
}

function deedOf(told: Told): Part[] {
  const { action, type } = told;
  const say = (verb: Verb, ...rest: readonly (Part | readonly Part[])[]) => [
    `${lead(verb, told.status)} `,
    ...rest.flat(),
  ];
  switch (action) {
    case 'signIn':
      return ['signed in'];
    case 'signOut':
      return ['signed out'];
    case 'changePassword':
      return [lead(['changed their password', 'change their password'], told.status)];
    case 'replaceKey':
      return say(['replaced', 'replace'], 'the key ', self(told));
    case 'openElsewhere':
      return say(
        ['opened', 'open'],
        `the ${nounOf(type)[0]} `,
        self(told),
        ' under the address of another app',
      );
    case 'export':
      return say(['exported', 'export'], `the ${nounOf(type)[1]}`, inApp(told), ' as a file');
    case 'create':
      return created(told, say);
    case 'update':
      return updated(told, say);
    case 'delete':
      return removed(told, say);
    case 'addLinkage':
    case 'removeLinkage':
    case 'replaceLinkage':
      return linked(told, say);
    default:
      return [`${words(action)}: ${nounOf(type)[0]} `, self(told)];
  }
}

type Say = (verb: Verb, ...rest: readonly (Part | readonly Part[])[]) => Part[];

function created(told: Told, say: Say): Part[] {
  const { type } = told;
  const build = () => ['build ', ...owner(told, 'builds')];
  switch (type) {
    case 'betaTesters': {
      const groups = targets(told, 'betaGroups', 'betaGroups');
      const builds = targets(told, 'builds', 'builds');
      const to = groups.length > 0 ? groups : builds.length > 0 ? ['build ', ...builds] : appPart(told);
      return say(['invited', 'invite'], self(told), to.length > 0 ? [' to ', ...to] : []);
    }
    case 'betaTesterInvitations':
      return say(SEND, ownerOr(told, 'betaTesters'), ' the invitation again');
    case 'betaAppReviewSubmissions':
      return say(['submitted', 'submit'], build(), ' for beta review');
    case 'buildBetaNotifications':
      return say(['notified', 'notify'], 'the testers of ', build());
    case 'webhookPings':
      return say(SEND, 'a test to the webhook ', ownerOr(told, 'webhooks'));
    case 'webhookDeliveries':
      return say(SEND, 'a webhook delivery again');
    case 'betaRecruitmentCriteria':
      return say(SET, 'the recruitment criteria of ', ownerOr(told, 'betaGroups'));
    case 'betaBuildLocalizations':
      return say(['wrote', 'write'], 'What to Test', locale(told), ' for ', build());
    case 'betaAppLocalizations':
      return say(ADD, 'test information', locale(told), ofApp(told));
    case 'appEncryptionDeclarations':
      return say(CREATE, 'an encryption declaration', ofApp(told));
    case 'people':
      return say(ADD, self(told), ' to the team');
    case 'accounts':
      return say(ADD, 'the App Store Connect key ', self(told));
    default:
      return say(CREATE, `${article(nounOf(type)[0])} `, self(told), inApp(told));
  }
}

function updated(told: Told, say: Say): Part[] {
  const { type } = told;
  const changes = changedMembers(told);
  const [only] = changes.length === 1 ? changes : [];
  const isOn = only?.after === true;
  const toggle = (what: string) => say(SWITCH, isOn ? 'on ' : 'off ', `${what} of `, thing(told));
  if (type === 'encryptionKey') return say(CHANGE, 'the encryption key');
  if (type === 'testerRecords') return records(told, say);
  if (type === 'people') return person(told, only, say);
  if (type === 'builds' && only?.name === 'expired' && isOn) return say(['expired', 'expire'], thing(told));
  if (only?.name === 'usesNonExemptEncryption') {
    return say(['answered', 'answer'], 'the export compliance of ', thing(told));
  }
  if (only?.name === 'name' && typeof only.before === 'string' && typeof only.after === 'string') {
    const noun = type === 'betaGroups' ? '' : `the ${nounOf(type)[0]} `;
    return say(RENAME, noun, { name: only.before }, ' to ', link(told, only.after));
  }
  if (only?.name === 'publicLinkEnabled') return toggle('the public link');
  if (only?.name === 'feedbackEnabled') return toggle('tester feedback');
  if (only?.name === 'autoNotifyEnabled') return toggle('automatic notification');
  if (changes.length > 0 && changes.every(({ name }) => name.startsWith('publicLinkLimit'))) {
    const limit = changes.find(({ name }) => name === 'publicLinkLimit')?.after;
    const isOff = changes.some(({ name, after }) => name === 'publicLinkLimitEnabled' && after === false);
    if (isOff) return say(REMOVE, 'the public link limit of ', thing(told));
    if (typeof limit === 'number') {
      return say(SET, 'the public link limit of ', thing(told), ` to ${formatCount(limit)}`);
    }
  }
  if (only && typeof only.after === 'boolean') return toggle(`“${attributeLabel(only.name)}”`);
  if (only && type !== 'betaRecruitmentCriteria') {
    return say(CHANGE, `${attributeLabel(only.name)} of `, thing(told));
  }
  return say(CHANGE, thing(told));
}

function removed(told: Told, say: Say): Part[] {
  switch (told.type) {
    case 'betaTesters':
      return say(DELETE, self(told), ' from the team');
    case 'betaFeedbackCrashSubmissions':
    case 'betaFeedbackScreenshotSubmissions':
      return say(DELETE, article(nounOf(told.type)[0]), inApp(told));
    case 'people':
      return say(REMOVE, self(told), ' from the team');
    default:
      return say(DELETE, thing(told), told.type === 'betaGroups' ? inApp(told) : []);
  }
}

/** Who or what joins, and what is joined, whichever of the two Apple's relationship belongs to. */
function linked(told: Told, say: Say): Part[] {
  const { type, action } = told;
  const name = relationshipIn(told) ?? relationshipByNames(told) ?? '';
  const target = isResourceType(type) ? (relationshipOf(type, name)?.target ?? name) : name;
  const isAdded = action === 'addLinkage';
  const them = targets(told, name, target);
  const join = (members: readonly Part[], container: readonly Part[]) =>
    isAdded ? say(ADD, members, ' to ', container) : say(REMOVE, members, ' from ', container);
  switch (`${type}.${target}`) {
    case 'betaGroups.betaTesters':
      return join(them, container(told));
    case 'betaGroups.builds':
      return join(['build ', ...them], container(told));
    case 'betaTesters.betaGroups':
    case 'betaTesters.apps':
      return join([self(told)], them.length > 0 ? them : appPart(told));
    case 'apps.betaTesters':
      return join(told.label ? [{ name: told.label }] : them, appPart(told));
    case 'builds.betaGroups':
      return join(thing(told), them);
    case 'betaTesters.builds':
      return isAdded
        ? say(GIVE, 'build ', them, ' to ', self(told))
        : say(TAKE, 'build ', them, ' from ', self(told));
    case 'builds.betaTesters':
      return isAdded ? say(GIVE, thing(told), ' to ', them) : say(TAKE, thing(told), ' from ', them);
    case 'appEncryptionDeclarations.builds':
      return say(['assigned', 'assign'], 'an encryption declaration to build ', them);
    case 'builds.appEncryptionDeclarations':
      return say(SET, 'the encryption declaration of ', thing(told));
    default:
      return join(them.length > 0 ? them : [nounOf(target)[1]], thing(told));
  }
}

function person(told: Told, only: Member | undefined, say: Say): Part[] {
  if (only?.name === 'role') {
    return say(['made', 'make'], self(told), ` ${article(labelOf(String(only.after)).toLowerCase())}`);
  }
  if (only?.name === 'isDisabled') {
    return only.after === true
      ? say(['closed', 'close'], 'the account of ', self(told))
      : say(['opened', 'open'], 'the account of ', self(told), ' again');
  }
  if (only?.name === 'resetPassword') return say(['gave', 'give'], self(told), ' a temporary password');
  return say(CHANGE, 'the account of ', self(told));
}

function records(told: Told, say: Say): Part[] {
  const wanted = isRecord(told.after) ? told.after : {};
  const tags = (name: string) =>
    (Array.isArray(wanted[name]) ? wanted[name] : []).filter((tag) => typeof tag === 'string');
  const who = self(told);
  const added = tags('addTags');
  const taken = tags('removeTags');
  if (added.length > 0) return say(['tagged', 'tag'], who, ' ', list(added.map((name) => ({ name }))));
  if (taken.length > 0) return say(TAKE, 'the tag ', list(taken.map((name) => ({ name }))), ' off ', who);
  const changes = changedMembers(told);
  if (changes.length === 1 && typeof changes[0]?.after === 'boolean') {
    return changes[0].after
      ? say(['protected', 'protect'], who, ' from pruning')
      : say(['stopped', 'stop'], 'protecting ', who, ' from pruning');
  }
  const [only] = changes.length === 1 ? changes : [];
  if (only?.name === 'note') return say(CHANGE, 'the note about ', who);
  if (only?.name === 'tags') return say(CHANGE, 'the tags of ', who);
  return say(CHANGE, 'notes and tags of ', who);
}

export interface Member {
  readonly name: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** Which attributes a change names whose value differs. */
export function changedMembers({ before, after }: Pick<Told, 'before' | 'after'>): Member[] {
  const was = flat(before);
  const is = flat(after);
  return [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .filter((name) => name in is && JSON.stringify(was[name]) !== JSON.stringify(is[name]))
    .map((name) => ({ name, before: was[name], after: is[name] }));
}

// Entries hold either attributes or whole resource objects.
function flat(value: unknown): Record<string, unknown> {
  if (!isRecord(value)) return {};
  if (isRecord(value.attributes)) return value.attributes;
  const { relationships: _, included: __, ...rest } = value;
  return rest;
}

function relationshipIn({ type, after, before }: Told): string | undefined {
  for (const value of [after, before]) {
    if (!isRecord(value)) continue;
    if (typeof value.relationship === 'string') return value.relationship;
    // Rows of jobs name it as a member: {"betaTesters":["1"]}.
    const named = Object.keys(value).find(
      (name) => isResourceType(type) && relationshipOf(type as ResourceType, name) !== undefined,
    );
    if (named) return named;
    if ('buildIds' in value) return 'builds';
  }
  return undefined;
}

/** A refused row of a job keeps no outcome: what it was about is in the names. */
function relationshipByNames({ type, resourceId, names }: Told): string | undefined {
  if (!isResourceType(type)) return undefined;
  const { toMany } = entryOf(type);
  const others = Object.keys(names).filter((ref) => ref !== `${type}/${resourceId}`);
  return Object.keys(toMany).find((name) => others.some((ref) => ref.startsWith(`${toMany[name]}/`)));
}

/** The things on the other end, by their names; many are told by their number. */
function targets(told: Told, name: string, target: string): Part[] {
  const ids = told.after === null ? namedIds(told, target) : idsIn(told.after, name, target);
  // A job's row is about one tester, whose name is its label.
  const isRow = target === 'betaTesters' && told.label !== null && ids.every((id) => id === told.resourceId);
  if (isRow && isRecord(told.after) && 'isAdded' in told.after) return [{ name: told.label ?? '' }];
  if (ids.length > 3) return [formatPlural(ids.length, ...nounOf(target))];
  const known = ids.flatMap((id) => told.names[`${target}/${id}`] ?? []);
  if (known.length < ids.length || ids.length === 0) {
    if (told.label !== null && target === 'betaTesters' && ids.length === 1) return [{ name: told.label }];
    return ids.length === 0 ? [] : [formatPlural(ids.length, ...nounOf(target))];
  }
  return list(known.map((one) => ({ name: one })));
}

function namedIds({ names, type, resourceId }: Told, target: string): string[] {
  return Object.keys(names)
    .filter((ref) => ref.startsWith(`${target}/`) && ref !== `${type}/${resourceId}`)
    .map((ref) => ref.slice(target.length + 1));
}

function idsIn(value: unknown, name: string, target: string): string[] {
  if (!isRecord(value)) return [];
  const related = isRecord(value.relationships) ? value.relationships[name] : undefined;
  const data = value.relationship === name ? value.data : isRecord(related) ? related.data : undefined;
  const linkages = [data].flat().filter(isIdentified);
  if (linkages.length > 0) return linkages.map(({ id }) => id);
  const own = target === 'betaGroups' ? 'groupIds' : target === 'builds' ? 'buildIds' : '';
  return [value[name] ?? value[own]].flat().filter((id): id is string => typeof id === 'string');
}

/** The thing itself by its name, linked where it has a page. */
function self(told: Told): Part {
  const known = told.resourceId === null ? undefined : told.names[`${told.type}/${told.resourceId}`];
  const name = known ?? told.label;
  return name ? link(told, name) : `${article(nounOf(told.type)[0])} without a name`;
}

/** The thing with its noun, except where the name alone says what it is. */
function thing(told: Told): Part[] {
  if (told.type === 'betaRecruitmentCriteria') {
    return ['the recruitment criteria of ', ownerOr(told, 'betaGroups')];
  }
  if (told.type === 'betaAppReviewDetails' || told.type === 'betaLicenseAgreements') {
    return [`the ${nounOf(told.type)[0]}`, ...ofApp(told)];
  }
  if (told.type === 'betaBuildLocalizations') {
    const build = owner(told, 'builds');
    return ['What to Test', ...locale(told), ...(build.length > 0 ? [' for build ', ...build] : inApp(told))];
  }
  if (told.type === 'betaAppLocalizations') return ['test information', ...locale(told), ...ofApp(told)];
  if (told.type === 'buildBetaDetails') {
    const build = owner(told, 'builds');
    return build.length > 0 ? ['build ', ...build] : ['a build', ...inApp(told)];
  }
  const isPlain = ['betaGroups', 'betaTesters', 'apps'].includes(told.type);
  const hasName =
    told.label !== null || (told.resourceId !== null && `${told.type}/${told.resourceId}` in told.names);
  if (!hasName) return [article(nounOf(told.type)[0]), ...inApp(told)];
  return isPlain
    ? [self(told)]
    : [`${told.type === 'builds' ? '' : 'the '}${nounOf(told.type)[0]} `, self(told)];
}

/** A group that testers or builds join; in a job's row its label is the tester. */
function container(told: Told): Part[] {
  const known = told.resourceId === null ? undefined : told.names[`${told.type}/${told.resourceId}`];
  if (known) return [link(told, known)];
  const isRow = !isRecord(told.after) || !('relationship' in told.after);
  return isRow || told.label === null ? ['a group', ...inApp(told)] : [link(told, told.label)];
}

/** What a thing without a name of its own belongs to. */
function owner(told: Told, type: string): Part[] {
  const found = Object.entries(told.names).filter(([ref]) => ref.startsWith(`${type}/`));
  return list(found.map(([, name]) => ({ name })));
}

function ownerOr(told: Told, type: string): Part {
  const [first] = owner(told, type);
  if (first !== undefined) return first;
  return told.label ? { name: told.label } : article(nounOf(type)[0]);
}

function link(told: Told, name: string): Part {
  const { type, appId, resourceId, home = appHref(appId ?? '') } = told;
  const page = { betaGroups: 'groups', betaTesters: 'testers', builds: 'builds' }[type];
  if (!page || !appId || !resourceId || told.action === 'delete') return { name };
  return { name, href: `${home}/${page}/${encodeURIComponent(resourceId)}` };
}

function locale({ before, after, label }: Told): Part[] {
  const found = flat(after).locale ?? flat(before).locale ?? label;
  return typeof found === 'string' && /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(found) ? [` (${found})`] : [];
}

function appPart({ appName, appId, home = appHref(appId ?? '') }: Told): Part[] {
  return appName ? [{ name: appName, ...(appId ? { href: home } : {}) }] : ['the app'];
}

function inApp(told: Told): Part[] {
  return told.appName ? [' in ', ...appPart(told)] : [];
}

function ofApp(told: Told): Part[] {
  return told.appName ? [' of ', ...appPart(told)] : [];
}

/** A, B and C. */
export function list(parts: readonly Part[]): Part[] {
  return parts.flatMap((part, index) =>
    index === 0 ? [part] : [index === parts.length - 1 ? ' and ' : ', ', part],
  );
}

function article(noun: string): string {
  return /^[aeiou]/i.test(noun)
    ? `an ${noun}`
    : /(criteria|feedback|information|s)$|^What/.test(noun)
      ? noun
      : `a ${noun}`;
}

function words(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}

/** Neighbouring words as one piece. */
function tidy(parts: readonly Part[]): Part[] {
  const out: Part[] = [];
  for (const part of parts) {
    const last = out.at(-1);
    if (typeof part === 'string' && typeof last === 'string') out[out.length - 1] = last + part;
    else if (part !== '') out.push(part);
  }
  return out.map((part) => (typeof part === 'string' ? part.replace(/ {2,}/g, ' ') : part));
}
