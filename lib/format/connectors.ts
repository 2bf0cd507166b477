/** What each place to hand over to is called, and what must be known of it. */
export const CONNECTOR_KINDS = {
  github: {
    name: 'GitHub',
    address: 'https://api.github.com',
    addressHint: 'Of GitHub Enterprise: https://your-server/api/v3.',
    project: 'Repository',
    projectHint: 'As owner/name.',
    itemType: 'Labels',
    itemHint: 'Separated by commas; may be empty.',
    secret: 'Token',
    secretHint: 'A fine-grained token that may read and write issues of this repository.',
  },
  gitlab: {
    name: 'GitLab',
    address: 'https://gitlab.com',
    addressHint: 'Or that of your own GitLab.',
    project: 'Project',
    projectHint: 'As group/project, or by its number.',
    itemType: 'Labels',
    itemHint: 'Separated by commas; may be empty.',
    secret: 'Token',
    secretHint: 'A project access token with the scope api and the role Reporter.',
  },
  jira: {
    name: 'Jira',
    address: '',
    addressHint: 'Such as https://your-team.atlassian.net, or that of your own Jira.',
    project: 'Project',
    projectHint: 'Its key, such as APP.',
    itemType: 'Issue type',
    itemHint: 'Empty for Bug.',
    login: 'E-mail',
    loginHint: 'Whose API token it is. Empty for a personal access token of Jira Data Center.',
    secret: 'API token',
    secretHint: '',
  },
  linear: {
    name: 'Linear',
    address: 'https://api.linear.app',
    addressHint: '',
    project: 'Team',
    projectHint: 'Its key, such as ENG.',
    secret: 'API key',
    secretHint: 'With the permission to create issues.',
  },
  slack: {
    name: 'Slack',
    secret: 'Webhook address',
    secretHint: 'Of an incoming webhook of the channel.',
  },
  teams: {
    name: 'Teams',
    secret: 'Webhook address',
    secretHint: 'Of a workflow that posts to the channel when a webhook request is received.',
  },
  webhook: {
    name: 'Webhook',
    address: '',
    addressHint: 'The item is sent there as JSON.',
    secret: 'Signing secret',
    secretHint: 'Each delivery is signed with it (HMAC-SHA256).',
  },
} as const satisfies Record<string, ConnectorWords>;

interface ConnectorWords {
  readonly name: string;
  readonly address?: string;
  readonly addressHint?: string;
  readonly project?: string;
  readonly projectHint?: string;
  readonly itemType?: string;
  readonly itemHint?: string;
  readonly login?: string;
  readonly loginHint?: string;
  readonly secret: string;
  readonly secretHint: string;
}

/** The words for a kind of connector. */
export function connectorWords(kind: keyof typeof CONNECTOR_KINDS): ConnectorWords {
  return CONNECTOR_KINDS[kind];
}
