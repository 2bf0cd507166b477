import type { AppleError } from '../errors';

/** The code by which Apple refuses everything until an agreement is accepted or the membership renewed; more may follow. */
const AGREEMENT_CODE =
  /^(?:FORBIDDEN\.)?(?:REQUIRED_AGREEMENTS|(?:(?:DEVELOPER_)?(?:PROGRAM|TEAM)_)?MEMBERSHIP)(?=[._]|$)/;

/** Whole phrases by which Apple says the same under a code that says nothing. */
const AGREEMENT_PHRASES: readonly RegExp[] = [
  /\brequired agreement is missing or has expired\b/i,
  /\brequires an in-effect agreement\b/i,
  /\b(?:agree to|accept) the latest (?:\w+ )*program license agreement\b/i,
  /\b(?:program|team) membership (?:has )?expired\b/i,
];

const REVOKED_PHRASES: readonly RegExp[] = [
  /\b(?:key|token|credentials)\b[^.]*\brevoked\b/i,
  /\brevoked\b[^.]*\b(?:key|token|credentials)\b/i,
];

/** What Apple quotes is a name: of a resource, an operation, or one that people have given. */
const QUOTED = /(?<!\w)['"“‘][^'"”’]*['"”’](?!\w)/g;

/** Whether a 403 is about the whole team: an agreement is not accepted, or its membership has ended. */
export function isAgreementMissing(errors: readonly AppleError[]): boolean {
  return errors.some((error) => AGREEMENT_CODE.test(error.code ?? '') || says(error, AGREEMENT_PHRASES));
}

/** Whether Apple says of the key itself that it was revoked; people and invitations are revoked too. */
export function isKeyRevoked(errors: readonly AppleError[]): boolean {
  return errors.some((error) => says(error, REVOKED_PHRASES));
}

/**
 * A single word decides nothing, for the names of resources, apps and groups hold it as well; and what is said of one
 * operation is not said of the key.
 */
function says({ title = '', detail = '' }: AppleError, phrases: readonly RegExp[]): boolean {
  if (/\bdoes not allow\b/i.test(detail)) return false;
  const words = `${title} ${detail}`.replace(QUOTED, ' ');
  return phrases.some((phrase) => phrase.test(words));
}
