import { formatCount } from './numbers';
import { ROLES } from './roles';

// The only place where Apple's and our enumeration values become words. The values stay verbatim everywhere else.

const STATES = {
  // BetaTesterState
  NOT_INVITED: 'Not invited',
  INVITED: 'Invited',
  ACCEPTED: 'Accepted',
  INSTALLED: 'Installed',
  REVOKED: 'Revoked',
  // processingState
  PROCESSING: 'Processing',
  FAILED: 'Failed',
  INVALID: 'Invalid',
  VALID: 'Processed',
  // internalBuildState and externalBuildState
  PROCESSING_EXCEPTION: 'Processing failed',
  MISSING_EXPORT_COMPLIANCE: 'Missing compliance',
  READY_FOR_BETA_TESTING: 'Ready to test',
  IN_BETA_TESTING: 'Testing',
  EXPIRED: 'Expired',
  IN_EXPORT_COMPLIANCE_REVIEW: 'In compliance review',
  READY_FOR_BETA_SUBMISSION: 'Ready to submit',
  WAITING_FOR_BETA_REVIEW: 'Waiting for review',
  IN_BETA_REVIEW: 'In review',
  BETA_REJECTED: 'Rejected',
  BETA_APPROVED: 'Approved',
  NOT_APPLICABLE: 'Not applicable',
  // betaReviewState
  WAITING_FOR_REVIEW: 'Waiting for review',
  IN_REVIEW: 'In review',
  REJECTED: 'Rejected',
  APPROVED: 'Approved',
  // buildUploads and background assets
  AWAITING_UPLOAD: 'Awaiting upload',
  COMPLETE: 'Complete',
  READY_FOR_TESTING: 'Ready to test',
  PROCESSING_FOR_TESTING: 'Processing for testing',
  SUPERSEDED: 'Superseded',
  PREPARE_FOR_SUBMISSION: 'Preparing for submission',
  READY_FOR_REVIEW: 'Ready for review',
  PROCESSING_FOR_DISTRIBUTION: 'Processing for distribution',
  READY_FOR_DISTRIBUTION: 'Ready for distribution',
  // appStoreState, appVersionState and reviewSubmissions
  DEVELOPER_REMOVED_FROM_SALE: 'Removed from sale by you',
  DEVELOPER_REJECTED: 'Withdrawn by you',
  INVALID_BINARY: 'Invalid binary',
  METADATA_REJECTED: 'Metadata rejected',
  PENDING_APPLE_RELEASE: 'Waiting for Apple to release',
  PENDING_CONTRACT: 'Waiting for a contract',
  PENDING_DEVELOPER_RELEASE: 'Waiting for you to release',
  PREORDER_READY_FOR_SALE: 'Ready for pre-order',
  PROCESSING_FOR_APP_STORE: 'Processing for the App Store',
  READY_FOR_SALE: 'Ready for sale',
  REMOVED_FROM_SALE: 'Removed from sale',
  WAITING_FOR_EXPORT_COMPLIANCE: 'Waiting for export compliance',
  REPLACED_WITH_NEW_VERSION: 'Replaced by a new version',
  UNRESOLVED_ISSUES: 'Unresolved issues',
  CANCELING: 'Cancelling',
  COMPLETING: 'Completing',
  // App Clip experiences and places
  RECEIVED: 'Received',
  DEACTIVATED: 'Deactivated',
  APP_TRANSFER_IN_PROGRESS: 'App transfer under way',
  MATCHED: 'Matched',
  NO_MATCH: 'No match',
  // webhookDeliveries
  SUCCEEDED: 'Succeeded',
  PENDING: 'Pending',
  CREATED: 'Created',
} as const;

const KINDS = {
  EMAIL: 'E-mail',
  PUBLIC_LINK: 'Public link',
  INTERNAL_ONLY: 'Internal only',
  APP_STORE_ELIGIBLE: 'App Store eligible',
  IOS: 'iOS',
  MAC_OS: 'macOS',
  TV_OS: 'tvOS',
  VISION_OS: 'visionOS',
  WATCH_OS: 'watchOS',
  IPHONE: 'iPhone',
  IPAD: 'iPad',
  APPLE_TV: 'Apple TV',
  APPLE_WATCH: 'Apple Watch',
  MAC: 'Mac',
  VISION: 'Apple Vision',
  APP: 'App',
  APP_CLIP: 'App Clip',
  WATCH_APP: 'Watch app',
  WIFI: 'Wi-Fi',
  MOBILE_DATA: 'Mobile data',
  WIRE: 'Wired',
  UNKNOWN: 'Unknown',
  NONE: 'None',
  DISK_WRITES: 'Disk writes',
  HANGS: 'Hangs',
  LAUNCHES: 'Launches',
  P7D: 'Last 7 days',
  P30D: 'Last 30 days',
  P90D: 'Last 90 days',
  P365D: 'Last 365 days',
} as const;

const APPLE_ROLES = {
  ADMIN: 'Admin',
  FINANCE: 'Finance',
  ACCOUNT_HOLDER: 'Account Holder',
  SALES: 'Sales',
  MARKETING: 'Marketing',
  APP_MANAGER: 'App Manager',
  DEVELOPER: 'Developer',
  ACCESS_TO_REPORTS: 'Access to Reports',
  CUSTOMER_SUPPORT: 'Customer Support',
  CREATE_APPS: 'Create Apps',
  CLOUD_MANAGED_DEVELOPER_ID: 'Cloud-managed Developer ID',
  CLOUD_MANAGED_APP_DISTRIBUTION: 'Cloud-managed App Distribution',
  GENERATE_INDIVIDUAL_KEYS: 'Generate Individual Keys',
} as const;

const OURS = {
  team: 'Team key',
  individual: 'Individual key',
  pending: 'Pending',
  succeeded: 'Done',
  failed: 'Refused',
  unknown: 'Outcome unknown',
  idle: 'Idle',
  running: 'Running',
  cancelled: 'Cancelled',
  full: 'full',
  incremental: 'incremental',
} as const;

const LABELS: Readonly<Record<string, string>> = { ...APPLE_ROLES, ...KINDS, ...STATES, ...OURS, ...ROLES };

/** What a table says of a key, which may be any text, `constructor` too. */
export function own(table: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** An enumeration value in words; one we do not know yet (Apple adds them) is taken apart: `ON_HOLD` is “On hold”. */
export function label(value: string): string {
  const known = own(LABELS, value);
  if (known !== undefined) return known;
  // Only what is surely a machine's word: a version, an address or a name in capitals stays as it is.
  if (!/^[A-Z]+(_[A-Z0-9]+)+$/.test(value)) return value;
  const apart = value.toLowerCase().replaceAll('_', ' ');
  return apart.charAt(0).toUpperCase() + apart.slice(1);
}

/** A value of an attribute as people read it: Yes and No, words for enumerations, "none" for null. */
export function valueLabel(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'number') return formatCount(value);
  if (typeof value === 'string') return value === '' ? 'empty' : (own(LABELS, value) ?? value);
  return JSON.stringify(value);
}
