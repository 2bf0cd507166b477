import type { TextRow } from '@/components/texts/edits';
import { TEXT_LIMIT } from '@/lib/asc/catalogue/limits';
import type { TextResource } from '@/lib/browser/texts';

/** One text of App Store Connect's, as its form shows it. */
export interface InformationField {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly isLong?: boolean;
  /** The most characters, where Apple tells it. */
  readonly limit?: number;
  readonly inputType?: 'email' | 'url' | 'tel';
}

/** What testers read before they install, by language. */
export const LANGUAGE_FIELDS: readonly InformationField[] = [
  {
    name: 'description',
    label: 'Description',
    hint: 'Testers read it before they install. Beta review wants it in every language.',
    isLong: true,
    limit: TEXT_LIMIT,
  },
  {
    name: 'feedbackEmail',
    label: 'Feedback e-mail',
    hint: 'Also the address that answers to invitations go to.',
    inputType: 'email',
  },
  { name: 'marketingUrl', label: 'Marketing address', inputType: 'url' },
  { name: 'privacyPolicyUrl', label: 'Privacy policy address', inputType: 'url' },
  { name: 'tvOsPrivacyPolicy', label: 'Privacy policy on Apple TV', hint: 'The text itself.', isLong: true },
];

/** Whom beta review calls, and what it has to know. */
export const REVIEW_FIELDS: readonly InformationField[] = [
  { name: 'contactFirstName', label: 'First name' },
  { name: 'contactLastName', label: 'Last name' },
  { name: 'contactPhone', label: 'Phone', hint: 'With the country: +49 30 …', inputType: 'tel' },
  { name: 'contactEmail', label: 'E-mail', inputType: 'email' },
  { name: 'notes', label: 'Notes for beta review', isLong: true, limit: TEXT_LIMIT },
];

export const DEMO_FIELDS: readonly InformationField[] = [
  { name: 'demoAccountName', label: 'User name of the demo account' },
];

export const LICENCE_FIELDS: readonly InformationField[] = [
  {
    name: 'agreementText',
    label: 'Licence agreement',
    hint: 'Empty: Apple’s standard agreement applies.',
    isLong: true,
  },
];

/** A resource as a row of texts; those of the app itself stand under no language. */
export function rowOf(
  { id, attributes }: TextResource,
  fields: readonly InformationField[],
  locale = '',
): TextRow {
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  return {
    id,
    locale,
    texts: Object.fromEntries(fields.map(({ name }) => [name, text(attributes?.[name])])),
  };
}
