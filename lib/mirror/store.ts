// The store's types for the rooms that must not import the store itself.
export type { Database, SqlValue, Statement } from '@/prisma/database';
export { DatabaseUnavailableError, StaleWriteError } from '@/prisma/database';
export type { Lease } from '@/prisma/lease';
export {
  acquireLease,
  HEARTBEAT_MS,
  LeaseLostError,
  ownerName,
  releaseLease,
  writeUnderLease,
} from '@/prisma/lease';
