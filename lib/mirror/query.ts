export { readAt, type View } from './query/freshness';
export { getMirror, resolveAccount } from './query/get';
export { type AppNamesOf, appNames, type Holder, holdersOf, namesOfApps, sharedApps } from './query/holders';
export { countMirror, queryMirror } from './query/list';
export { allTesterIds } from './query/testers';
