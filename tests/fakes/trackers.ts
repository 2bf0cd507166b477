import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Ajv } from 'ajv';
import type { Kind } from '@/lib/connectors/types';
import { ISSUE_CREATE_INPUT } from './linear-issues';

/** What goes wrong with the next request that makes something. */
export type Fault =
  /** It is made, and the answer is lost behind it. */
  | 'madeThen504'
  | 'madeThenCut'
  | 'madeThenHtml'
  | 'madeThenHangs'
  /** Nothing is made. */
  | 'html502'
  | 'hangs'
  | { readonly status: number; readonly body?: unknown; readonly headers?: Record<string, string> };

/** What was made at a fake. */
interface FakeIssue {
  readonly number: number;
  readonly id: string;
  readonly title: string;
  readonly body: string;
  isClosed: boolean;
}

export interface FakeTracker {
  readonly url: string;
  readonly issues: FakeIssue[];
  /** What the schemas say against a request. */
  readonly wrong: string[];
  /** Requests that were to make something. */
  readonly writes: { readonly body: string; readonly headers: IncomingMessage['headers'] }[];
  /** One for each of the next writes. */
  readonly faults: Fault[];
  /** What every request is answered with instead, while it is set. */
  down: number | null;
  close(): Promise<void>;
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly json: Readonly<Record<string, unknown>>;
}
interface Told {
  readonly status: number;
  readonly body: unknown;
}

const SCHEMA = JSON.parse(readFileSync(new URL('./github-issues.json', import.meta.url), 'utf8'));
const ajv = new Ajv({ strict: false });
const isGithubIssue = ajv.compile(SCHEMA.create);

export const SECRET = 'a-secret-of-tests';
const MADE_AT = '2026-03-01T10:00:00Z';

