import { needed, type Reasons, recordOf, saidBy, successOf, textOf } from './answers';
import type { Send } from './outgoing';
import { markerOf, withMarker } from './text';
import type { Connector, Made, Settings } from './types';
import { ConnectorError } from './types';

const WHO = 'GitHub';
const MOST = 65_536;
const PAGES = 10;

const reasons: Reasons = ({ message, errors }) => [
  message,
  ...(Array.isArray(errors) ? errors : []).map((one) => {
    const { message: words, field, code } = recordOf(one);
    return typeof one === 'string' ? one : textOf(words) || saidBy([field, code]);
  }),
];

/** Issues of a GitHub repository: https://docs.github.com/rest/issues (from memory, 2026-11-29, version 2022-11-28). */
export function github({ baseUrl, project, itemType, secret }: Settings, send: Send): Connector {
  const repository = `${baseUrl}/repos/${project.split('/').map(encodeURIComponent).join('/')}`;
  const headers = {
    accept: 'application/vnd.github+json',
    authorization: `Bearer ${secret}`,
    'x-github-api-version': '2022-11-28',
  };
  const get = async (url: string) =>
    successOf(await send({ method: 'GET', url, headers }), { who: WHO, reasons, isWrite: false });
  const madeOf = (issue: Readonly<Record<string, unknown>>, isWrite: boolean): Made => {
    const number = needed(issue.number, WHO, isWrite);
    return { key: `${project}#${number}`, remoteId: number, url: needed(issue.html_url, WHO, isWrite) };
  };
  return {
    async make({ id, title, body }) {
      const labels = itemType === '' ? {} : { labels: itemType.split(',').map((label) => label.trim()) };
      const answer = await send({
        ...{ method: 'POST', url: `${repository}/issues` },
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ title: title.slice(0, 256), body: withMarker(body, id, MOST), ...labels }),
      });
      return madeOf(successOf(answer, { who: WHO, reasons, isWrite: true }), true);
    },
    // The list is always up to date, where the search lags behind.
    async find({ id }, since) {
      for (let page = 1; page <= PAGES; page += 1) {
        const query = new URLSearchParams({
          ...{ state: 'all', sort: 'created', direction: 'desc', per_page: '100', page: String(page) },
          since: new Date(since).toISOString(),
        });
        const found = Object.values(await get(`${repository}/issues?${query}`)).map(recordOf);
        const mine = found.find(({ body }) => textOf(body).includes(markerOf(id)));
        if (mine) return madeOf(mine, false);
        if (found.length < 100) return null;
      }
      return null;
    },
    async state({ remoteId }) {
      const answer = await send({ method: 'GET', url: `${repository}/issues/${remoteId}`, headers });
      if (answer.status === 404 || answer.status === 410) return null;
      const { state, state_reason: why } = successOf(answer, { who: WHO, reasons, isWrite: false });
      const isClosed = state === 'closed';
      return { isClosed, words: isClosed ? (CLOSED[textOf(why)] ?? 'Closed') : 'Open' };
    },
    async check() {
      const { full_name: name, has_issues: hasIssues, archived } = await get(repository);
      if (hasIssues === false) throw new ConnectorError('refused', 'The repository has issues switched off.');
      if (archived === true)
        throw new ConnectorError('refused', 'The repository is archived and takes no issues.');
      return `Issues are made in ${textOf(name) || project}.`;
    },
  };
}

const CLOSED: Readonly<Record<string, string>> = {
  completed: 'Closed as completed',
  not_planned: 'Closed as not planned',
  duplicate: 'Closed as a duplicate',
};
