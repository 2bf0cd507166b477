import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { textOfBytes } from '@/lib/format/key-text';
import { readGivenKey } from '@/lib/services/accounts/key-input';

const pair = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const PEM = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const SEC1 = pair.privateKey.export({ type: 'sec1', format: 'pem' }).toString();
const BODY = PEM.replace(/-----.*?-----|\s/g, '');
const b64 = (text: string) => Buffer.from(text).toString('base64');
const escaped = PEM.replaceAll('\n', '\\n');
const indented = PEM.trim().replaceAll('\n', '\n    ');
const KEY_ID = '2X9R4HXF34';
const ISSUER = '57246542-96fe-1a63-e053-0824d011072a';

const read = (privateKey: string, more: object = {}) => readGivenKey({ kind: 'team', privateKey, ...more });
const der = (pem: string) => createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' }).toString('hex');

describe('a key is read', () => {
  it.each<[string, string]>([
    ['as it is', PEM],
    ['without its last line end', PEM.trim()],
    ['with CRLF', PEM.replaceAll('\n', '\r\n')],
    ['with CR only', PEM.replaceAll('\n', '\r')],
    ['with a byte order mark', `\ufeff${PEM}`],
    ['with written-out line ends', escaped],
    ['with line ends written out twice', PEM.replaceAll('\n', '\\\\n')],
    ['with written-out CRLF', PEM.replaceAll('\n', '\\r\\n')],
    ['in one line, with spaces', PEM.replaceAll('\n', ' ')],
    ['in one line, with nothing', PEM.replaceAll('\n', '')],
    ['in double quotes', `"${escaped}"`],
    ['in single quotes', `'${PEM}'`],
    ['in backquotes', `\`${PEM}\``],
    ['indented', `    ${indented}`],
    ['quoted as in a mail', PEM.trim().replace(/^/gm, '> ')],
    ['with typographic dashes', PEM.replaceAll('-----', '—–—')],
    ['base64 of the file', b64(PEM)],
    ['base64 of the file in lines', b64(PEM).replace(/.{64}/g, '$&\n')],
    ['base64 of the file, twice', b64(b64(PEM))],
    ['base64url', Buffer.from(PEM).toString('base64url')],
    ['base64 of the DER', BODY],
    ['base64 of the DER in lines', BODY.replace(/.{64}/g, '$&\n')],
    ['base64 of the DER in one line with written-out ends', BODY.replace(/.{64}/g, '$&\\n')],
    ['hexadecimal DER', Buffer.from(BODY, 'base64').toString('hex')],
    ['SEC1', SEC1],
    [
      'SEC1 with its parameters',
      `-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n${SEC1}`,
    ],
    ['SEC1 without armour', SEC1.replace(/-----.*?-----|\s/g, '')],
    ['as a JSON string', JSON.stringify(PEM)],
    ['JSON lines', JSON.stringify({ key: PEM.trim().split('\n') })],
    ['percent-encoded', encodeURIComponent(PEM)],
    ['form-encoded', new URLSearchParams({ k: PEM }).toString().slice(2)],
    ['with line ends as entities', PEM.replaceAll('\n', '&#10;')],
    [
      'joined in a program',
      PEM.trim()
        .split('\n')
        .map((line) => `"${line}\\n"`)
        .join(' +\n  '),
    ],
    [
      'with what openssl says before',
      `Bag Attributes\n    friendlyName: x\nKey Attributes: <No Attributes>\n${PEM}`,
    ],
    ['a line of a shell', `export ASC_KEY="${escaped}"`],
    ['a shell with lines', `export ASC_KEY="${PEM}"`],
    ['a line of .env', `ASC_PRIVATE_KEY=${escaped}`],
    ['a line of .env with base64', `ASC_PRIVATE_KEY_B64=${b64(PEM)}`],
    ['a line of .env with the DER', `ASC_PRIVATE_KEY='${BODY}'`],
    ['a YAML block', `asc:\n  private_key: |\n    ${indented}\n  other: 1\n`],
    ['a YAML block of base64', `private_key: >-\n    ${b64(PEM).replace(/.{64}/g, '$&\n    ')}\n`],
    ['a Kubernetes secret', `apiVersion: v1\nkind: Secret\ndata:\n  key.p8: ${b64(PEM)}\n`],
  ])('%s', (_name, text) => {
    const result = read(text);
    expect(result).toMatchObject({ key: { privateKey: expect.any(String) } });
    if ('key' in result) expect(der(result.key.privateKey)).toBe(der(PEM));
  });

  it.each<[string, string]>([
    [
      'fastlane',
      JSON.stringify({ key_id: KEY_ID, issuer_id: ISSUER, key: PEM, duration: 1200, in_house: false }),
    ],
    [
      'fastlane with base64',
      JSON.stringify({ key_id: KEY_ID, issuer_id: ISSUER, key: b64(PEM), is_key_content_base64: true }),
    ],
    ['camel case', JSON.stringify({ keyId: KEY_ID, issuerId: ISSUER, privateKey: PEM })],
    ['nested', JSON.stringify({ data: { asc: { api_key_id: KEY_ID, api_issuer: ISSUER, p8: escaped } } })],
    [
      'names and values',
      JSON.stringify([
        { name: 'ASC_KEY_ID', value: KEY_ID },
        { name: 'ASC_ISSUER_ID', value: ISSUER },
        { name: 'ASC_KEY', value: b64(PEM) },
      ]),
    ],
    [
      'a secret in a secret',
      JSON.stringify({ Name: 'x', SecretString: JSON.stringify({ kid: KEY_ID, iss: ISSUER, key: PEM }) }),
    ],
    ['base64 of JSON', b64(JSON.stringify({ key_id: KEY_ID, issuer_id: ISSUER, key: PEM }))],
    ['JSON with bare line ends', `{"key_id":"${KEY_ID}","issuer_id":"${ISSUER}","key":"${PEM}"}`],
    ['.env', `# keys\nASC_KEY_ID=${KEY_ID}\nASC_ISSUER_ID="${ISSUER}"\nASC_PRIVATE_KEY="${escaped}"\n`],
    [
      '.env with base64',
      `export ASC_PRIVATE_KEY=${b64(PEM)}\nexport ASC_KEY_ID=${KEY_ID}\nexport ASC_ISSUER_ID=${ISSUER}\n`,
    ],
    [
      'YAML',
      `key_id: ${KEY_ID}\nissuer_id: ${ISSUER}\nprivate_key: |\n  ${PEM.trim().replaceAll('\n', '\n  ')}\n`,
    ],
  ])('with the identifiers beside it: %s', (_name, text) => {
    expect(read(text)).toMatchObject({ key: { keyId: KEY_ID, issuerId: ISSUER } });
    expect(read(text, { keyId: 'AAAAAAAAAA', issuerId: '' })).toMatchObject({
      key: { keyId: 'AAAAAAAAAA', issuerId: ISSUER },
    });
  });

  it.each<[string, Buffer]>([
    ['UTF-8', Buffer.from(PEM)],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${PEM}`)],
    ['UTF-16 with a mark', Buffer.from(`\ufeff${PEM}`, 'utf16le')],
    ['UTF-16 without a mark', Buffer.from(PEM, 'utf16le')],
    ['UTF-16, the other way round', Buffer.from(`\ufeff${PEM}`, 'utf16le').swap16()],
    ['DER', Buffer.from(BODY, 'base64')],
  ])('from a file in %s', (_name, bytes) => {
    expect(read(textOfBytes(bytes))).toHaveProperty('key');
  });
});

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const p384 = generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).privateKey;
const locked = pair.privateKey
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })
  .toString();
const spki = createPublicKey(pair.privateKey).export({ type: 'spki', format: 'pem' }).toString();
const bare = (pem: string) => pem.replace(/-----.*?-----|\s/g, '');

describe('what is no key gets its true reason', () => {
  it.each<[string, string, RegExp, string]>([
    ['nothing', ' \n ', /empty/, 'bad_pem'],
    ['a public key', spki, /public key/, 'wrong_key_kind'],
    ['a public key without armour', bare(spki), /public key/, 'wrong_key_kind'],
    [
      'a certificate',
      '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
      /a certificate,/,
      'wrong_key_kind',
    ],
    [
      'a request',
      '-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----',
      /request/,
      'wrong_key_kind',
    ],
    ['a locked key', locked, /locked/, 'wrong_key_kind'],
    ['a locked key without armour', bare(locked), /locked/, 'wrong_key_kind'],
    [
      'an old locked key',
      '-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES\n\nabcd\n-----END EC PRIVATE KEY-----',
      /locked/,
      'wrong_key_kind',
    ],
    ['RSA', rsa.export({ type: 'pkcs8', format: 'pem' }).toString(), /RSA/, 'wrong_key_kind'],
    ['RSA in its own form', rsa.export({ type: 'pkcs1', format: 'pem' }).toString(), /RSA/, 'wrong_key_kind'],
    [
      'another curve',
      p384.export({ type: 'pkcs8', format: 'pem' }).toString(),
      /another curve/,
      'wrong_key_kind',
    ],
    [
      'an SSH key',
      '-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n-----END OPENSSH PRIVATE KEY-----',
      /SSH/,
      'wrong_key_kind',
    ],
    ['a public SSH key', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI me@here', /SSH/, 'wrong_key_kind'],
    [
      'a PGP key',
      '-----BEGIN PGP PRIVATE KEY BLOCK-----\nabc\n-----END PGP PRIVATE KEY BLOCK-----',
      /PGP/,
      'wrong_key_kind',
    ],
    [
      'a .p12',
      Buffer.from(`3014020103300f06092a864886f70d010701a0020400${'00'.repeat(40)}`, 'hex').toString('base64'),
      /\.p12/,
      'wrong_key_kind',
    ],
    ['half of it', PEM.slice(0, 120), /cut off/, 'bad_pem'],
    ['half of it with its end', `${PEM.slice(0, 120)}\n-----END PRIVATE KEY-----\n`, /cut off/, 'bad_pem'],
    ['only its first line', '-----BEGIN PRIVATE KEY-----', /cut off/, 'bad_pem'],
    ['two keys', PEM + p384.export({ type: 'pkcs8', format: 'pem' }), /more than one/, 'bad_pem'],
    ['a file name', 'AuthKey_2X9R4HXF34.p8', /name of a file/, 'bad_pem'],
    ['a path', '/run/secrets/asc_key', /name of a file/, 'bad_pem'],
    [
      'a path in JSON',
      JSON.stringify({ key_id: KEY_ID, key_filepath: './AuthKey.p8' }),
      /name of a file/,
      'bad_pem',
    ],
    ['a Windows path', 'C:\\keys\\AuthKey.p8', /name of a file/, 'bad_pem'],
    ['a reference', 'op://vault/asc/key', /names a secret/, 'bad_pem'],
    ['a variable', '$ASC_KEY', /names a secret/, 'bad_pem'],
    ['a template', '{{ secrets.ASC_KEY }}', /names a secret/, 'bad_pem'],
    ['a masked value', '********', /masked/, 'bad_pem'],
    ['a key ID', KEY_ID, /identifier/, 'bad_pem'],
    ['an issuer ID', ISSUER, /identifier/, 'bad_pem'],
    ['a token', 'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJ4In0.c2ln', /signed token/, 'bad_pem'],
    ['a web page', '<!DOCTYPE html><html><body>Sign in</body></html>', /web page/, 'bad_pem'],
    ['XML', '<?xml version="1.0"?><plist></plist>', /web page/, 'bad_pem'],
    ['nonsense', 'not a key', /cannot be read/, 'bad_pem'],
    ['an empty JSON', '{}', /cannot be read/, 'bad_pem'],
  ])('%s', (_name, text, message, problem) => {
    const result = read(text);
    expect(result).toMatchObject({ failure: { ok: false, field: 'privateKey', problem } });
    if ('failure' in result) {
      expect(result.failure.message).toMatch(message);
      expect(result.failure.advice.length).toBeGreaterThan(10);
      expect(JSON.stringify(result)).not.toContain(text.slice(25, 60) || '\0');
    }
  });
});
