/** One list to be read; those with more pages to come begin first, so that no cursor is left alone at the end. */
export interface Task {
  readonly weight: number;
  /** May name further tasks. */
  run(): Promise<readonly Task[]>;
}

/**
 * Runs tasks with so many cursors at a time until none is left. After the first error `onError` is called, no further
 * task begins, and the promise rejects with it once all running tasks have ended.
 */
export async function runTasks(
  first: readonly Task[],
  cursors: number,
  onError: (error: unknown) => void,
): Promise<void> {
  const waiting = [...first];
  const running = new Set<Promise<void>>();
  let failure: { error: unknown } | undefined;
  const begin = (task: Task) => {
    const one: Promise<void> = task
      .run()
      .then((more) => {
        waiting.push(...more);
      })
      .catch((error: unknown) => {
        if (failure) return;
        failure = { error };
        onError(error);
      })
      .finally(() => running.delete(one));
    running.add(one);
  };
  for (;;) {
    waiting.sort((a, b) => b.weight - a.weight);
    while (!failure && running.size < cursors) {
      const task = waiting.shift();
      if (!task) break;
      begin(task);
    }
    if (running.size === 0) break;
    await Promise.race(running);
  }
  if (failure) throw failure.error;
}
