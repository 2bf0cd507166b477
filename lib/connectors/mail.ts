import { connect, isIP, type Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import type { Options } from 'nodemailer/lib/smtp-transport';
import { saidBy } from './answers';
import { hostProblem, judgedLookup, NOT_TRUSTED, wordsOfNetwork } from './outgoing';
import { ConnectorError } from './types';

export const SECURITIES = ['tls', 'starttls', 'none'] as const;

/** The server that mail goes out by. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** `tls` from the first byte, `starttls` after a word in the open, `none` in a network of one's own alone. */
  readonly security: (typeof SECURITIES)[number];
  readonly isInternal: boolean;
  /** Null where nobody has to sign in. */
  readonly login: string | null;
  readonly password: string;
  readonly fromAddress: string;
  readonly fromName: string;
}

export interface Mail {
  /** The same for one message however often it is sent, so that mail clients know a repeat. */
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
}

interface Limits {
  readonly connectMs: number;
  /** The longest silence. */
  readonly idleMs: number;
  /** The whole of it: a server that says a letter now and then holds nobody up. */
  readonly wholeMs: number;
}

const LIMITS: Limits = { connectMs: 10_000, idleMs: 20_000, wholeMs: 60_000 };

/** Sends one mail, and gives what the server said when it took it. @throws ConnectorError */
export async function sendMail(server: MailServer, mail: Mail, limits: Limits = LIMITS): Promise<string> {
  // Loaded by the first message: a start does not wait for it.
  const { createTransport } = await import('nodemailer');
  const socket = await opened(server, limits);
  const deadline = setTimeout(
    () => socket.destroy(Object.assign(new Error('Too slow.'), { code: 'ETIMEDOUT' })),
    limits.wholeMs,
  );
  // Once all of it is handed over, only an answer says whether it was taken.
  let isHanded = false;
  const options: Options = {
    ...{ host: server.host, port: server.port, secure: server.security === 'tls' },
    ...{ requireTLS: server.security === 'starttls', ignoreTLS: server.security === 'none' },
    tls: { minVersion: 'TLSv1.2', ...(isIP(server.host) === 0 ? { servername: server.host } : {}) },
    ...{ connectionTimeout: limits.connectMs, greetingTimeout: limits.connectMs },
    ...{ socketTimeout: limits.idleMs, disableFileAccess: true, disableUrlAccess: true },
    ...(server.login === null ? {} : { auth: { user: server.login, pass: server.password } }),
    getSocket: (_, taken) => taken(null, { connection: socket }),
  };
  const transport = createTransport(options);
  transport.use('stream', ({ message }, done) => {
    const content = new PassThrough();
    content.once('end', () => {
      isHanded = true;
    });
    message.transform(content);
    done();
  });
  try {
    const { response } = await transport.sendMail({
      ...{ messageId: `<${mail.id}@flightdeck>`, to: { name: '', address: mail.to }, subject: mail.subject },
      from: { name: server.fromName, address: server.fromAddress },
      text: mail.text,
      ...(mail.html === undefined ? {} : { html: mail.html }),
      headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    });
    return saidBy([response]);
  } catch (error) {
    throw failure(error, isHanded);
  } finally {
    clearTimeout(deadline);
    transport.close();
    socket.destroy();
  }
}

/** A connection to the very address that was judged. @throws ConnectorError */
function opened({ host, port, isInternal }: MailServer, { connectMs }: Limits): Promise<Socket> {
  const problem = isIP(host) === 0 ? null : hostProblem(host, isInternal);
  if (problem !== null) throw new ConnectorError('refused', problem);
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, lookup: judgedLookup(isInternal) });
    const timer = setTimeout(
      () => socket.destroy(Object.assign(new Error('Too slow.'), { code: 'ETIMEDOUT' })),
      connectMs,
    );
    socket.once('error', (error) => {
      clearTimeout(timer);
      reject(failure(error, false));
    });
    socket.once('connect', () => {
      clearTimeout(timer);
      resolve(socket);
    });
  });
}

/** One mailbox is not served; others may be. */
export class RecipientError extends ConnectorError {}

interface SmtpFailure {
  readonly code?: string;
  readonly command?: string;
  readonly message?: string;
  readonly response?: string;
  readonly responseCode?: number;
}

/** What went wrong, in words for people. */
function failure(error: unknown, isHanded: boolean): ConnectorError {
  if (error instanceof ConnectorError) return error;
  const { code = '', command = '', message = '', response, responseCode } = error as SmtpFailure;
  if (responseCode === undefined) {
    // The code of what went wrong with a certificate is written over.
    const isUntrusted = /certificate|altnames/i.test(message);
    const network = isUntrusted ? NOT_TRUSTED : (wordsOfNetwork(error) ?? SILENT[code]);
    const told = network ?? 'The connection broke off before the server had answered';
    return new ConnectorError(isHanded ? 'unsure' : 'passing', `${told}.`);
  }
  const said = saidBy([response]);
  const words = STAGES.find(([stage]) => stage.test(code === 'EAUTH' ? 'AUTH' : command))?.[1];
  // What begins with 4 passes, what begins with 5 does not: RFC 5321, 4.2.1.
  const kind = responseCode < 500 ? 'passing' : 'refused';
  const told = `${words ?? 'The mail server refused the message.'} It says: ${said}`;
  return /RCPT TO/.test(command) ? new RecipientError(kind, told) : new ConnectorError(kind, told);
}

const SILENT: Readonly<Record<string, string>> = {
  ETIMEDOUT: 'The mail server took too long to answer',
  ETLS: 'The mail server offers no encryption that can be used here',
  EAUTH: 'The mail server offers no way to sign in with a name and a password',
};

const STAGES: readonly (readonly [RegExp, string])[] = [
  [/AUTH/, 'The mail server does not take this name and password.'],
  [/MAIL FROM/, 'The mail server does not take mail from this sender.'],
  [/RCPT TO/, 'The mail server does not take mail for this address.'],
  [/STARTTLS/, 'The mail server offers no encryption (STARTTLS) at this port.'],
];
