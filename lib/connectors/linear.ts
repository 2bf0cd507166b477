import { needed, type Reasons, recordOf, refusalOf, successOf, textOf } from './answers';
import type { Send } from './outgoing';
import { withMarker } from './text';
import type { Connector, Made, Settings } from './types';
import { ConnectorError } from './types';

const WHO = 'Linear';
const MOST = 100_000;

const reasons: Reasons = ({ errors }) =>
  (Array.isArray(errors) ? errors : []).map((one) => {
    const { message, extensions } = recordOf(one);
    return textOf(recordOf(extensions).userPresentableMessage) || textOf(message);
  });

/**
 * Issues of a Linear team: https://linear.app/developers/graphql (from memory, 2026-11-29). Linear takes the id of a new issue
 * from whoever makes it: the same one a second time is refused, and it is found by it.
 */
export function linear({ baseUrl, project, secret }: Settings, send: Send): Connector {
  const ask = async (query: string, variables: object, isWrite = false) => {
    const answer = await send({
      ...{ method: 'POST', url: `${baseUrl}/graphql` },
      headers: { authorization: secret, 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    }).catch((error: unknown) => {
      // A question may be asked again; only what makes something must not.
      if (error instanceof ConnectorError && error.kind === 'unsure' && !isWrite)
        throw new ConnectorError('passing', error.message, error.afterMs);
      throw error;
    });
    const asked = { who: WHO, reasons, isWrite };
    const { errors } = recordOf(answer.json);
    if (Array.isArray(errors) && errors.length > 0) throw refusal(answer, errors, asked);
    return recordOf(successOf(answer, asked).data);
  };
  const madeOf = (issue: Readonly<Record<string, unknown>>, isWrite: boolean): Made => ({
    key: needed(issue.identifier, WHO, isWrite),
    remoteId: needed(issue.id, WHO, isWrite),
    url: needed(issue.url, WHO, isWrite),
  });
  const team = async () => {
    const { teams } = await ask(TEAM, { key: project });
    const [found] = (recordOf(teams).nodes ?? []) as readonly unknown[];
    if (!found)
      throw new ConnectorError('refused', `Linear has no team “${project}”, or the key may not see it.`);
    return recordOf(found);
  };
  return {
    async make({ id, title, body }) {
      const teamId = needed((await team()).id, WHO, false);
      const input = { id, teamId, title: title.slice(0, 255), description: withMarker(body, id, MOST) };
      const { issueCreate } = await ask(CREATE, { input }, true);
      const { success, issue } = recordOf(issueCreate);
      if (success !== true) throw new ConnectorError('unsure', 'Linear did not say whether it was made.');
      return madeOf(recordOf(issue), true);
    },
    async find({ id }) {
      const { issues } = await ask(FIND, { id });
      const [found] = (recordOf(issues).nodes ?? []) as readonly unknown[];
      return found ? madeOf(recordOf(found), false) : null;
    },
    async state({ remoteId }) {
      const { issues } = await ask(FIND, { id: remoteId });
      const [found] = (recordOf(issues).nodes ?? []) as readonly unknown[];
      if (!found) return null;
      const { name, type } = recordOf(recordOf(found).state);
      const isClosed = ['completed', 'canceled', 'duplicate'].includes(textOf(type));
      return { isClosed, words: textOf(name) || (isClosed ? 'Done' : 'Open') };
    },
    check: async () => `Issues are made in the team ${textOf((await team()).name) || project}.`,
  };
}

const TEAM = 'query Team($key: String!) { teams(filter: { key: { eq: $key } }) { nodes { id name } } }';
const CREATE =
  'mutation Create($input: IssueCreateInput!) { issueCreate(input: $input) { success issue { id identifier url } } }';
const FIND =
  'query Find($id: ID!) { issues(filter: { id: { eq: $id } }, includeArchived: true) { nodes { id identifier url state { name type } } } }';

/** Linear says what is wrong inside an answer that is a success. */
function refusal(
  answer: Parameters<typeof refusalOf>[0],
  errors: readonly unknown[],
  asked: Parameters<typeof refusalOf>[1],
): ConnectorError {
  const codes = errors.map((one) => textOf(recordOf(recordOf(one).extensions).code).toUpperCase());
  if (answer.status >= 500) return refusalOf(answer, asked);
  const status = codes.includes('RATELIMITED')
    ? 429
    : codes.includes('AUTHENTICATION_ERROR')
      ? 401
      : codes.includes('FORBIDDEN')
        ? 403
        : codes.some((code) => code === 'INTERNAL_SERVER_ERROR')
          ? 500
          : 422;
  return refusalOf({ ...answer, status }, asked);
}
