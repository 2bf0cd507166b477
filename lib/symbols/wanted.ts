import { wantedOffsets } from '@/lib/crash/own-names';
import { readCrashReport } from '@/lib/crash/read';

/** Where names are wanted in a binary of a log: bytes from its start, each once. */
export const offsetsWantedIn = (log: string, uuid: string): number[] =>
  wantedOffsets(readCrashReport(log), uuid);
