import { deviceName } from './devices';

/** With it begins what stands in a report in place of a tester whose data was erased. */
export const ERASED_TESTER = 'erased-';
/** What people read there. */
export const ERASED_PERSON = 'Erased person';

interface Named {
  readonly firstName?: string | null | undefined;
  readonly lastName?: string | null | undefined;
  readonly email?: string | null | undefined;
  /** Apple's devices of a tester, newest first as far as Apple says; they tell nameless people apart. */
  readonly appDevices?:
    | readonly {
        readonly model?: string | null | undefined;
        readonly osVersion?: string | null | undefined;
      }[]
    | null
    | undefined;
}

/**
 * "Ada Lovelace", or the e-mail; for somebody who came by public link and left neither, "Anonymous tester" with the
 * device: "Anonymous tester (iPhone 16 Pro, 18.1)".
 */
export function personName(person: Named): string {
  const name = [person.firstName, person.lastName].filter((part) => part?.trim()).join(' ');
  // Apple says "Anonymous" for the first name of people it may not name.
  if (name && !/^anonymous$/i.test(name)) return name;
  if (person.email) return person.email;
  const [device] = person.appDevices ?? [];
  const known = [device?.model ? deviceName(device.model) : null, device?.osVersion].filter(Boolean);
  return `Anonymous tester${known.length > 0 ? ` (${known.join(', ')})` : ''}`;
}
