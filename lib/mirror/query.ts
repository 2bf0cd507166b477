export { freshnessOf, type View } from './query/freshness';
export { getMirror, resolveAccount } from './query/get';
export { appNames, type Holder, holdersOf, sharedApps } from './query/holders';
export { queryMirror } from './query/list';
export { allTesterIds } from './query/testers';
