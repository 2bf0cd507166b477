import { onDemand } from './on-demand';

/** What a page shows in the place of what could not be loaded; its code is fetched when that happens. */
export const ErrorState = onDemand(() =>
  import('./error-state').then((module) => ({ default: module.ErrorState })),
);
