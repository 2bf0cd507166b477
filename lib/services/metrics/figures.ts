/** What is counted of builds and grows with their use, by Apple's words. */
export const USAGE_FIGURES = ['sessionCount', 'crashCount', 'feedbackCount', 'installCount'] as const;
export type UsageFigure = (typeof USAGE_FIGURES)[number];

/** The same of each figure. */
export const eachFigure = <Value>(of: (name: UsageFigure) => Value) =>
  Object.fromEntries(USAGE_FIGURES.map((name) => [name, of(name)])) as Record<UsageFigure, Value>;
