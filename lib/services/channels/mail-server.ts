import { z } from 'zod';
import { mailSubject } from '@/lib/access/key-store';
import { authorise } from '@/lib/access/policy';
import { type Mail, type MailServer, SECURITIES, sendMail as send } from '@/lib/connectors/mail';
import { ConnectorError } from '@/lib/connectors/types';
import { shape } from '@/lib/store/shape';
import { audited } from '../audited';
import { asRefusal } from '../connectors/connectors';
import type { Ctx } from '../ctx';
import { badMember, notFound, RefusedError } from '../errors';
import { working } from './trouble';

const ID = 'mail';
const HOST = /^(?!.*\.\.)[a-z0-9]([a-z0-9.:-]*[a-z0-9])?$/i;

export const mailServerBody = z.strictObject({
  host: z.string().trim().max(253).regex(HOST, 'Write the name of the server, such as smtp.example.com.'),
  port: z.int('Write a port, such as 465.').min(1, 'Write a port.').max(65_535, 'Write a port.'),
  security: z.enum(SECURITIES, 'Choose how the connection is encrypted.'),
  isInternal: z.boolean().default(false),
  /** '' where nobody has to sign in. */
  login: z.string().trim().max(300).default(''),
  /** Absent keeps the one that is stored. */
  password: z.string().min(1, 'Enter the password.').max(4_000).optional(),
  fromAddress: z.email('Write the address that mail comes from.').max(254),
  fromName: z.string().trim().min(1, 'Write who mail comes from.').max(80),
});
export type MailServerBody = z.infer<typeof mailServerBody>;

/** The mail server as the settings show it: never its password. */
export interface MailServerView extends Omit<MailServerBody, 'password'> {
  readonly hasPassword: boolean;
}

interface MailServerRow {
  readonly id: string;
  readonly host: string;
  readonly port: number;
  readonly security: MailServer['security'];
  readonly isInternal: number;
  readonly login: string | null;
  readonly sealedPassword: string;
  readonly keyVersion: number;
  readonly fromAddress: string;
  readonly fromName: string;
}

const stored = shape((build) =>
  build.selectFrom('mailServers').selectAll().where('id', '=', ID).$castTo<MailServerRow>(),
);

async function serverRow(db: Ctx['db']): Promise<MailServerRow | null> {
  return (await db.read(stored({})))[0] ?? null;
}

/** Whether mail can be sent at all. */
export async function hasMailServer(db: Ctx['db']): Promise<boolean> {
  return (await serverRow(db)) !== null;
}

/** The mail server, or null where none is set up. */
export async function mailServerView(ctx: Ctx): Promise<MailServerView | null> {
  authorise(ctx.actor, 'settings:write');
  const row = await serverRow(ctx.db);
  return row && viewOf(row);
}

const viewOf = (row: MailServerRow): MailServerView => ({
  ...{ host: row.host, port: row.port, security: row.security, isInternal: row.isInternal === 1 },
  ...{ login: row.login ?? '', fromAddress: row.fromAddress, fromName: row.fromName },
  hasPassword: row.sealedPassword !== '',
});

/** Sets the mail server up, or changes it; without a password the stored one stays. @throws RefusedError 400 */
export async function saveMailServer(ctx: Ctx, given: MailServerBody): Promise<MailServerView> {
  authorise(ctx.actor, 'settings:write');
  const row = await serverRow(ctx.db);
  refuseWrong(given, row);
  const keyVersion = (row?.keyVersion ?? 0) + 1;
  const sealedPassword = await sealed(ctx, given, row, keyVersion);
  const { password: _, login, isInternal, ...rest } = given;
  const now = ctx.clock.now();
  const columns = {
    ...{ ...rest, login: login || null, isInternal: isInternal ? 1 : 0, sealedPassword, keyVersion },
    ...{ updatedAt: now, updatedBy: ctx.actor.kind === 'user' ? ctx.actor.id : null },
  };
  const told = { ...rest, login, isInternal };
  const entry = { type: 'mailServers', resourceId: ID, label: given.host, requested: told };
  return audited(
    ctx,
    row ? { ...entry, action: 'update', before: viewOf(row) } : { ...entry, action: 'create' },
    async () => {
      await ctx.db.write([
        ctx.keys.guard(),
        ctx.db.build
          .insertInto('mailServers')
          .values({ id: ID, ...columns, createdAt: now })
          .onConflict((on) => on.column('id').doUpdateSet(columns)),
        working(ctx.db, 'mail'),
      ]);
      return { result: { ...told, hasPassword: sealedPassword !== '' }, after: told };
    },
  );
}

