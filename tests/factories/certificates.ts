import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** A certificate with its key, both as PEM. */
export interface Certified {
  readonly cert: string;
  readonly key: string;
}

const DAY_MS = 86_400_000;

// Node reads certificates but makes none: the little DER that two of them take stands here.
const der = (tag: number, ...parts: readonly (Buffer | readonly number[])[]): Buffer => {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
  const size = body.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
};
const sequence = (...parts: readonly Buffer[]) => der(0x30, ...parts);
const oid = (hex: string) => der(0x06, Buffer.from(hex, 'hex'));
const octets = (body: Buffer) => der(0x04, body);
const time = (ms: number) => {
  const text = new Date(ms).toISOString().replace(/[-:T]/g, '').slice(2, 14);
  return der(0x17, Buffer.from(`${text}Z`));
};
const nameOf = (text: string) => sequence(der(0x31, sequence(oid('550403'), der(0x0c, Buffer.from(text)))));
const ECDSA_SHA256 = sequence(oid('2a8648ce3d040302'));

interface Authority {
  readonly name: string;
  readonly key: KeyObject;
}

function certificate(
  { name, key }: Authority,
  subject: string,
  publicKey: KeyObject,
  extensions: readonly Buffer[],
): string {
  const body = sequence(
    der(0xa0, der(0x02, [2])),
    der(0x02, [Math.floor(Math.random() * 100) + 1, 7]),
    ECDSA_SHA256,
    nameOf(name),
    sequence(time(Date.now() - DAY_MS), time(Date.now() + DAY_MS)),
    nameOf(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  );
  const whole = sequence(body, ECDSA_SHA256, der(0x03, [0], sign('sha256', body, key)));
  const lines = whole.toString('base64').replace(/.{64}/g, '$&\n').trimEnd();
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString();

/** A certificate authority that nobody knows. */
export function authority(name = 'An authority of our own'): Certified {
  const { publicKey, privateKey } = pair();
  const isAuthority = sequence(oid('551d13'), der(0x01, [0xff]), octets(sequence(der(0x01, [0xff]))));
  return {
    cert: certificate({ name, key: privateKey }, name, publicKey, [isAuthority]),
    key: pem(privateKey),
  };
}

/** A server's certificate, for host names and IPv4 addresses. */
export function certified(
  by: Certified,
  hosts: readonly string[],
  name = 'An authority of our own',
): Certified {
  const { publicKey, privateKey } = pair();
  const named = hosts.map((host) =>
    /^[\d.]+$/.test(host) ? der(0x87, host.split('.').map(Number)) : der(0x82, Buffer.from(host)),
  );
  const extension = sequence(oid('551d11'), octets(sequence(...named)));
  const key = createPrivateKey(by.key);
  return { cert: certificate({ name, key }, 'server', publicKey, [extension]), key: pem(privateKey) };
}