/** A tracker or messenger on loopback, which judges what it is asked. */
export async function fakeTracker(kind: Kind): Promise<FakeTracker> {
  const state: Omit<FakeTracker, 'url' | 'close'> = {
    ...{ issues: [], wrong: [], writes: [], faults: [], down: null },
  };
  const server = createServer((request, response) => {
    void readAll(request).then((body) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://fake');
      const json = parsed(body);
      const asked = {
        method: request.method ?? '',
        path: pathname,
        query: searchParams,
        headers: request.headers,
        body,
        json,
      };
      if (state.down !== null) return answer(response, state.down, { message: 'down' });
      const isWrite = WRITES[kind](asked);
      if (isWrite) state.writes.push({ body, headers: request.headers });
      const fault = isWrite ? state.faults.shift() : undefined;
      if (fault === undefined) return tell(response, RULES[kind](asked, state));
      const isMade = typeof fault === 'string' && fault.startsWith('made');
      if (isMade) RULES[kind](asked, state);
      return spoil(response, fault);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(state, {
    url,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

async function readAll(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

function parsed(body: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(body);
  } catch {
    return {};
  }
}

function answer(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const isText = typeof body === 'string';
  response.writeHead(status, { 'content-type': isText ? 'text/html' : 'application/json', ...headers });
  response.end(isText ? body : JSON.stringify(body));
}

const tell = (response: ServerResponse, { status, body }: Told) => answer(response, status, body);
const PAGE = '<!doctype html><html><body>Gateway</body></html>';

function spoil(response: ServerResponse, fault: Fault): void {
  if (fault === 'madeThen504') answer(response, 504, PAGE);
  else if (fault === 'html502') answer(response, 502, PAGE);
  else if (fault === 'madeThenHtml') answer(response, 200, PAGE);
  else if (fault === 'madeThenCut') response.destroy();
  else if (typeof fault === 'object') answer(response, fault.status, fault.body ?? {}, fault.headers);
  // Whatever hangs is ended by who asked.
}

const isPost = ({ method }: Asked) => method === 'POST';
const WRITES: Readonly<Record<Kind, (asked: Asked) => boolean>> = {
  ...{ github: isPost, gitlab: isPost, jira: isPost, slack: isPost, teams: isPost, webhook: isPost },
  linear: ({ json }) => String(json.query).includes('issueCreate'),
};

type Rule = (asked: Asked, state: Omit<FakeTracker, 'url' | 'close'>) => Told;

function made(
  { issues }: Pick<FakeTracker, 'issues'>,
  title: unknown,
  body: unknown,
  id?: unknown,
): FakeIssue {
  const number = issues.length + 1;
  const issue = {
    number,
    id: String(id ?? 1000 + number),
    title: String(title),
    body: String(body ?? ''),
    isClosed: false,
  };
  issues.push(issue);
  return issue;
}

const notFound: Told = { status: 404, body: { message: 'Not Found' } };

const RULES: Readonly<Record<Kind, Rule>> = {
  github({ method, path, query, headers, json }, state) {
    if (headers.authorization !== `Bearer ${SECRET}`)
      return { status: 401, body: { message: 'Bad credentials' } };
    const shown = (issue: FakeIssue) => ({
      ...Object.fromEntries(SCHEMA.required.map((name: string) => [name, null])),
      ...{ number: issue.number, title: issue.title, body: issue.body, created_at: MADE_AT },
      ...{ state: issue.isClosed ? 'closed' : 'open', state_reason: issue.isClosed ? 'completed' : null },
      html_url: `https://github.example/octo/app/issues/${issue.number}`,
    });
    if (path === '/repos/octo/app') return { status: 200, body: { full_name: 'octo/app', has_issues: true } };
    if (path === '/repos/octo/app/issues' && method === 'POST') {
      if (!isGithubIssue(json)) state.wrong.push(ajv.errorsText(isGithubIssue.errors));
      if (String(json.body).length > 65_536)
        return {
          status: 422,
          body: { message: 'Validation Failed', errors: [{ message: 'body is too long' }] },
        };
      return { status: 201, body: shown(made(state, json.title, json.body)) };
    }
    if (path === '/repos/octo/app/issues') {
      for (const [name, value] of query) {
        const schema = SCHEMA.list[name];
        const given = schema?.type === 'integer' ? Number(value) : value;
        if (!schema || !ajv.validate({ ...schema, format: undefined }, given))
          state.wrong.push(`list: ${name}=${value}`);
      }
      return { status: 200, body: state.issues.map(shown).reverse() };
    }
    const issue = state.issues.find(({ number }) => path === `/repos/octo/app/issues/${number}`);
    return issue ? { status: 200, body: shown(issue) } : notFound;
  },
  // https://docs.gitlab.com/api/issues (from memory, 2026-11-29): no npm package ships a schema of it.
  gitlab({ method, path, query, headers, json }, state) {
    if (headers['private-token'] !== SECRET) return { status: 401, body: { message: '401 Unauthorized' } };
    const place = '/api/v4/projects/group%2Fapp';
    const shown = (issue: FakeIssue) => ({
      ...{ id: Number(issue.id), iid: issue.number, title: issue.title, description: issue.body },
      ...{ state: issue.isClosed ? 'closed' : 'opened', created_at: MADE_AT },
      web_url: `https://gitlab.example/group/app/-/issues/${issue.number}`,
      references: { full: `group/app#${issue.number}` },
    });
    if (path === place)
      return { status: 200, body: { path_with_namespace: 'group/app', issues_enabled: true } };
    if (path === `${place}/issues` && method === 'POST') {
      if (typeof json.title !== 'string' || json.title === '')
        return { status: 400, body: { message: { title: ["can't be blank"] } } };
      for (const name of Object.keys(json))
        if (!['title', 'description', 'labels'].includes(name)) state.wrong.push(`create: ${name}`);
      // A line like `/close` would be carried out, not kept.
      const kept = String(json.description)
        .split('\n')
        .filter((line) => !/^\s*\/[a-z]/i.test(line))
        .join('\n');
      return { status: 201, body: shown(made(state, json.title, kept)) };
    }
    if (path === `${place}/issues`) {
      const known = ['scope', 'order_by', 'sort', 'per_page', 'page', 'created_after'];
      for (const [name] of query) if (!known.includes(name)) state.wrong.push(`list: ${name}`);
      return { status: 200, body: state.issues.map(shown).reverse() };
    }
    const issue = state.issues.find(({ number }) => path === `${place}/issues/${number}`);
    return issue ? { status: 200, body: shown(issue) } : notFound;
  },
  // https://developer.atlassian.com/cloud/jira/platform/rest/v2 (from memory, 2026-11-29): no npm package ships its schema.
  jira({ method, path, query, headers, json }, state) {
    const basic = `Basic ${Buffer.from(`qa@example.com:${SECRET}`).toString('base64')}`;
    if (headers.authorization !== basic)
      return { status: 401, body: { errorMessages: ['You are not authenticated.'] } };
    const shown = (issue: FakeIssue) => ({
      ...{ id: issue.id, key: `APP-${issue.number}`, self: 'x' },
      fields: {
        description: issue.body,
        status: issue.isClosed
          ? { name: 'Shipped', statusCategory: { key: 'done' } }
          : { name: 'To do', statusCategory: { key: 'new' } },
      },
    });
    if (path === '/rest/api/2/project/APP')
      return { status: 200, body: { name: 'Papaya', issueTypes: [{ name: 'Bug' }, { name: 'Task' }] } };
    if (path === '/rest/api/2/issue' && method === 'POST') {
      const fields = (json.fields ?? {}) as Record<string, { key?: string; name?: string } | string>;
      const errors: Record<string, string> = {};
      if ((fields.project as { key?: string })?.key !== 'APP') errors.project = 'project is required';
      if ((fields.issuetype as { name?: string })?.name !== 'Bug')
        errors.issuetype = 'Specify a valid issue type';
      if (/\n/.test(String(fields.summary)))
        errors.summary = 'The summary is invalid because it contains newline characters.';
      if (Object.keys(errors).length > 0) return { status: 400, body: { errorMessages: [], errors } };
      const { id, key, self } = shown(made(state, fields.summary, fields.description));
      return { status: 201, body: { id, key, self } };
    }
    if (path === '/rest/api/2/search/jql') {
      if (!/^project = "APP" AND created >= "-\d+m" order by created desc$/.test(query.get('jql') ?? ''))
        state.wrong.push(`jql: ${query.get('jql')}`);
      return { status: 200, body: { issues: state.issues.map(shown).reverse(), isLast: true } };
    }
    const issue = state.issues.find(({ id }) => path === `/rest/api/2/issue/${id}`);
    return issue ? { status: 200, body: shown(issue) } : notFound;
  },
  linear({ path, headers, json }, state) {
    if (path !== '/graphql') return notFound;
    if (headers.authorization !== SECRET)
      return {
        status: 400,
        body: {
          errors: [{ message: 'Authentication required', extensions: { code: 'AUTHENTICATION_ERROR' } }],
        },
      };
    const { query = '', variables = {} } = json as { query?: string; variables?: Record<string, unknown> };
    if ((query.match(/[{(]/g) ?? []).length !== (query.match(/[})]/g) ?? []).length)
      state.wrong.push(`query: ${query}`);
    const shown = (issue: FakeIssue) => ({
      ...{
        id: issue.id,
        identifier: `ENG-${issue.number}`,
        url: `https://linear.example/ENG-${issue.number}`,
      },
      state: issue.isClosed ? { name: 'Done', type: 'completed' } : { name: 'Todo', type: 'unstarted' },
    });
    if (query.includes('teams('))
      return { status: 200, body: { data: { teams: { nodes: [{ id: 'team-1', name: 'Engineering' }] } } } };
    if (query.includes('issueCreate(')) {
      const input = (variables.input ?? {}) as Record<string, unknown>;
      for (const [name, value] of Object.entries(input)) {
        const type = ISSUE_CREATE_INPUT[name];
        if (type === undefined || (type !== 'other' && typeof value !== type))
          state.wrong.push(`input: ${name}`);
      }
      if (input.teamId === undefined) state.wrong.push('input: teamId is missing');
      // As Linear does: the id is unique.
      if (state.issues.some(({ id }) => id === input.id))
        return {
          status: 200,
          body: { errors: [{ message: 'Entity already exists', extensions: { code: 'INVALID_INPUT' } }] },
        };
      const issue = made(state, input.title, input.description, input.id);
      return { status: 200, body: { data: { issueCreate: { success: true, issue: shown(issue) } } } };
    }
    const found = state.issues.filter(({ id }) => id === variables.id).map(shown);
    return { status: 200, body: { data: { issues: { nodes: found } } } };
  },
  // https://docs.slack.dev/reference/block-kit/blocks (from memory, 2026-11-29)
  slack({ json }, state) {
    const blocks = (json.blocks ?? []) as { type: string; text: { type: string; text: string } }[];
    for (const { type, text } of blocks) {
      const most = type === 'header' ? 150 : 3_000;
      if (text.text.length < 1 || text.text.length > most) state.wrong.push(`${type} of ${text.text.length}`);
      if (text.type !== (type === 'header' ? 'plain_text' : 'mrkdwn'))
        state.wrong.push(`${type}: ${text.type}`);
    }
    if (typeof json.text !== 'string') return { status: 400, body: 'no_text' };
    made(state, json.text, blocks.map(({ text }) => text.text).join('\n'));
    return { status: 200, body: 'ok' };
  },
  // https://adaptivecards.io/explorer (schema 1.4, from memory, 2026-11-29)
  teams({ json }, state) {
    const [card] = (json.attachments ?? []) as {
      contentType: string;
      content: { type: string; body: { type: string; text: string }[] };
    }[];
    if (json.type !== 'message' || card?.contentType !== 'application/vnd.microsoft.card.adaptive')
      state.wrong.push('no card');
    if (card?.content.type !== 'AdaptiveCard') state.wrong.push('no adaptive card');
    for (const { type, text } of card?.content.body ?? [])
      if (type !== 'TextBlock' || text === '') state.wrong.push(type);
    made(state, card?.content.body[0]?.text, card?.content.body[1]?.text);
    return { status: 202, body: {} };
  },
  webhook({ json }, state) {
    made(state, json.title, json.body, json.id);
    return { status: 200, body: {} };
  },
};
