import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import type { Certified } from '@/tests/factories/certificates';

/** What goes wrong with the next message. */
export type MailFault =
  /** Nothing is said any more, from the greeting on or once all is handed over. */
  | 'hangs'
  | 'takenThenHangs'
  /** It is taken, and the connection breaks off before that is said. */
  | 'takenThenCut'
  /** A letter now and then, for ever. */
  | 'drips'
  /** An answer to the command that begins with these letters. */
  | { readonly to: string; readonly answer: string };

interface TakenMail {
  readonly from: string;
  readonly to: readonly string[];
  /** The message as it came, its lines decoded from quoted-printable where they are. */
  readonly text: string;
  readonly isEncrypted: boolean;
  readonly login: string | null;
}

export interface FakeMailServer {
  readonly port: number;
  readonly taken: TakenMail[];
  readonly faults: MailFault[];
  /** How many connections are open. */
  open(): number;
  close(): Promise<void>;
}

interface FakeOptions {
  /** What it shows for itself: then it offers STARTTLS, or begins with TLS. */
  readonly certificate?: Certified;
  readonly isTls?: boolean;
  /** Who may sign in; without it nobody has to. */
  readonly login?: { readonly name: string; readonly password: string };
}

/** A mail server on loopback, as far as RFC 5321 is needed to send a message. */
export async function fakeMailServer(options: FakeOptions = {}): Promise<FakeMailServer> {
  const state = { taken: [] as TakenMail[], faults: [] as MailFault[] };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    if (options.isTls && options.certificate)
      converse(encrypted(socket, options.certificate), state, options, true);
    else converse(socket, state, options, false);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(state, {
    port: (server.address() as AddressInfo).port,
    open: () => sockets.size,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  });
}

function encrypted(socket: Socket, { cert, key }: Certified): TLSSocket {
  const secure = new TLSSocket(socket, {
    isServer: true,
    secureContext: createSecureContext({ cert, key }),
  });
  return secure.on('error', () => socket.destroy());
}

function converse(
  socket: Socket,
  state: Pick<FakeMailServer, 'taken' | 'faults'>,
  options: FakeOptions,
  isEncrypted: boolean,
  isGreeted = false,
): void {
  const say = (line: string) => void socket.write(`${line}\r\n`);
  const [fault] = state.faults;
  if (fault === 'drips') {
    state.faults.shift();
    const timer = setInterval(() => socket.write('2'), 50);
    socket.on('close', () => clearInterval(timer));
    return;
  }
  if (fault === 'hangs') return void state.faults.shift();
  if (!isGreeted) say('220 fake ESMTP');
  let [from, to, login, body] = ['', [] as string[], null as string | null, null as string | null];
  let buffer = '';
  const finish = (text: string) => {
    const [now] = state.faults;
    if (now === 'takenThenHangs' || now === 'takenThenCut') state.faults.shift();
    state.taken.push({ from, to, text: decoded(text), isEncrypted, login });
    if (now === 'takenThenHangs') return;
    if (now === 'takenThenCut') return void socket.destroy();
    say(`250 2.0.0 Ok: queued as ${state.taken.length}`);
    [from, to] = ['', []];
  };
  const answer = (line: string) => {
    const [now] = state.faults;
    if (typeof now === 'object' && line.toUpperCase().startsWith(now.to)) {
      state.faults.shift();
      return say(now.answer);
    }
    const command = line.toUpperCase();
    if (command.startsWith('EHLO')) {
      const offers = ['fake', ...(options.login ? ['AUTH PLAIN'] : [])];
      if (options.certificate && !isEncrypted) offers.push('STARTTLS');
      for (const [at, offer] of offers.entries()) say(`250${at === offers.length - 1 ? ' ' : '-'}${offer}`);
      return;
    }
    if (command === 'STARTTLS' && options.certificate) {
      say('220 Go ahead');
      socket.removeAllListeners('data');
      return converse(encrypted(socket, options.certificate), state, options, true, true);
    }
    if (command === 'STARTTLS') return say('502 5.5.1 Not here');
    if (command.startsWith('AUTH PLAIN')) {
      const [, name, password] = Buffer.from(line.slice(11), 'base64').toString().split('\0');
      if (name !== options.login?.name || password !== options.login?.password)
        return say('535 5.7.8 Authentication credentials invalid');
      login = name ?? null;
      return say('235 2.7.0 Accepted');
    }
    if (options.login && login === null && command.startsWith('MAIL')) return say('530 5.7.0 Sign in first');
    if (command.startsWith('MAIL FROM:')) from = /<(.*)>/.exec(line)?.[1] ?? '';
    if (command.startsWith('RCPT TO:')) to = [...to, /<(.*)>/.exec(line)?.[1] ?? ''];
    if (command === 'DATA') {
      body = '';
      return say('354 Go on');
    }
    say(command === 'QUIT' ? '221 Bye' : '250 2.0.0 Ok');
  };
  socket.on('data', (chunk: Buffer) => {
    buffer += chunk.toString('utf8');
    for (let end = buffer.indexOf('\r\n'); end >= 0; end = buffer.indexOf('\r\n')) {
      const line = buffer.slice(0, end);
      buffer = buffer.slice(end + 2);
      if (body === null) answer(line);
      else if (line === '.') {
        const text = body;
        body = null;
        finish(text);
      } else body += `${line.replace(/^\./, '')}\n`;
    }
  });
}

function decoded(text: string): string {
  const bytes = text
    .replace(/=\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return /=[0-9A-F]{2}/.test(text) ? Buffer.from(bytes, 'latin1').toString('utf8') : text.replace(/=\n/g, '');
}
