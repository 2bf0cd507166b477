import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { AppContext } from '@/lib/context';
import { orderErasure, readErasure, workOnErasures } from '@/lib/services/person/erase';
import { exportPerson } from '@/lib/services/person/export';
import { type Known, whatIsKnown } from '@/lib/services/person/known';
import { ask } from './ask';
import { shellCtx } from './shell';

const POLL_MS = 500;

/** Writes all that is known of a person to a new file; gives the exit code. */
export async function personExportCommand(context: AppContext, address: string, to: string): Promise<number> {
  const file = path.resolve(to);
  const { content } = await exportPerson(shellCtx(context), address);
  // For nobody else on the machine, and never over what is there.
  const target = createWriteStream(file, { flags: 'wx', mode: 0o600 });
  try {
    await pipeline(content, target);
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    if (!isThere) await rm(file, { force: true });
    process.stderr.write(
      `${isThere ? `${file} is there already.` : `${file} could not be written: ${error instanceof Error ? error.message : error}`}\n`,
    );
    return 1;
  }
  process.stdout.write(`All that is known is in ${file}.\n`);
  return 0;
}

/** Tells what is known of a person and erases it once that is confirmed; gives the exit code. */
export async function personEraseCommand(
  context: AppContext,
  address: string,
  { isSure, isJson }: { readonly isSure: boolean; readonly isJson: boolean },
): Promise<number> {
  const ctx = shellCtx(context);
  const known = await whatIsKnown(ctx, address);
  if (!isJson) process.stdout.write(told(known));
  const typed = isSure ? known.address : await ask(`Type ${known.address} to erase all of this: `);
  const ordered = await orderErasure(ctx, { address, confirm: typed });
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort());
  let erasure = ordered;
  let isLeft = true;
  // The worker may be at it, too: whoever has the turn does it.
  while (erasure.state === 'running' && erasure.trouble === null && isLeft && !stop.signal.aborted) {
    isLeft = await workOnErasures(ctx, stop.signal);
    erasure = await readErasure(ctx, ordered.id);
    if (erasure.state === 'running') {
      isLeft = true;
      await context.clock.sleep(POLL_MS, stop.signal).catch(() => undefined);
    }
  }
  if (isJson) process.stdout.write(`${JSON.stringify(erasure)}\n`);
  if (erasure.state === 'running') {
    const why = erasure.trouble ?? 'It was interrupted.';
    process.stderr.write(`Not all of it is erased yet: ${why} The worker goes on with it.\n`);
    return 1;
  }
  if (!isJson) {
    const counts = Object.entries(erasure.erased).map(([kind, count]) => `  ${kind}: ${count}`);
    const { testers, reports } = (await whatIsKnown(ctx, address)).atApple;
    const rest =
      testers.length + reports.length === 0
        ? ''
        : `In App Store Connect are still ${testers.length} as a tester and ${reports.length} reports: see Settings, A person’s data.\n`;
    process.stdout.write(`Erased.\n${counts.map((line) => `${line}\n`).join('')}${rest}`);
  }
  return 0;
}

function told({ kinds }: Known): string {
  if (kinds.length === 0) return 'Nothing is known of this person.\n';
  return kinds
    .map(
      ({ kind, count, isApples }) =>
        `  ${kind}: ${count}${isApples ? ' (of App Store Connect: stays)' : ''}\n`,
    )
    .join('');
}
