import { spawn } from 'node:child_process';
import { root } from './place.mjs';

const running = new Set();
let isStopping = false;

/**
 * Runs a program to its end and keeps what it wrote.
 * @returns {Promise<{code: number, output: string, stdout: string, ms: number}>}
 */
export function run(command, args, { env = {}, echo = false, cwd = root } = {}) {
  const started = performance.now();
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    running.add(child);
    let output = '';
    let stdout = '';
    const keep = (chunk, isStdout) => {
      output += chunk;
      if (isStdout) stdout += chunk;
      if (echo) process.stderr.write(chunk);
    };
    child.stdout.setEncoding('utf8').on('data', (chunk) => keep(chunk, true));
    child.stderr.setEncoding('utf8').on('data', (chunk) => keep(chunk, false));
    const end = (code) => {
      running.delete(child);
      // Whoever waits for a child that was stopped with us would only call it a failure.
      if (isStopping) return;
      resolve({ code, output, stdout, ms: performance.now() - started });
    };
    child.once('error', (error) => {
      output += String(error);
      end(127);
    });
    child.once('close', (code) => end(code ?? 1));
  });
}

/** Runs a JavaScript program with this very Node. */
export const runNode = (file, args, options) => run(process.execPath, [file, ...args], options);

/**
 * Ctrl-C during a build or a test run takes the whole process group of each child along.
 * @returns {() => void} ends this arrangement, for those that go on to supervise processes
 */
export function stopWithChildren() {
  const stop = () => {
    isStopping = true;
    for (const child of running) killGroup(child.pid, 'SIGTERM');
    setTimeout(() => {
      for (const child of running) killGroup(child.pid, 'SIGKILL');
      process.exit(130);
    }, 1500);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.once(signal, stop);
  return () => {
    for (const signal of signals) process.off(signal, stop);
  };
}

/** Signals a process and all its descendants that kept its group; one that is gone is no error. */
export function killGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}
