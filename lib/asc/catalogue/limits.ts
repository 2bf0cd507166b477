/** External testers of an app, and people behind one public link; App Store Connect Help, “Invite external testers”. */
export const TESTERS_PER_APP = 10_000;
/** Apple's bounds of a public link's limit. */
export const LINK_LIMIT = { min: 1, max: TESTERS_PER_APP } as const;
