import { connectorSubject } from '@/lib/access/key-store';
import { connectorOf, hasSecretAddress } from '@/lib/connectors/connector';
import { createSend } from '@/lib/connectors/outgoing';
import { type Connector, KINDS, type Kind } from '@/lib/connectors/types';
import { shape } from '@/lib/store/shape';
import type { Ctx } from '../ctx';
import { notFound } from '../errors';

/** A connector as it is kept. */
export interface ConnectorRow {
  readonly id: string;
  readonly kind: Kind;
  readonly name: string;
  readonly baseUrl: string;
  readonly isInternal: number;
  readonly project: string | null;
  readonly itemType: string | null;
  readonly login: string | null;
  readonly sealedSecret: string;
  readonly keyVersion: number;
  readonly accountId: string | null;
  readonly appId: string | null;
  readonly title: string;
  readonly body: string;
  readonly doesResolve: number;
  readonly takesAlerts: number;
  readonly createdAt: number;
  readonly removedAt: number | null;
}

const all = shape((build) =>
  build.selectFrom('connectors').selectAll().orderBy('name').orderBy('id').$castTo<ConnectorRow>(),
);

/** Every connector by its name; those that were removed too, for what was made by them. */
export async function connectorRows(db: Ctx['db']): Promise<ConnectorRow[]> {
  return (await db.read(all({}))).filter(({ kind }) => KINDS.includes(kind));
}

/** A connector that is in use. @throws RefusedError 404 */
export async function connectorRow(db: Ctx['db'], id: string): Promise<ConnectorRow> {
  const row = (await connectorRows(db)).find((one) => one.id === id && one.removedAt === null);
  if (!row) throw notFound('There is no such connector, or it was removed.');
  return row;
}

/** What a connector needs to be tried, before it is kept. */
export type Draft = Pick<
  ConnectorRow,
  'kind' | 'baseUrl' | 'isInternal' | 'project' | 'itemType' | 'login'
> & {
  readonly secret: string;
};

/** Works with a connector, and closes its connections after. @throws ConnectorError, SealError */
export async function using<Result>(
  ctx: Pick<Ctx, 'keys' | 'env' | 'clock'>,
  row: ConnectorRow,
  work: (connector: Connector) => Promise<Result>,
): Promise<Result> {
  return trying(ctx, { ...row, secret: await secretOf(ctx, row) }, work);
}

/** The same with a secret that is at hand. */
export async function trying<Result>(
  { env, clock }: Pick<Ctx, 'env' | 'clock'>,
  draft: Draft,
  work: (connector: Connector) => Promise<Result>,
): Promise<Result> {
  const { kind, baseUrl, secret } = draft;
  const out = createSend({
    baseUrl: hasSecretAddress(kind) ? secret : baseUrl,
    isInternal: draft.isInternal === 1,
    proxies: { http: env.HTTP_PROXY, https: env.HTTPS_PROXY, except: env.NO_PROXY },
  });
  const { project, itemType, login } = draft;
  const settings = {
    kind,
    baseUrl,
    secret,
    project: project ?? '',
    itemType: itemType ?? '',
    login: login ?? '',
  };
  try {
    return await work(connectorOf(settings, out.send, () => clock.now()));
  } finally {
    await out.close();
  }
}

/** The secret of a connector, opened. */
export function secretOf({ keys }: Pick<Ctx, 'keys'>, row: ConnectorRow): Promise<string> {
  const { id, keyVersion, sealedSecret } = row;
  return keys.open({ id: connectorSubject(id), keyVersion, sealedKey: sealedSecret });
}
