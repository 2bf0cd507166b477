import { keys, type Noun, type Stale, stalePrefixes } from './keys';
import type { LiveEvent } from './live';
import type { StaleGraph } from './types';

/** What is asked again when something of a topic has changed, whatever it is. */
const TOPICS: Readonly<Record<string, readonly Noun[]>> = {
  feedback: ['feedback', 'issues', 'notices', 'overview'],
  presence: ['presence'],
  notices: ['notices', 'alerts'],
  jobs: ['jobs'],
};

/** What shows each type of what is ours, as the audit trail calls it; what feedback is about is told by its own topic. */
const OWN: Readonly<Record<string, readonly Stale[]>> = {
  accounts: ['accounts', 'overview', 'sync', 'apps'],
  alertRules: ['alerts', 'channels'],
  alertSettings: ['alerts'],
  archive: ['archive'],
  connectors: ['connectors', 'channels', 'alerts'],
  digests: ['digest'],
  jobs: ['jobs'],
  lights: ['overview'],
  machineTokens: ['tokens'],
  mailServers: ['alerts', 'channels', 'digest'],
  metrics: ['metrics'],
  noteTemplates: ['note-templates'],
  savedReplies: ['replies'],
  shareLinks: ['shares'],
  shipApproval: ['ship-templates'],
  shipTemplates: ['ship-templates'],
  symbolFiles: ['symbols'],
  testerRecords: ['betaTesters'],
  triageRules: ['rules'],
  users: ['team'],
};

/** Everything that is shown of App Store Connect and of ours, without what a person is just doing. */
const EVERYTHING: readonly (readonly unknown[])[] = [
  ['v1'],
  ...[...new Set([...Object.values(TOPICS), ...Object.values(OWN)].flat())].map((name) => ['own', name]),
  ...(['overview', 'activity', 'people', 'sync', 'webhooks'] as const).map((noun) => keys.noun(noun)),
];

/** The keys of what is to be asked again after an event. */
export function staleAfter(event: LiveEvent, graph: StaleGraph): readonly (readonly unknown[])[] {
  if (event.kind === 'gap') return EVERYTHING;
  const { topic, ids } = event;
  if (topic !== 'mirror' && topic !== 'own') return stalePrefixes(TOPICS[topic] ?? [], graph);
  // More of them than could be named.
  if (ids.length === 0) return EVERYTHING;
  if (topic === 'mirror') return stalePrefixes(ids as readonly Stale[], graph);
  return stalePrefixes([...ids.flatMap((id) => OWN[id] ?? []), 'activity'], graph);
}
