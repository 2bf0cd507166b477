interface Task {
  at: number;
  run: () => void;
}

/** Things that happen at an instant of the programme's time, run in order when time has come to them. */
export class Timers {
  /** Latest first, and of equals the last added first, so that the next one is popped off the end. */
  readonly #tasks: Task[] = [];

  add(at: number, run: () => void): void {
    let low = 0;
    let high = this.#tasks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#tasks[middle]?.at ?? 0) > at) low = middle + 1;
      else high = middle;
    }
    this.#tasks.splice(low, 0, { at, run });
  }

  /** The next task that is due, or undefined. */
  take(now: number): Task | undefined {
    const next = this.#tasks.at(-1);
    return next && next.at <= now ? this.#tasks.pop() : undefined;
  }
}