async function sealed(
  ctx: Ctx,
  { login, password }: MailServerBody,
  row: MailServerRow | null,
  keyVersion: number,
): Promise<string> {
  if (login === '') return '';
  const text = password ?? (row ? await passwordOf(ctx, row) : '');
  return ctx.keys.seal(mailSubject(ID), keyVersion, text);
}

async function passwordOf({ keys }: Pick<Ctx, 'keys'>, { id, keyVersion, sealedPassword }: MailServerRow) {
  if (sealedPassword === '') return '';
  return keys.open({ id: mailSubject(id), keyVersion, sealedKey: sealedPassword });
}

/** No mail is sent any more; the password is destroyed. */
export async function removeMailServer(ctx: Ctx): Promise<void> {
  authorise(ctx.actor, 'settings:write');
  const row = await serverRow(ctx.db);
  if (!row) throw notFound('There is no mail server.');
  const entry = { type: 'mailServers', resourceId: ID, label: row.host, before: viewOf(row) };
  await audited(ctx, { ...entry, action: 'delete' }, async () => ({
    result: undefined,
    statements: [ctx.db.build.deleteFrom('mailServers').where('id', '=', ID), working(ctx.db, 'mail')],
  }));
}

/** Sends a mail to whoever asks by the server as it stands in the form, and says what it answered. @throws RefusedError 400, 422, 502 */
export async function testMailServer(ctx: Ctx, given: MailServerBody): Promise<{ words: string }> {
  authorise(ctx.actor, 'settings:write');
  if (ctx.actor.kind !== 'user') throw notFound('A test is sent to a person.');
  const row = await serverRow(ctx.db);
  refuseWrong(given, row);
  const password = given.password ?? (row ? await passwordOf(ctx, row) : '');
  try {
    const said = await send(
      { ...given, login: given.login || null, password },
      {
        ...{ id: `test-${ctx.requestId}`, to: ctx.actor.email, subject: 'A test of Flightdeck' },
        text: 'Somebody tries whether mail of Flightdeck arrives here. It does.',
      },
    );
    return {
      words: `${given.host} took a message for ${ctx.actor.email}${said ? ` and said: ${said}` : '.'} Look whether it arrived.`,
    };
  } catch (error) {
    throw asRefusal(error);
  }
}

/** Everything that is wrong at once; a stored password goes to no other server, and not less protected. @throws RefusedError 400 */
function refuseWrong(given: MailServerBody, row: MailServerRow | null): void {
  const { host, port, security, isInternal, login, password } = given;
  const isElsewhere = row && (row.host !== host || row.port !== port || row.security !== security);
  const needsPassword = login !== '' && password === undefined;
  const wrong = [
    ...(security === 'none' && !isInternal
      ? [badMember('/security', 'Without encryption mail goes through your own network only.')]
      : []),
    ...(needsPassword && (row?.sealedPassword ?? '') === ''
      ? [badMember('/password', 'Enter the password.')]
      : needsPassword && isElsewhere
        ? [badMember('/password', 'Enter the password again: the mail would go by another server.')]
        : []),
  ];
  if (wrong.length > 0) throw new RefusedError(wrong.flatMap(({ problems }) => problems));
}

/** Sends one mail by the server of this installation, and gives what that said. @throws ConnectorError, also where none is set up */
export async function sendMail(ctx: Pick<Ctx, 'db' | 'keys'>, mail: Mail): Promise<string> {
  const row = await serverRow(ctx.db);
  if (!row) throw new ConnectorError('passing', 'No mail server is set up.');
  const password = await passwordOf(ctx, row);
  return send({ ...row, isInternal: row.isInternal === 1, password }, mail);
}
