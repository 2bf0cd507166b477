import { entryOf, isResourceType } from '@/lib/asc/catalogue';
import type { AuditEntry } from '@/lib/audit/entry';
import { appHref } from '@/lib/format/app-address';
import { flat } from './changed-members';

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
export type Verb = readonly [past: string, base: string];
export const ADD: Verb = ['added', 'add'];
export const REMOVE: Verb = ['removed', 'remove'];
export const GIVE: Verb = ['gave', 'give'];
export const TAKE: Verb = ['took', 'take'];
export const CREATE: Verb = ['created', 'create'];
export const CHANGE: Verb = ['changed', 'change'];
export const DELETE: Verb = ['deleted', 'delete'];
export const SEND: Verb = ['sent', 'send'];
export const SET: Verb = ['set', 'set'];
export const SWITCH: Verb = ['switched', 'switch'];
export const RENAME: Verb = ['renamed', 'rename'];

export type Say = (verb: Verb, ...rest: readonly (Part | readonly Part[])[]) => Part[];

/** The beginning: done, tried, or begun. */
export function lead([past, base]: Verb, status: string): string {
  if (status === 'succeeded') return past;
  return status === 'pending' ? `began to ${base}` : `tried to ${base}`;
}

/** Things of ours that the catalogue does not know. */
const OURS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  accounts: ['App Store Connect key', 'App Store Connect keys'],
  users: ['person', 'people'],
  // What users were called in entries of former versions.
  people: ['person', 'people'],
  persons: ['person’s data', 'people’s data'],
  auditEntries: ['entry of the activity', 'entries of the activity'],
  sessions: ['session', 'sessions'],
  views: ['view', 'views'],
  testerRecords: ['notes and tags', 'notes and tags'],
  issues: ['feedback', 'feedback'],
  feedback: ['report', 'reports'],
  connectors: ['connector', 'connectors'],
  shareLinks: ['share link', 'share links'],
  issueNotes: ['note', 'notes'],
  triageRules: ['rule', 'rules'],
  mailServers: ['mail server', 'mail servers'],
  alertRules: ['alert', 'alerts'],
  alertSettings: ['quiet hours of', 'quiet hours of'],
  savedReplies: ['saved reply', 'saved replies'],
  programmes: ['programme', 'programmes'],
  noteTemplates: ['template of What to Test', 'templates of What to Test'],
  shipTemplates: ['ship template', 'ship templates'],
  feedbackReplies: ['reply', 'replies'],
  feedbackDrawings: ['drawing', 'drawings'],
  machineTokens: ['machine token', 'machine tokens'],
  archive: ['archive', 'archives'],
  shipApproval: ['approval of ships of', 'approval of ships of'],
  symbolFiles: ['symbols of', 'symbols of'],
  digests: ['weekly digest', 'weekly digests'],
  lights: ['light of the health page', 'lights of the health page'],
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

/** The thing itself by its name, linked where it has a page. */
export function self(told: Told): Part {
  const known = told.resourceId === null ? undefined : told.names[`${told.type}/${told.resourceId}`];
  const name = known ?? told.label;
  return name ? link(told, name) : `${article(nounOf(told.type)[0])} without a name`;
}

/** The thing with its noun, except where the name alone says what it is. */
export function thing(told: Told): Part[] {
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
  if (told.type === 'betaAppClipInvocationLocalizations')
    return ['a title', ...locale(told), ' of an App Clip address', ...inApp(told)];
  if (told.type === 'buildBetaDetails') {
    const build = owner(told, 'builds');
    if (build.length > 0) return ['build ', ...build];
    return told.label ? ['build ', { name: told.label }] : ['a build', ...inApp(told)];
  }
  const isPlain = ['betaGroups', 'betaTesters', 'apps'].includes(told.type);
  const hasName =
    told.label !== null || (told.resourceId !== null && `${told.type}/${told.resourceId}` in told.names);
  if (!hasName) return [article(nounOf(told.type)[0]), ...inApp(told)];
  return isPlain
    ? [self(told)]
    : [`${told.type === 'builds' ? '' : 'the '}${nounOf(told.type)[0]} `, self(told)];
}

export function link(told: Told, name: string): Part {
  const { type, appId, resourceId, home = appHref(appId ?? '') } = told;
  // The page of a lone report's issue leads on to the report.
  if (['issues', 'feedbackReplies', 'feedbackDrawings'].includes(type) && resourceId)
    return { name, href: `/issues/${encodeURIComponent(resourceId)}` };
  const page = { betaGroups: 'groups', betaTesters: 'testers', builds: 'builds' }[type];
  if (!page || !appId || !resourceId || told.action === 'delete') return { name };
  return { name, href: `${home}/${page}/${encodeURIComponent(resourceId)}` };
}

export function appPart({ appName, appId, home = appHref(appId ?? '') }: Told): Part[] {
  return appName ? [{ name: appName, ...(appId ? { href: home } : {}) }] : ['the app'];
}

export function inApp(told: Told): Part[] {
  return told.appName ? [' in ', ...appPart(told)] : [];
}

export function ofApp(told: Told): Part[] {
  return told.appName ? [' of ', ...appPart(told)] : [];
}

/** A, B and C. */
export function list(parts: readonly Part[]): Part[] {
  return parts.flatMap((part, index) =>
    index === 0 ? [part] : [index === parts.length - 1 ? ' and ' : ', ', part],
  );
}

export function article(noun: string): string {
  return /^[aeiou]/i.test(noun)
    ? `an ${noun}`
    : /(criteria|feedback|information|s)$|^What/.test(noun)
      ? noun
      : `a ${noun}`;
}

/** Neighbouring words as one piece. */
export function tidy(parts: readonly Part[]): Part[] {
  const out: Part[] = [];
  for (const part of parts) {
    const last = out.at(-1);
    if (typeof part === 'string' && typeof last === 'string') out[out.length - 1] = last + part;
    else if (part !== '') out.push(part);
  }
  return out.map((part) => (typeof part === 'string' ? part.replace(/ {2,}/g, ' ') : part));
}

export function locale({ before, after, label }: Told): Part[] {
  const found = flat(after).locale ?? flat(before).locale ?? label;
  return typeof found === 'string' && /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(found) ? [` (${found})`] : [];
}

/** What a thing without a name of its own belongs to. */
export function owner(told: Told, type: string): Part[] {
  const found = Object.entries(told.names).filter(([ref]) => ref.startsWith(`${type}/`));
  return list(found.map(([, name]) => ({ name })));
}

export function ownerOr(told: Told, type: string): Part {
  const [first] = owner(told, type);
  if (first !== undefined) return first;
  return told.label ? { name: told.label } : article(nounOf(type)[0]);
}
