import { createAscClient } from './client';
import type { AscClient, AscClientConfig } from './client-interface';
import { type AscError, isAscError } from './errors';
import { isKeyRevoked } from './transport/refusals';
import { type Credential, readPrivateKey } from './transport/token';

/** What is wrong with a key, as a closed set; the form marks `field`, the page shows `message` and `advice`. */
export type CredentialProblem =
  | 'bad_pem'
  | 'wrong_key_kind'
  | 'bad_key_id'
  | 'bad_issuer_id'
  | 'is_individual_key'
  | 'is_team_key'
  | 'not_accepted'
  | 'revoked'
  | 'role_too_low'
  | 'agreement_missing'
  | 'clock_skew'
  | 'unreachable'
  | 'rate_limited'
  | 'unexpected_answer';

export type CredentialField = 'kind' | 'privateKey' | 'keyId' | 'issuerId';

export type CredentialCheck =
  | {
      readonly ok: true;
      /** Apps the key can see; undefined when Apple does not count them. */
      readonly apps: number | undefined;
      /** Requests left in this hour, where Apple says so. */
      readonly remaining: number | undefined;
      /** Reads the key may not make, so that a page can say what will stay empty. */
      readonly missing: readonly ('betaGroups' | 'betaTesters' | 'users')[];
    }
  | {
      readonly ok: false;
      readonly problem: CredentialProblem;
      readonly field?: CredentialField;
      /** What is wrong, in one sentence. */
      readonly message: string;
      /** What to do about it. */
      readonly advice: string;
      /** How the same key would be entered right, as far as it is known. */
      readonly instead?: { readonly kind: Credential['kind']; readonly issuerId?: string };
      readonly error?: AscError;
    };

export type CheckConfig = Omit<AscClientConfig, 'credential' | 'budget' | 'lane' | 'scope'> & {
  /** The key has worked before: a refusal then means it was revoked. */
  readonly workedBefore?: boolean;
  /** Issuers that are known here, to be tried for a team key entered as an individual one. */
  readonly issuers?: readonly string[];
};

type Failure = Extract<CredentialCheck, { ok: false }>;

/**
 * Tries a key against the live API (at most five requests) and says precisely what is wrong; never rejects.
 * @see https://developer.apple.com/documentation/appstoreconnectapi/creating-api-keys-for-app-store-connect-api
 */
export async function checkCredential(credential: Credential, config: CheckConfig): Promise<CredentialCheck> {
  const flaw = flawOf(credential);
  if (flaw?.problem === 'bad_issuer_id' && isWithoutIssuer(credential)) {
    return (await works(individual(credential), config)) ? individualKey() : flaw;
  }
  if (flaw) return flaw;
  const client = createAscClient({ ...config, credential });
  try {
    const { total, rateLimit } = await client.list('apps', {
      limit: { page: 1 },
      fields: { apps: ['name'] },
    });
    const missing = await refusedReads(client);
    if (missing.includes('betaGroups')) return roleTooLow();
    return { ok: true, apps: total, remaining: rateLimit?.hourRemaining, missing };
  } catch (error) {
    if (!isAscError(error)) throw error;
    const instead = error.is('unauthorized') ? await otherForm(credential, config) : undefined;
    return instead ?? explain(error, config, credential.kind);
  }
}

/** What can be told without asking Apple. */
function flawOf(credential: Credential): Failure | undefined {
  try {
    readPrivateKey(credential.privateKey);
  } catch (error) {
    const isReadable = isAscError(error) && error.message.includes('P-256');
    return {
      ok: false,
      problem: isReadable ? 'wrong_key_kind' : 'bad_pem',
      field: 'privateKey',
      message: isAscError(error) ? error.message : 'The private key cannot be read.',
      advice: 'Use the file AuthKey_….p8 as App Store Connect gave it; it can be downloaded only once.',
    };
  }
  if (!/^[A-Z0-9]{8,16}$/.test(credential.keyId)) {
    return {
      ok: false,
      problem: 'bad_key_id',
      field: 'keyId',
      message: 'The key ID is not complete.',
      advice: 'It has ten letters and digits and stands in the file name: AuthKey_<key ID>.p8.',
    };
  }
  if (
    credential.kind === 'team' &&
    !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(credential.issuerId)
  ) {
    return {
      ok: false,
      problem: 'bad_issuer_id',
      field: 'issuerId',
      message: isWithoutIssuer(credential)
        ? 'A team key needs its issuer ID.'
        : 'The issuer ID is not complete.',
      advice:
        'Copy it from Users and Access › Integrations, above the list of team keys. A key of a single person has none: choose “individual key” for it.',
    };
  }
  return undefined;
}

