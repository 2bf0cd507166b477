import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { connectorOf, isTracker } from '@/lib/connectors/connector';
import { signatureOf } from '@/lib/connectors/messages';
import { addressProblem, createSend } from '@/lib/connectors/outgoing';
import { asJira, asSlack, clipped, markerOf } from '@/lib/connectors/text';
import { type Connector, type ConnectorError, KINDS, type Kind, type Settings } from '@/lib/connectors/types';
import { type FakeTracker, type Fault, fakeTracker, SECRET } from '@/tests/fakes/trackers';

const PROJECTS: Partial<Record<Kind, string>> = {
  github: 'octo/app',
  gitlab: 'group/app',
  jira: 'APP',
  linear: 'ENG',
};
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function opened(kind: Kind, timeoutMs = 5_000): Promise<{ fake: FakeTracker; connector: Connector }> {
  const fake = await fakeTracker(kind);
  const out = createSend({ baseUrl: fake.url, isInternal: true, proxies: {}, timeoutMs });
  open.push(out, fake);
  const secret = kind === 'slack' || kind === 'teams' ? `${fake.url}/hook` : SECRET;
  const settings: Settings = {
    ...{ kind, baseUrl: fake.url, project: PROJECTS[kind] ?? '', itemType: '', secret },
    login: kind === 'jira' ? 'qa@example.com' : '',
  };
  return { fake, connector: connectorOf(settings, out.send, () => Date.now()) };
}

const item = (id = randomUUID()) => ({
  id,
  title: 'It “stops” *now*',
  body: '> one\n\n- **Build:** 1\n\n```\n0 a\n```\n\n/close',
});
const failing = (work: Promise<unknown>): Promise<ConnectorError> =>
  work.then(
    () => Promise.reject(new Error('It went well.')),
    (error: ConnectorError) => error,
  );
const TRACKERS = KINDS.filter(isTracker);
const MESSENGERS = KINDS.filter((kind) => !isTracker(kind));

describe.each(TRACKERS)('%s', (kind) => {
  it('makes one issue as the schema says, finds it by its marker and reads how it stands', async () => {
    const { fake, connector } = await opened(kind);
    const { id, ...rest } = item();
    expect(await connector.check()).toMatch(/ in /);
    expect(await connector.find?.({ id }, Date.now())).toBeNull();
    const made = await connector.make({ id, ...rest });
    expect(fake.wrong).toEqual([]);
    expect(fake.issues.map(({ title }) => title)).toEqual([rest.title]);
    expect(fake.issues[0]?.body).toContain(markerOf(id));
    expect(fake.issues[0]?.body).toContain('close');
    expect(made).toMatchObject({ key: expect.stringMatching(/1$/), url: expect.stringContaining('http') });
    expect(await connector.find?.({ id }, Date.now())).toEqual(made);
    expect(await connector.find?.({ id: randomUUID() }, Date.now())).toBeNull();
    if (!made) throw new Error('nothing was made');
    expect(await connector.state?.(made)).toMatchObject({ isClosed: false });
    for (const issue of fake.issues) issue.isClosed = true;
    expect(await connector.state?.(made)).toMatchObject({
      isClosed: true,
      words: expect.stringMatching(/\w/),
    });
    fake.issues.length = 0;
    expect(await connector.state?.(made)).toBeNull();
    expect(fake.wrong).toEqual([]);
  });

  const LOST: readonly Fault[] = [
    'madeThen504',
    'madeThenCut',
    'madeThenHtml',
    'html502',
    { status: 500 },
    { status: 408 },
  ];
  it.each(LOST)('may have made it when the answer is %j', async (fault) => {
    const { fake, connector } = await opened(kind);
    fake.faults.push(fault);
    const { id, ...rest } = item();
    expect(await failing(connector.make({ id, ...rest }))).toMatchObject({ kind: 'unsure' });
    const isMade = typeof fault === 'string' && fault.startsWith('made');
    expect((await connector.find?.({ id }, Date.now())) === null).toBe(!isMade);
  });

  it('may have made it when there is no answer in time', async () => {
    const { fake, connector } = await opened(kind, 400);
    fake.faults.push('madeThenHangs');
    expect(await failing(connector.make(item()))).toMatchObject({
      ...{ kind: 'unsure', message: expect.stringContaining('too long') },
    });
  });

  it('has made nothing when it is refused, in the words of who refuses', async () => {
    const { fake, connector } = await opened(kind);
    for (const status of [400, 401, 403, 404, 422]) {
      const words = {
        github: { message: 'Not so' },
        gitlab: { message: { title: ['Not so'] } },
        jira: { errors: { summary: 'Not so' } },
      };
      const body = kind in words ? words[kind as 'github'] : { errors: [{ message: 'Not so' }] };
      fake.faults.push({ status, body });
      const error = await failing(connector.make(item()));
      expect([status, error.kind, error.message]).toEqual([
        status,
        'refused',
        expect.stringContaining('Not so'),
      ]);
    }
    fake.faults.push({ status: 403, body: '<html>Blocked</html>' });
    expect(await failing(connector.make(item()))).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('proxy'),
    });
    fake.faults.push({ status: 302, headers: { location: 'https://elsewhere.example/' } });
    expect(await failing(connector.make(item()))).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('not followed'),
    });
    expect(fake.issues).toEqual([]);
  });

  it('waits as it is told, and has made nothing', async () => {
    const { fake, connector } = await opened(kind);
    fake.faults.push({ status: 429, headers: { 'retry-after': '90' } });
    expect(await failing(connector.make(item()))).toMatchObject({ kind: 'passing', afterMs: 90_000 });
    expect(fake.issues).toEqual([]);
  });

  it('that is away has made nothing', async () => {
    const { fake, connector } = await opened(kind);
    await fake.close();
    open.splice(open.indexOf(fake), 1);
    expect(await failing(connector.make(item()))).toMatchObject({
      kind: 'passing',
      message: expect.stringContaining('cannot be reached'),
    });
  });
});

