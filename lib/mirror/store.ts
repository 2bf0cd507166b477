// The store's types for the rooms that must not import the store itself.
export type { Database, SqlValue, Statement } from '@/lib/store/database';
export { DatabaseUnavailableError, StaleWriteError } from '@/lib/store/database';
export type { Lease } from '@/lib/store/lease';
export {
  acquireLease,
  HEARTBEAT_MS,
  LeaseLostError,
  ownerName,
  releaseLease,
  writeUnderLease,
} from '@/lib/store/lease';
