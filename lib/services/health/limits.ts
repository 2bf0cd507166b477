/** From when on each rule speaks; the second figure of a rule is from when it is red. */
export const LIMITS = {
  build_expiring: { days: 14, redDays: 7 },
  review_waiting: { days: 2, redDays: 5 },
  link_nearly_full: { share: 0.9, days: 14 },
  testers_nearly_full: { share: 0.9, days: 14 },
  crash_free_fell: { points: 1, redPoints: 5, sessions: 50 },
  adoption_slow: { days: 7, share: 0.3, devices: 10 },
  feedback_unread: { days: 7, redDays: 30 },
  group_unused: { days: 30 },
  sync_old: { hours: 6, redHours: 24 },
} as const;
