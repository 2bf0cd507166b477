import { readFileSync } from 'node:fs';

/**
 * What tells a process from every other that had or will have its number: the start of the machine and its own. Null when
 * no such process lives; without details where the system does not tell them.
 */
export function birthOf(pid: number): string | null {
  if (!isThere(pid)) return null;
  try {
    // What follows the command, which stands in parentheses and may hold anything: state, then eighteen more, then start.
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(')').at(-1)?.trim().split(' ') ?? [];
    const [state = '', start = ''] = [fields[0], fields[19]];
    // Killed, but not yet taken note of by its parent: it holds nothing any more.
    if (state === 'Z' || state === 'X') return null;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    return `${boot}.${start}`;
  } catch {
    return '';
  }
}

function isThere(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