/** Reads a programme needs that are refused to the key's role; other failures are left to the first real use. */
async function refusedReads(client: AscClient): Promise<('betaGroups' | 'betaTesters' | 'users')[]> {
  const reads = {
    betaGroups: () => client.list('betaGroups', { limit: { page: 1 } }),
    betaTesters: () => client.list('betaTesters', { limit: { page: 1 } }),
    users: () => client.list('users', { limit: { page: 1 } }),
  };
  const refused: (keyof typeof reads)[] = [];
  for (const name of Object.keys(reads) as (keyof typeof reads)[]) {
    try {
      await reads[name]();
    } catch (error) {
      if (!isAscError(error)) throw error;
      if (error.is('forbidden')) refused.push(name);
    }
  }
  return refused;
}

/** Apple refuses both confusions with the same bare 401, so the other form is tried. */
async function otherForm(credential: Credential, config: CheckConfig): Promise<Failure | undefined> {
  if (credential.kind === 'team') {
    return (await works(individual(credential), config)) ? individualKey() : undefined;
  }
  for (const issuerId of (config.issuers ?? []).slice(0, 3)) {
    if (await works({ ...credential, kind: 'team', issuerId }, config)) return teamKey(issuerId);
  }
  return undefined;
}

function isWithoutIssuer(credential: Credential): boolean {
  return credential.kind === 'team' && credential.issuerId.trim() === '';
}

function individual({ keyId, privateKey }: Credential): Credential {
  return { kind: 'individual', keyId, privateKey };
}

async function works(credential: Credential, config: CheckConfig): Promise<boolean> {
  try {
    await createAscClient({ ...config, credential }).list('apps', { limit: { page: 1 } });
    return true;
  } catch {
    return false;
  }
}

function individualKey(): Failure {
  return {
    ok: false,
    problem: 'is_individual_key',
    field: 'issuerId',
    message: 'This is an individual key, which has no issuer ID.',
    advice: 'Choose “individual key” and leave the issuer ID empty.',
    instead: { kind: 'individual' },
  };
}

function teamKey(issuerId: string): Failure {
  return {
    ok: false,
    problem: 'is_team_key',
    field: 'kind',
    message: 'This is a team key, which needs its issuer ID.',
    advice: `Choose “team key” with the issuer ID ${issuerId}.`,
    instead: { kind: 'team', issuerId },
  };
}

function roleTooLow(error?: AscError): Failure {
  return {
    ok: false,
    problem: 'role_too_low',
    message: error
      ? `The key's role does not allow this: ${error.message}`
      : "The key's role cannot see TestFlight.",
    advice: 'Make a key with the role App Manager (or Admin) in Users and Access › Integrations.',
    ...(error ? { error } : {}),
  };
}

function explain(
  error: AscError,
  { workedBefore = false, baseUrl }: CheckConfig,
  kind: Credential['kind'],
): Failure {
  const about = { ok: false, error, message: error.message } as const;
  switch (error.kind) {
    case 'unauthorized':
      return workedBefore || isKeyRevoked(error.errors)
        ? {
            ...about,
            problem: 'revoked',
            message: 'App Store Connect no longer accepts this key: it was revoked.',
            advice: 'Make a new key in Users and Access › Integrations and add it here.',
          }
        : kind === 'individual'
          ? {
              ...about,
              problem: 'not_accepted',
              field: 'kind',
              message: 'App Store Connect does not accept this key ID and key as an individual key.',
              advice:
                'If it stands under Team Keys, choose “team key” and enter its issuer ID. Otherwise check that the key ID belongs to this .p8 file and that the key is still active.',
              instead: { kind: 'team' },
            }
          : {
              ...about,
              problem: 'not_accepted',
              field: 'issuerId',
              message: 'App Store Connect does not accept this combination of issuer ID, key ID and key.',
              advice:
                'Apple does not say which part is wrong. Check that the issuer ID is your team’s, that the key ID belongs to this .p8 file, that the key is still listed as active, and that it is one for the App Store Connect API: keys for push notifications or purchases look the same.',
            };
    case 'clock_skew':
      return { ...about, problem: 'clock_skew', advice: 'Switch on automatic time (NTP) on this server.' };
    case 'forbidden':
      return roleTooLow(error);
    case 'agreement_missing':
      return {
        ...about,
        problem: 'agreement_missing',
        advice:
          'The Account Holder must accept the agreement in App Store Connect › Business, or renew the membership.',
      };
    case 'rate_limited':
      return {
        ...about,
        problem: 'rate_limited',
        message: 'This key has used up its requests for now.',
        advice: 'Try again in a few minutes.',
      };
    case 'intermediary':
      return { ...about, problem: 'unreachable', advice: 'Check this server’s proxy, firewall and network.' };
    case 'network':
    case 'timeout':
    case 'breaker_open':
      return {
        ...about,
        problem: 'unreachable',
        message: `No answer from ${new URL(baseUrl).host}. ${error.message}`,
        advice: 'Check this server’s network, proxy and firewall.',
      };
    default:
      return {
        ...about,
        problem: 'unexpected_answer',
        advice: 'Try again later; if it stays so, check that ASC_BASE_URL points to App Store Connect.',
      };
  }
}
