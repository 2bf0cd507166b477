import { own } from './labels';

/** What Apple's kinds of events mean for people. */
const EVENTS: Readonly<Record<string, string>> = {
  BETA_FEEDBACK_CRASH_SUBMISSION_CREATED: 'A crash was sent in',
  BETA_FEEDBACK_SCREENSHOT_SUBMISSION_CREATED: 'Feedback with screenshots was sent in',
  BUILD_BETA_DETAIL_EXTERNAL_BUILD_STATE_UPDATED: 'A build has a new state for external testers',
  BUILD_UPLOAD_STATE_UPDATED: 'An upload has a new state',
  BACKGROUND_ASSET_VERSION_STATE_UPDATED: 'An asset pack has a new state',
  BACKGROUND_ASSET_VERSION_INTERNAL_BETA_RELEASE_CREATED: 'An asset pack was released to internal testers',
  BACKGROUND_ASSET_VERSION_EXTERNAL_BETA_RELEASE_STATE_UPDATED:
    'An asset pack has a new state for external testers',
  BACKGROUND_ASSET_VERSION_APP_STORE_RELEASE_STATE_UPDATED: 'An asset pack has a new state in the App Store',
  APP_STORE_VERSION_APP_VERSION_STATE_UPDATED: 'A version in the App Store has a new state',
  ALTERNATIVE_DISTRIBUTION_PACKAGE_AVAILABLE_UPDATED: 'A package for other shops is available',
  ALTERNATIVE_DISTRIBUTION_PACKAGE_VERSION_CREATED: 'A package for other shops has a new version',
  ALTERNATIVE_DISTRIBUTION_TERRITORY_AVAILABILITY_UPDATED: 'A territory of other shops has changed',
};

/** What an event says; a test has no kind. */
export function eventWords(eventType: string | null | undefined): string {
  if (!eventType) return 'A test';
  return own(EVENTS, eventType) ?? 'An event of a kind that is new';
}
