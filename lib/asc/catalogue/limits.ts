// Apple's limits, each told once, with where Apple says so; its help stands at
// https://developer.apple.com/help/app-store-connect/test-a-beta-version/

/** External testers of one app: "Invite external testers" in Apple's help. */
export const APP_TESTER_LIMIT = 10_000;

/** Internal testers of one app: "Add internal testers" in Apple's help. */
export const INTERNAL_TESTER_LIMIT = 100;

/** How many may join by one link: `publicLinkLimit` in Apple's BetaGroup.Attributes. */
export const LINK_LIMIT = { min: 1, max: APP_TESTER_LIMIT } as const;

/** Rows of one page, the maximum of `limit` in Apple's specification. */
export const PAGE_LIMIT = 200;

/** Rows inlined per to-many include unless an entry of the catalogue says otherwise: `limit[…]` there. */
export const INCLUDE_LIMIT = 50;

/** Ids asked by one filter: Apple tells no number; an address may not grow without end. */
export const FILTER_IDS = 100;

/** Of What to Test, a description and review notes: App Store Connect says characters and refuses more as TOO_LONG. */
export const TEXT_LIMIT = 4000;

/** How long a build can be tested: "TestFlight overview" in Apple's help. */
export const BUILD_DAYS = 90;
