import { z } from 'zod';
import { addressFault } from './address';
import { LINK_LIMIT, TEXT_LIMIT } from './limits';
import type { TargetType } from './types';
import { DEVICE_FAMILY, WEBHOOK_EVENT_TYPE } from './values';
import { charactersOf, refusedIn } from './whats-new';

/** `{data: {type, id}}` */
export function toOne<T extends TargetType>(type: T) {
  return z.strictObject({ data: identifier(type) });
}

/** `{data: [{type, id}]}` */
export function toMany<T extends TargetType>(type: T) {
  return z.strictObject({ data: z.array(identifier(type)) });
}

/** `{type, id}` of one type. */
export function identifier<T extends TargetType>(type: T) {
  return z.strictObject({ type: z.literal(type), id: z.string().min(1, 'An id is missing.') });
}

/** A text that must not be blank; `what` completes “Enter a …”. */
export function requiredText(what: string) {
  return z.string(`Enter a ${what}.`).refine((text) => text.trim() !== '', `Enter a ${what}.`);
}

/** A text that may be emptied with null; `limit` in characters. */
export function nullableText(limit = 50_000) {
  const grouped = limit.toLocaleString('en');
  return z.string().max(limit, `The text is longer than ${grouped} characters.`).nullable();
}

export const nullableFlag = z.boolean().nullable();

/** An address that can be invited or written to; what is wrong with another is said. */
export const email = z.string('This is not an e-mail address.').superRefine((text, context) => {
  const fault = addressFault(text);
  if (fault) context.addIssue({ code: 'custom', message: fault.detail });
});
export const nullableEmail = email.nullable();

export const personName = z.string().max(255, 'The name is longer than 255 characters.').nullable();

export const webUrl = z.url({
  protocol: /^https?$/,
  error: 'Enter a complete address, such as https://example.com.',
});

/** Apple's list of locales grows; the form of the code is all that is checked. */
export const localeCode = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Za-z]{2,4})?$/, 'Enter a language code, such as en-US.');

const LINK_WORDS = `A public link takes between ${LINK_LIMIT.min} and ${LINK_LIMIT.max.toLocaleString('en')} testers.`;
export const publicLinkLimit = z
  .int('The limit is a whole number.')
  .min(LINK_LIMIT.min, LINK_WORDS)
  .max(LINK_LIMIT.max, LINK_WORDS)
  .nullable();

/** Apple says characters, fastlane counts bytes: over so many bytes is for App Store Connect to say. */
export const whatsNew = z
  .string()
  .refine(
    (text) => charactersOf(text) <= TEXT_LIMIT,
    `What to Test is longer than ${TEXT_LIMIT.toLocaleString('en')} characters.`,
  )
  .refine((text) => !refusedIn(text).some(({ isSure }) => isSure), 'What to Test takes no emoji and no “<”.');

export const deviceFilters = z
  .array(
    z.strictObject({
      deviceFamily: z.enum(DEVICE_FAMILY).exactOptional(),
      minimumOsInclusive: z.string().exactOptional(),
      maximumOsInclusive: z.string().exactOptional(),
    }),
  )
  .min(1, 'Choose at least one device family.');

export const eventTypes = z.array(z.enum(WEBHOOK_EVENT_TYPE)).min(1, 'Choose at least one event.');
