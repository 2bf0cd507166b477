import { needed, type Reasons, recordOf, successOf, textOf } from './answers';
import type { Send } from './outgoing';
import { markerOf, withMarker } from './text';
import type { Connector, Made, Settings } from './types';
import { ConnectorError } from './types';

const WHO = 'GitLab';
const MOST = 1_000_000;
const PAGES = 10;

const reasons: Reasons = ({ message, error, error_description: more }) => [
  ...(typeof message === 'object' && message !== null
    ? Object.entries(message).map(([field, words]) => `${field} ${[words].flat().join(', ')}`)
    : [message]),
  error,
  more,
];

/** Issues of a GitLab project: https://docs.gitlab.com/api/issues (from memory, 2026-11-29). */
export function gitlab({ baseUrl, project, itemType, secret }: Settings, send: Send): Connector {
  const place = `${baseUrl}/api/v4/projects/${encodeURIComponent(project)}`;
  const headers = { 'private-token': secret };
  const get = async (url: string) =>
    successOf(await send({ method: 'GET', url, headers }), { who: WHO, reasons, isWrite: false });
  const madeOf = (issue: Readonly<Record<string, unknown>>, isWrite: boolean): Made => {
    const number = needed(issue.iid, WHO, isWrite);
    const key = textOf(recordOf(issue.references).full) || `${project}#${number}`;
    return { key, remoteId: number, url: needed(issue.web_url, WHO, isWrite) };
  };
  return {
    async make({ id, title, body }) {
      const labels = itemType === '' ? {} : { labels: itemType };
      const answer = await send({
        ...{ method: 'POST', url: `${place}/issues` },
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({
          title: title.slice(0, 255),
          description: unslashed(withMarker(body, id, MOST)),
          ...labels,
        }),
      });
      return madeOf(successOf(answer, { who: WHO, reasons, isWrite: true }), true);
    },
    // By date and not by words: what was made a moment ago may not be in the index of words.
    async find({ id }, since) {
      for (let page = 1; page <= PAGES; page += 1) {
        const query = new URLSearchParams({
          ...{ scope: 'all', order_by: 'created_at', sort: 'desc', per_page: '100', page: String(page) },
          created_after: new Date(since).toISOString(),
        });
        const found = Object.values(await get(`${place}/issues?${query}`)).map(recordOf);
        const mine = found.find(({ description }) => textOf(description).includes(markerOf(id)));
        if (mine) return madeOf(mine, false);
        if (found.length < 100) return null;
      }
      return null;
    },
    async state({ remoteId }) {
      const answer = await send({ method: 'GET', url: `${place}/issues/${remoteId}`, headers });
      if (answer.status === 404) return null;
      const { state } = successOf(answer, { who: WHO, reasons, isWrite: false });
      return { isClosed: state === 'closed', words: state === 'closed' ? 'Closed' : 'Open' };
    },
    async check() {
      const { path_with_namespace: name, issues_enabled: hasIssues, archived } = await get(place);
      if (hasIssues === false) throw new ConnectorError('refused', 'The project has issues switched off.');
      if (archived === true)
        throw new ConnectorError('refused', 'The project is archived and takes no issues.');
      return `Issues are made in ${textOf(name) || project}.`;
    },
  };
}

/** A line that begins with `/` would be a quick action: it closes issues, or gives them to somebody. */
const unslashed = (text: string) => text.replace(/^([\s>]*)\/(?=[a-z])/gim, '$1\\/');
