import { afterEach, describe, expect, it } from 'vitest';
import { type MailServer, sendMail } from '@/lib/connectors/mail';
import { authority, certified } from '@/tests/factories/certificates';
import { type FakeMailServer, fakeMailServer } from '@/tests/fakes/smtp';

const fakes: FakeMailServer[] = [];
afterEach(async () => {
  for (const fake of fakes.splice(0)) await fake.close();
});

async function faked(options: Parameters<typeof fakeMailServer>[0] = {}): Promise<FakeMailServer> {
  const fake = await fakeMailServer(options);
  fakes.push(fake);
  return fake;
}

const serverAt = ({ port }: FakeMailServer, more: Partial<MailServer> = {}): MailServer => ({
  ...{ host: '127.0.0.1', port, security: 'none', isInternal: true, login: null, password: '' },
  ...{ fromAddress: 'flightdeck@example.com', fromName: 'Flightdeck' },
  ...more,
});
const MAIL = {
  id: 'abc',
  to: 'mara@example.com',
  subject: 'Grüße\r\nBcc: x@example.com',
  text: 'Two lines\n.\nof text',
};
const FAST = { connectMs: 300, idleMs: 300, wholeMs: 800 };
const outcome = (work: Promise<string>) =>
  work.then(
    (said) => ({ said }),
    ({ name, kind, message }: { name: string; kind: string; message: string }) => ({ name, kind, message }),
  );

describe('a mail', () => {
  it('is taken as it was written, and its subject adds no line of its own', async () => {
    const fake = await faked({ login: { name: 'fd', password: 'pass' } });
    const said = await sendMail(serverAt(fake, { login: 'fd', password: 'pass' }), {
      ...MAIL,
      html: '<p>Hi</p>',
    });
    expect(said).toContain('queued as 1');
    const [taken] = fake.taken;
    expect(taken).toMatchObject({ from: 'flightdeck@example.com', to: ['mara@example.com'], login: 'fd' });
    expect(taken?.text).toContain('Message-ID: <abc@flightdeck>');
    expect(taken?.text).toContain('Auto-Submitted: auto-generated');
    expect(taken?.text).toContain('Two lines\n.\nof text');
    expect(taken?.text).toContain('<p>Hi</p>');
    expect(taken?.text).not.toMatch(/^Bcc:/im);
  });

  it('goes to nobody who cannot prove who they are, and not in the open', async () => {
    const unknown = certified(authority(), ['127.0.0.1']);
    for (const [options, security] of [
      [{ certificate: unknown, isTls: true }, 'tls'],
      [{ certificate: unknown }, 'starttls'],
    ] as const) {
      const fake = await faked(options);
      const told = await outcome(sendMail(serverAt(fake, { security }), MAIL, FAST));
      expect(told).toMatchObject({ name: 'ConnectorError', kind: 'passing' });
      expect(told).toMatchObject({ message: expect.stringContaining('certificate') });
      expect(fake.taken).toEqual([]);
    }
    const open = await faked();
    const told = await outcome(sendMail(serverAt(open, { security: 'starttls' }), MAIL, FAST));
    expect(told).toMatchObject({ message: expect.stringMatching(/no encryption/) });
    expect(open.taken).toEqual([]);
  });

  it('is refused in the server’s words, and by what it was refused', async () => {
    const fake = await faked({ login: { name: 'fd', password: 'pass' } });
    const told = (more: Partial<MailServer> = {}) =>
      outcome(sendMail(serverAt(fake, { login: 'fd', password: 'pass', ...more }), MAIL, FAST));
    expect(await told({ password: 'wrong' })).toMatchObject({
      kind: 'refused',
      message: expect.stringMatching(/name and password.*credentials invalid/),
    });
    for (const [to, answer, kind, words] of [
      ['RCPT', '550 5.1.1 No such user', 'refused', 'mail for this address. It says: 550 5.1.1 No such user'],
      ['MAIL', '553 5.7.1 Not your address', 'refused', 'from this sender'],
      ['RCPT', '451 4.7.1 Greylisted, come again', 'passing', 'Greylisted'],
      ['DATA', '421 4.3.2 Going down', 'passing', 'Going down'],
    ] as const) {
      fake.faults.push({ to, answer });
      expect(await told()).toMatchObject({ kind, message: expect.stringContaining(words) });
    }
    expect(fake.taken).toEqual([]);
  });

  it('holds nobody up at a server that hangs, or says a letter now and then', async () => {
    const fake = await faked();
    for (const fault of ['hangs', 'drips'] as const) {
      fake.faults.push(fault);
      const begun = performance.now();
      expect(await outcome(sendMail(serverAt(fake), MAIL, FAST))).toMatchObject({
        kind: 'passing',
        message: 'The mail server took too long to answer.',
      });
      expect(performance.now() - begun).toBeLessThan(3_000);
    }
    await expect.poll(() => fake.open()).toBe(0);
  });

  it('of which nobody knows whether it was taken says so', async () => {
    const fake = await faked();
    for (const fault of ['takenThenCut', 'takenThenHangs'] as const) {
      fake.faults.push(fault);
      expect(await outcome(sendMail(serverAt(fake), MAIL, FAST))).toMatchObject({ kind: 'unsure' });
    }
    expect(fake.taken).toHaveLength(2);
  });

  it('goes to no private network unless that is said', async () => {
    const fake = await faked();
    for (const host of ['127.0.0.1', 'localhost', '169.254.169.254']) {
      const isInternal = host === '169.254.169.254';
      const told = await outcome(sendMail(serverAt(fake, { host, isInternal }), MAIL, FAST));
      expect(told).toMatchObject({
        kind: 'refused',
        message: expect.stringMatching(/private network|no server/),
      });
    }
    expect(fake.open()).toBe(0);
  });
});
