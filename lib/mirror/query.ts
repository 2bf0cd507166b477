export { getMirror, resolveAccount } from './query/get';
export { queryMirror } from './query/list';
