import { needed, type Reasons, recordOf, successOf, textOf } from './answers';
import type { Send } from './outgoing';
import { asJira, markerOf, withMarker } from './text';
import type { Connector, Made, Settings } from './types';
import { ConnectorError } from './types';

const WHO = 'Jira';
/** Jira refuses a text of more than this. */
const MOST = 32_767;
const PAGES = 10;
/** A clock that is behind must not hide what was made: Jira's queries know whole minutes only. */
const SLACK_MS = 2 * 60_000;

const reasons: Reasons = ({ errorMessages, errors, message }) => [
  ...(Array.isArray(errorMessages) ? errorMessages : []),
  ...Object.entries(recordOf(errors)).map(([field, words]) => `${field}: ${textOf(words)}`),
  message,
];

/**
 * Issues of a Jira project, by version 2 of its API, which takes text in Cloud and Data Center alike:
 * https://developer.atlassian.com/cloud/jira/platform/rest/v2 (from memory, 2026-11-29).
 */
export function jira(
  { baseUrl, project, itemType, login, secret }: Settings,
  send: Send,
  now: () => number,
): Connector {
  const api = `${baseUrl}/rest/api/2`;
  const authorization =
    login === '' ? `Bearer ${secret}` : `Basic ${Buffer.from(`${login}:${secret}`).toString('base64')}`;
  const headers = { authorization, 'x-atlassian-token': 'no-check' };
  const get = async (url: string) =>
    successOf(await send({ method: 'GET', url, headers }), { who: WHO, reasons, isWrite: false });
  const madeOf = (issue: Readonly<Record<string, unknown>>, isWrite: boolean): Made => {
    const key = needed(issue.key, WHO, isWrite);
    return {
      key,
      remoteId: needed(issue.id, WHO, isWrite),
      url: `${baseUrl}/browse/${encodeURIComponent(key)}`,
    };
  };
  return {
    async make({ id, title, body }) {
      const text = asJira(body);
      const answer = await send({
        ...{ method: 'POST', url: `${api}/issue` },
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({
          fields: {
            project: { key: project },
            issuetype: { name: itemType || 'Bug' },
            summary: title.slice(0, 255),
            description: withMarker(text, id, MOST),
          },
        }),
      });
      return madeOf(successOf(answer, { who: WHO, reasons, isWrite: true }), true);
    },
    async find({ id }, since) {
      const minutes = Math.ceil((now() - since + SLACK_MS) / 60_000);
      const wanted = [`project = "${project.replaceAll('"', '')}"`, `created >= "-${minutes}m"`];
      const jql = `${wanted.join(' AND ')} order by created desc`;
      let token = '';
      for (let page = 0; page < PAGES; page += 1) {
        const { issues, nextPageToken, total } = await search(jql, { token, from: page * 100 });
        const found = (Array.isArray(issues) ? issues : []).map(recordOf);
        const mine = found.find(({ fields }) => textOf(recordOf(fields).description).includes(markerOf(id)));
        if (mine) return madeOf(mine, false);
        token = textOf(nextPageToken);
        if (found.length < 100 || (token === '' && typeof total !== 'number')) return null;
      }
      return null;
    },
    async state({ remoteId }) {
      const answer = await send({
        method: 'GET',
        url: `${api}/issue/${encodeURIComponent(remoteId)}?fields=status`,
        headers,
      });
      if (answer.status === 404) return null;
      const { fields } = successOf(answer, { who: WHO, reasons, isWrite: false });
      const status = recordOf(recordOf(fields).status);
      const isClosed = textOf(recordOf(status.statusCategory).key) === 'done';
      return { isClosed, words: textOf(status.name) || (isClosed ? 'Done' : 'Open') };
    },
    async check() {
      const { name, issueTypes } = await get(`${api}/project/${encodeURIComponent(project)}`);
      const types = (Array.isArray(issueTypes) ? issueTypes : []).map((type) => textOf(recordOf(type).name));
      const wanted = itemType || 'Bug';
      if (types.length > 0 && !types.includes(wanted))
        throw new ConnectorError('refused', `The project has no “${wanted}”. It has: ${types.join(', ')}.`);
      return `“${wanted}” is made in ${textOf(name) || project}.`;
    },
  };

  /** Cloud has a search of its own since 2025; Data Center has the one before. */
  async function search(jql: string, { token, from }: { token: string; from: number }) {
    const fields = { jql, fields: 'description', maxResults: '100' };
    const cloud = new URLSearchParams({ ...fields, ...(token === '' ? {} : { nextPageToken: token }) });
    const answer = await send({ method: 'GET', url: `${api}/search/jql?${cloud}`, headers });
    if (answer.status !== 404 && answer.status !== 405)
      return successOf(answer, { who: WHO, reasons, isWrite: false });
    return get(`${api}/search?${new URLSearchParams({ ...fields, startAt: String(from) })}`);
  }
}
