import { github } from './github';
import { gitlab } from './gitlab';
import { jira } from './jira';
import { linear } from './linear';
import { slack, teams, webhook } from './messages';
import type { Send } from './outgoing';
import type { Connector, Kind, Settings } from './types';

type Maker = (settings: Settings, send: Send, now: () => number) => Connector;
const MAKERS: Readonly<Record<Kind, Maker>> = {
  ...{ github, gitlab, jira, linear, slack, teams, webhook },
};

/** The connector of its settings; it asks nobody but by `send`. */
export function connectorOf(settings: Settings, send: Send, now: () => number): Connector {
  return MAKERS[settings.kind](settings, send, now);
}

/** Whether what is made there can be looked for, so that nothing is made twice. */
export const isTracker = (kind: Kind): boolean => !['slack', 'teams', 'webhook'].includes(kind);
/** Whether the secret is the address itself. */
export const hasSecretAddress = (kind: Kind): boolean => kind === 'slack' || kind === 'teams';
