const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** How long things take, in milliseconds of the programme's time. */
export const PACE = {
  buildProcessing: 15 * MINUTE_MS,
  exportAnswer: 1 * MINUTE_MS,
  exportReview: 2 * HOUR_MS,
  reviewQueue: 3 * HOUR_MS,
  review: 1 * HOUR_MS,
  /** Between invitation and acceptance: at least this, and up to eight times as long. */
  accept: 30 * MINUTE_MS,
  install: 10 * MINUTE_MS,
  /** One item of feedback, one visit to a link, one new build per app. */
  feedback: 4 * HOUR_MS,
  joining: 5 * HOUR_MS,
  upload: 36 * HOUR_MS,
} as const;

/** How long a build can be tested. */
export const BUILD_LIFE_MS = 90 * 24 * HOUR_MS;
