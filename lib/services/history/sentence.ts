import { isResourceType } from '@/lib/asc/catalogue';
import { relationshipOf } from '@/lib/asc/operations';
import { attributeLabel } from '@/lib/format/attribute-labels';
import { formatCount } from '@/lib/format/numbers';
import { isRecord } from '@/lib/mirror/resource';
import { changedMembers } from './changed-members';
import { exported, handedOver, redacted, shared, somebody, unshared } from './hand-over-sentence';
import { covered, decision, digest, person, records, snoozed } from './own-sentence';
import {
  ADD,
  appPart,
  article,
  CHANGE,
  CREATE,
  DELETE,
  GIVE,
  inApp,
  lead,
  link,
  locale,
  nounOf,
  ofApp,
  owner,
  ownerOr,
  type Part,
  REMOVE,
  RENAME,
  type Say,
  SEND,
  SET,
  SWITCH,
  self,
  TAKE,
  type Told,
  thing,
  tidy,
  type Verb,
} from './parts';
import { container, relationshipByNames, relationshipIn, targets } from './targets';

/** An act in a sentence that follows who did it: “added ”, Ada, “ to ”, Hackathon. */
export function sentenceOf(told: Told): Part[] {
  const parts = deedOf(told);
  return tidy(told.undoOf === null ? parts : [...parts, ', taking a change back']);
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
    case 'approve':
      return say(['approved', 'approve'], 'the job ', self(told));
    case 'release':
      return say(['released', 'release'], 'the second stage of the job ', self(told));
    case 'replaceKey':
      return say(['replaced', 'replace'], 'the key ', self(told));
    case 'openElsewhere':
      return say(
        ['opened', 'open'],
        `the ${nounOf(type)[0]} `,
        self(told),
        ' under the address of another app',
      );
    case 'erase':
      return say(['erased', 'erase'], 'what was known of ', somebody(told));
    case 'redact':
      return redacted(told, say);
    case 'export':
      if (type === 'persons') return say(['exported', 'export'], 'all that is known of ', somebody(told));
      if (type === 'feedback') return exported(told, say);
      if (type === 'programmes')
        return say(
          ['exported', 'export'],
          'the programme',
          ofApp(told),
          ' as a file, with the contact for beta review',
        );
      return say(['exported', 'export'], `the ${nounOf(type)[1]}`, inApp(told), ' as a file');
    case 'handOver':
      return handedOver(told, say);
    case 'create':
      if (type === 'shareLinks') return shared(told, say);
      return created(told, say);
    case 'update':
      return updated(told, say);
    case 'delete':
      if (type === 'shareLinks') return unshared(told, say);
      return removed(told, say);
    case 'addLinkage':
    case 'removeLinkage':
    case 'replaceLinkage':
      return linked(told, say);
    default:
      return [`${words(action)}: ${nounOf(type)[0]} `, self(told)];
  }
}

export function created(told: Told, say: Say): Part[] {
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
    case 'betaAppClipInvocationLocalizations':
      return say(ADD, 'a title', locale(told), ' to an App Clip address', inApp(told));
    case 'appEncryptionDeclarations':
      return say(CREATE, 'an encryption declaration', ofApp(told));
    case 'appEncryptionDeclarationDocuments':
      return say(
        ['announced', 'announce'],
        'the document ',
        self(told),
        ' for an encryption declaration',
        ofApp(told),
      );
    case 'feedbackReplies':
      return say(['opened', 'open'], 'a reply to the tester in a mail program, about ', self(told));
    case 'feedbackDrawings':
      return say(['drew', 'draw'], 'on a copy of a picture of ', self(told));
    case 'users':
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
  if (type === 'appEncryptionDeclarationDocuments')
    return say(SEND, 'the document of an encryption declaration', ofApp(told));
  if (type === 'encryptionKey') return say(CHANGE, 'the encryption key');
  if (type === 'betaAppClipInvocationLocalizations') return say(CHANGE, thing(told));
  if (type === 'testerRecords') return records(told, say);
  if (type === 'issues') return decision(told, say);
  if (type === 'lights') return snoozed(told, say);
  if (type === 'digests') return digest(told, say);
  if (type === 'triageRules' && isRecord(told.after) && 'order' in told.after)
    return say(['put', 'put'], 'the rules in another order');
  if (type === 'users' || type === 'people') return person(told, only, say);
  if (type === 'builds' && only?.name === 'expired' && isOn) return say(['expired', 'expire'], thing(told));
  const anew = covered(told, say);
  if (anew) return anew;
  if (only?.name === 'usesNonExemptEncryption') {
    const as = only.after === true ? 'not exempt' : 'exempt';
    return say(['answered', 'answer'], 'the export compliance of ', thing(told), ` as ${as}`);
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

export function removed(told: Told, say: Say): Part[] {
  switch (told.type) {
    case 'betaTesters':
      return say(DELETE, self(told), ' from the team');
    case 'betaFeedbackCrashSubmissions':
    case 'betaFeedbackScreenshotSubmissions':
      return say(DELETE, article(nounOf(told.type)[0]), inApp(told));
    case 'feedbackDrawings':
      return say(DELETE, 'a drawing on a picture of ', self(told));
    case 'users':
    case 'people':
      return say(REMOVE, self(told), ' from the team');
    default:
      return say(DELETE, thing(told), told.type === 'betaGroups' ? inApp(told) : []);
  }
}

/** Who or what joins, and what is joined, whichever of the two Apple's relationship belongs to. */
export function linked(told: Told, say: Say): Part[] {
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

export function words(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}
