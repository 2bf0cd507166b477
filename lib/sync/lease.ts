// Leases for the worker, which must not import the store itself.
export {
  acquireLease,
  HEARTBEAT_MS,
  type Lease,
  ownerName,
  releaseLease,
  writeUnderLease,
} from '@/lib/mirror/store';
