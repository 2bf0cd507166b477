import { writeSync } from 'node:fs';

// A full disk or a reader that has gone must not end us: what cannot be written is not written.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

/** Writes a line to standard output (1) or error (2); a full disk or a closed pipe costs the line, nothing else. */
export function put(fd, line) {
  try {
    writeSync(fd, `${line}\n`);
  } catch (error) {
    // A pipe whose reader is slow: Node keeps the rest until it reads again.
    if (error.code === 'EAGAIN') (fd === 1 ? process.stdout : process.stderr).write(`${line}\n`);
  }
}

/** Progress goes to standard error, so that a command's own output (JSON, addresses) stays clean. */
export function say(line = '') {
  put(2, line instanceof Error ? (line.stack ?? String(line)) : line);
}

/** An expected failure: its message is all a person needs, no stack. */
export class Stop extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Runs a script's main function and turns what it throws into a message and an exit code. */
export async function main(run) {
  try {
    const code = await run();
    if (typeof code === 'number') process.exitCode = code;
  } catch (error) {
    say(error instanceof Stop ? `\n${error.message}` : error);
    process.exit(error instanceof Stop ? error.exitCode : 1);
  }
}

/** `1.2 s` or `3 min 4 s`. */
export function duration(ms) {
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}
