import type { CredentialCheck } from '@/lib/asc/key';
import { type DerFlaw, keyOfDer } from '@/lib/asc/key-der';
import { type KeyFlaw, readKeyText } from '@/lib/format/key-text';

/** A key as a person, a file or a program gives it. */
export interface GivenKey {
  readonly kind: 'team' | 'individual';
  readonly issuerId?: string | null | undefined;
  readonly keyId?: string | undefined;
  readonly privateKey: string;
}

/** The same, read: the private key as PEM, and the identifiers that stood beside it where none were entered. */
export interface ReadKey {
  readonly kind: 'team' | 'individual';
  readonly issuerId: string | null;
  readonly keyId: string;
  readonly privateKey: string;
}

type Failure = Extract<CredentialCheck, { ok: false }>;

/** Reads the text of a key, whatever store it comes from, or says what it is instead. */
export function readGivenKey(given: GivenKey): { readonly key: ReadKey } | { readonly failure: Failure } {
  const text = readKeyText(given.privateKey);
  const judged = text.der === undefined ? { flaw: text.flaw ?? 'unknown' } : keyOfDer(text.der);
  if ('flaw' in judged) return { failure: { ok: false, field: 'privateKey', ...FLAWS[judged.flaw] } };
  const [keyId, issuerId] = unswapped(keyIdIn(given.keyId), given.issuerId?.trim() ?? '');
  return {
    key: {
      kind: given.kind,
      issuerId: issuerId || text.issuerId || null,
      keyId: keyId || text.keyId || '',
      privateKey: judged.pem,
    },
  };
}

/** The key ID in what was entered for it, which may be the name of its file. */
function keyIdIn(given: string | undefined): string {
  const text = given?.trim() ?? '';
  return /AuthKey_([A-Z0-9]+)/i.exec(text)?.[1]?.toUpperCase() ?? text.toUpperCase();
}

/** The two cannot be mistaken for each other, so whoever mixed up the fields is understood. */
function unswapped(keyId: string, issuerId: string): [keyId: string, issuerId: string] {
  const isSwapped = /^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/.test(keyId) && !issuerId.includes('-');
  return isSwapped ? [issuerId.toUpperCase(), keyId.toLowerCase()] : [keyId, issuerId];
}

const USE_P8 = 'Use the file AuthKey_….p8 as App Store Connect gave it; it can be downloaded only once.';
const COPY_AGAIN = 'Copy the whole text again, from the line BEGIN PRIVATE KEY to the line END PRIVATE KEY.';

const FLAWS: Readonly<Record<KeyFlaw | DerFlaw, Pick<Failure, 'problem' | 'message' | 'advice'>>> = {
  empty: { problem: 'bad_pem', message: 'There is no key in this: it is empty.', advice: USE_P8 },
  masked: {
    problem: 'bad_pem',
    message: 'This is a masked value, not the key itself.',
    advice: 'Show or export the secret in the store it comes from, and paste that.',
  },
  reference: {
    problem: 'bad_pem',
    message: 'This names a secret in a store, it is not the key itself.',
    advice: 'Read the secret from its store, and paste what it holds.',
  },
  file_name: {
    problem: 'bad_pem',
    message: 'This is the name of a file, not its contents.',
    advice: 'Choose the file, or open it and paste its text.',
  },
  key_id: {
    problem: 'bad_pem',
    message: 'This is an identifier, not the private key.',
    advice: 'The key ID and the issuer ID have fields of their own; here belongs the text of the .p8 file.',
  },
  token: {
    problem: 'bad_pem',
    message: 'This is a signed token, not the key that signs it.',
    advice: USE_P8,
  },
  web_page: {
    problem: 'bad_pem',
    message: 'This is a web page or XML, not a key; a download may have saved a sign-in page.',
    advice: USE_P8,
  },
  ssh_key: { problem: 'wrong_key_kind', message: 'This is a key for SSH.', advice: USE_P8 },
  pgp_key: { problem: 'wrong_key_kind', message: 'This is a PGP key.', advice: USE_P8 },
  public_key: {
    problem: 'wrong_key_kind',
    message: 'This is a public key; the private key is needed.',
    advice: USE_P8,
  },
  certificate: {
    problem: 'wrong_key_kind',
    message: 'This is a certificate, not a private key.',
    advice: USE_P8,
  },
  certificate_request: {
    problem: 'wrong_key_kind',
    message: 'This is a certificate request, not a private key.',
    advice: USE_P8,
  },
  p12: {
    problem: 'wrong_key_kind',
    message: 'This is a .p12 file, as signing certificates are exported in.',
    advice: USE_P8,
  },
  encrypted: {
    problem: 'wrong_key_kind',
    message: 'This private key is locked with a password; keys of App Store Connect are not.',
    advice: `If somebody has locked it, unlock it with: openssl pkcs8 -in key.pem. Otherwise: ${USE_P8}`,
  },
  other_kind: {
    problem: 'wrong_key_kind',
    message:
      'This is an RSA key or one of another kind. App Store Connect keys are EC keys on the curve P-256.',
    advice: USE_P8,
  },
  other_curve: {
    problem: 'wrong_key_kind',
    message: 'This is an EC key on another curve. App Store Connect keys are on the curve P-256.',
    advice: USE_P8,
  },
  several: {
    problem: 'bad_pem',
    message: 'There is more than one private key in this.',
    advice: 'Leave only the one that belongs to the key ID.',
  },
  truncated: { problem: 'bad_pem', message: 'The key is cut off: its end is missing.', advice: COPY_AGAIN },
  unknown: {
    problem: 'bad_pem',
    message: 'The private key cannot be read: this holds no key, or a damaged one.',
    advice: USE_P8,
  },
};
