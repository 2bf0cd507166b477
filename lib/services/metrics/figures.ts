/** What is counted of builds and grows with their use, by Apple's words. */
export const USAGE_FIGURES = ['sessionCount', 'crashCount', 'feedbackCount', 'installCount'] as const;
export type UsageFigure = (typeof USAGE_FIGURES)[number];
