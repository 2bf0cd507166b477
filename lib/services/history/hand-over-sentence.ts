import { formatPlural } from '@/lib/format/numbers';
import { isRecord } from '@/lib/mirror/resource';
import { type Part, type Say, self, type Told } from './parts';

/** Who took reports out, and how many. */
export function exported({ after }: Told, say: Say): Part[] {
  const { count, format } = isRecord(after) ? after : {};
  const how =
    typeof format === 'string' ? ` as ${format === 'zip' ? 'a zip' : format.toUpperCase()}` : ' as a file';
  return say(
    ['exported', 'export'],
    typeof count === 'number' ? formatPlural(count, 'report') : 'reports',
    how,
  );
}

/** What was made of feedback elsewhere, or where it was sent. */
export function handedOver(told: Told, say: Say): Part[] {
  const { connector, key, isMessage } = isRecord(told.after) ? told.after : {};
  const to: Part = typeof connector === 'string' ? { name: connector } : 'a connector';
  if (isMessage === true) return say(['sent', 'send'], self(told), ' to ', to);
  const made: Part[] = typeof key === 'string' ? [': ', { name: key }] : [];
  return say(['made', 'make'], 'an issue of ', self(told), ' in ', to, made);
}

/** Who made a page for people without an account. */
export function shared(told: Told, say: Say): Part[] {
  return say(['made', 'make'], 'a share link of ', self(told));
}

/** Who ended such a page. */
export function unshared(told: Told, say: Say): Part[] {
  return say(['revoked', 'revoke'], 'a share link of ', self(told));
}

/** A person who is named no more: the word tells two of them apart, and nothing else. */
export const somebody = ({ label }: Told): Part => ({ name: label ?? 'a person' });

/** Of whom the trail itself says nothing any more, and in how many entries. */
export function redacted(told: Told, say: Say): Part[] {
  const { count } = isRecord(told.after) ? told.after : {};
  const where = typeof count === 'number' ? formatPlural(count, 'entry', 'entries') : 'entries';
  return say(['took', 'take'], somebody(told), ` out of ${where} of the activity`);
}
