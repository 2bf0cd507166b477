import { own } from './labels';

const ATTRIBUTES: Readonly<Record<string, string>> = {
  name: 'Name',
  publicLinkEnabled: 'Public link',
  publicLinkLimitEnabled: 'Public link limit on',
  publicLinkLimit: 'Public link limit',
  publicLink: 'Public link address',
  feedbackEnabled: 'Tester feedback',
  isInternalGroup: 'Internal group',
  hasAccessToAllBuilds: 'Access to all builds',
  iosBuildsAvailableForAppleSiliconMac: 'iOS builds on Apple silicon Mac',
  iosBuildsAvailableForAppleVision: 'iOS builds on Apple Vision',
  firstName: 'First name',
  lastName: 'Last name',
  email: 'E-mail',
  expired: 'Expired',
  usesNonExemptEncryption: 'Uses non-exempt encryption',
  autoNotifyEnabled: 'Automatic notification',
  whatsNew: 'What to Test',
  role: 'Role',
  isDisabled: 'Account closed',
  resetPassword: 'Password renewed',
  password: 'Password',
  protected: 'Protected from pruning',
  tags: 'Tags',
  note: 'Note',
  kind: 'Kind of key',
  keyId: 'Key ID',
  issuerId: 'Issuer ID',
  deviceFamilyOsVersionFilters: 'Devices',
  url: 'Address',
  eventTypes: 'Events',
  marketingUrl: 'Marketing address',
  privacyPolicyUrl: 'Privacy policy address',
  tvOsPrivacyPolicy: 'Privacy policy on Apple TV',
  demoAccountName: 'Demo account',
  demoAccountPassword: 'Demo password',
  demoAccountRequired: 'Sign-in required',
  contactEmail: 'Contact e-mail',
  feedbackEmail: 'Feedback e-mail',
  agreementText: 'Licence agreement',
  isOn: 'On',
  isQuiet: 'Quiet hours on',
  login: 'Name to sign in with',
  isInternal: 'In our own network',
  fromAddress: 'Mail comes from',
  fromName: 'Under the name',
};

/** An attribute's name in words; one we have no words for is taken apart: `contactPhone` is “Contact phone”. */
export function attributeLabel(attribute: string): string {
  const known = own(ATTRIBUTES, attribute);
  if (known !== undefined) return known;
  const apart = attribute.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
  return apart.charAt(0).toUpperCase() + apart.slice(1);
}
