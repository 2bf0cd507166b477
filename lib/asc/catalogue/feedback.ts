import type { RelatedRead } from './types';
import { PLATFORM } from './values';

/** What both kinds of feedback have in common. */
export const FEEDBACK_FIELDS = [
  'createdDate',
  'comment',
  'email',
  'deviceModel',
  'osVersion',
  'locale',
  'timeZone',
  'architecture',
  'connectionType',
  'pairedAppleWatch',
  'appUptimeInMilliseconds',
  'diskBytesAvailable',
  'diskBytesTotal',
  'batteryPercentage',
  'screenWidthInPoints',
  'screenHeightInPoints',
  'appPlatform',
  'devicePlatform',
  'deviceFamily',
  'buildBundleId',
  'build',
  'tester',
] as const;

/** Feedback exists only per app: `/v1/apps/{id}/betaFeedback…`. There is no filter on dates. */
export const FEEDBACK_READ = {
  filter: {
    deviceModel: [],
    osVersion: [],
    appPlatform: PLATFORM,
    devicePlatform: PLATFORM,
    build: [],
    'build.preReleaseVersion': [],
    tester: [],
  },
  sort: ['createdDate'],
  include: true,
} as const satisfies RelatedRead;
