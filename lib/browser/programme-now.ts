let shiftMs = 0;

/** Takes over how far a simulated programme is ahead of this machine, ms. */
export function setProgrammeShift(ms: number): void {
  shiftMs = ms;
}

/** Now, in the programme's time, ms since 1970. */
export const programmeNow = (): number => Date.now() + shiftMs;