describe.each(MESSENGERS)('%s', (kind) => {
  it('gets one message as the schema says, and has no way to look for it', async () => {
    const { fake, connector } = await opened(kind);
    expect(await connector.make(item())).toBeNull();
    expect([fake.issues.length, fake.wrong]).toEqual([1, []]);
    expect([connector.find, connector.state]).toEqual([undefined, undefined]);
    await connector.make({ ...item(), title: 'x'.repeat(400), body: `${'long '.repeat(20_000)}` });
    expect(fake.wrong).toEqual([]);
    expect(await connector.check()).toContain('test message');
  });

  it.each(['madeThen504', 'madeThenCut', 'madeThenHtml', { status: 500 }] as const)(
    'may have got it when the answer is %j',
    async (fault) => {
      const { fake, connector } = await opened(kind);
      fake.faults.push(fault);
      expect(await failing(connector.make(item()))).toMatchObject({ kind: 'unsure' });
    },
  );

  it('refuses in words', async () => {
    const { fake, connector } = await opened(kind);
    fake.faults.push({ status: 404, body: 'no_service' }, { status: 429, headers: { 'retry-after': '7' } });
    expect(await failing(connector.make(item()))).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('no_service'),
    });
    expect(await failing(connector.make(item()))).toMatchObject({ kind: 'passing', afterMs: 7_000 });
  });
});

it('signs what goes to a webhook', async () => {
  const { fake, connector } = await opened('webhook');
  const { id, ...rest } = item();
  await connector.make({ id, ...rest, facts: { app: 'Papaya' } });
  const [{ body, headers } = { body: '', headers: {} }] = fake.writes;
  const [, seconds = ''] = /^t=(\d+),/.exec(String(headers['flightdeck-signature'])) ?? [];
  expect(headers['flightdeck-signature']).toBe(signatureOf(SECRET, Number(seconds), body));
  expect(headers['flightdeck-delivery']).toBe(id);
  expect(JSON.parse(body)).toMatchObject({ id, title: rest.title, app: 'Papaya' });
});

describe('the way out', () => {
  it.each([
    ['ftp://x.example/', false, 'https://'],
    ['http://x.example', false, 'own network'],
    ['https://me:pw@x.example', false, 'password'],
    ['https://10.0.0.1', false, 'private network'],
    ['https://[::1]', false, 'private network'],
    ['https://169.254.169.254', true, 'no server'],
    ['http://[fe80::1]', true, 'no server'],
    ['http://[::ffff:169.254.169.254]', true, 'no server'],
    ['http://[64:ff9b::a9fe:a9fe]', true, 'no server'],
    ['http://[fd00:ec2::254]', true, 'no server'],
    ['http://100.100.100.200', true, 'no server'],
    ['http://[::ffff:168.63.129.16]', true, 'no server'],
    ['http://[fd20:ce::254]', true, 'no server'],
    ['nonsense', true, 'no address'],
  ])('does not lead to %s', (address, isInternal, words) => {
    expect(addressProblem(address, isInternal)).toContain(words);
  });

  it('leads into one’s own network only where an admin has said so', () => {
    expect(addressProblem('http://10.0.0.1:8080', true)).toBeNull();
    expect(addressProblem('https://gitlab.corp.example', false)).toBeNull();
  });

  it('judges the address that a name has', async () => {
    const resolve = async () => [{ address: '10.1.2.3', family: 4 }];
    const out = createSend({ baseUrl: 'https://localhost', isInternal: false, proxies: {}, resolve });
    open.push(out);
    const error = await failing(out.send({ method: 'POST', url: 'https://localhost/x' }));
    expect(error).toMatchObject({ kind: 'refused', message: expect.stringContaining('private network') });
    const other = await failing(out.send({ method: 'GET', url: 'https://other.example/x' }));
    expect(other.message).toContain('another server');
  });

  it('says so when the proxy that is configured is none', async () => {
    const out = createSend({
      baseUrl: 'http://10.0.0.9',
      isInternal: true,
      proxies: { http: 'socks9://nowhere' },
    });
    open.push(out);
    const error = await failing(out.send({ method: 'POST', url: 'http://10.0.0.9/x' }));
    expect(error).toMatchObject({ kind: 'passing', message: expect.stringContaining('HTTP_PROXY') });
  });

  it('goes through the proxy that is configured, and says when it refuses', async () => {
    const fake = await fakeTracker('webhook');
    const { createServer } = await import('node:http');
    const { connect } = await import('node:net');
    const asked: string[] = [];
    const proxy = createServer();
    proxy.on('connect', (request, socket) => {
      asked.push(request.url ?? '');
      if (request.url?.startsWith('refused'))
        return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      const { hostname, port } = new URL(fake.url);
      const to = connect(Number(port), hostname, () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        to.pipe(socket).pipe(to);
      });
      to.on('error', () => socket.destroy());
      socket.on('error', () => to.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const address = proxy.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const through = (baseUrl: string) => {
      const out = createSend({ baseUrl, isInternal: true, proxies: { http: `127.0.0.1:${port}` } });
      open.push(out);
      return out.send({ method: 'POST', url: `${baseUrl}/x`, body: '{}' });
    };
    open.push(fake, {
      close: () =>
        new Promise<void>((resolve) => {
          proxy.close(() => resolve());
          proxy.closeAllConnections();
        }),
    });
    expect((await through('http://tracker.example')).status).toBe(200);
    expect(asked).toEqual(['tracker.example:80']);
    expect(await failing(through('http://refused.example'))).toMatchObject({
      kind: 'passing',
      message: expect.stringContaining('407'),
    });
  });
});

describe('a text for others', () => {
  it('is Jira’s or Slack’s own markup, and means nothing else there', () => {
    const text =
      '> hi \\*you\\*\n\n- **Build:** 1 {code}\n\n```\na {noformat} b\n```\n\n[Open](<https://x.example/a>)';
    expect(asJira(text)).toBe(
      '{quote}\nhi \\*you\\*\n{quote}\n\n- *Build:* 1 \\{code\\}\n\n{noformat}\na { noformat} b\n{noformat}\n\n[Open|https://x.example/a]',
    );
    expect(asSlack('> <!channel> & **x** [a](https://x.example/?a=1&b)')).toBe(
      '> &lt;!channel&gt; &amp; *x* <https://x.example/?a=1&amp;b|a>',
    );
  });

  it('is cut between characters, with its fence closed and the marker kept', () => {
    const long = `\`\`\`\n${'😀'.repeat(500)}`;
    const cut = clipped(long, 200);
    expect(cut.length).toBeLessThanOrEqual(200);
    expect(cut).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
    expect(cut).toContain('\n```\n');
  });
});
