import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readCrashReport } from '@/lib/crash/read';
import { signatureOf, topInAppFrame } from '@/lib/crash/signature';

/** One line of JSON for each file of a folder and its folders, then totals; with `isGrouped` one line of groups. */
export function readFolder(folder: string, isGrouped: boolean, say: (line: string) => void): void {
  const totals = { files: 0, crash: 0, 'known-not-a-crash': 0, 'not-recognised': 0, bytes: 0, ms: 0 };
  const groups = new Map<string, string[]>();
  for (const file of filesIn(folder)) {
    const bytes = readFileSync(path.join(folder, file));
    const started = performance.now();
    const report = readCrashReport(bytes);
    const signature = signatureOf(report)?.issue ?? null;
    const top = report.kind === 'crash' ? topInAppFrame(report) : null;
    totals.ms += performance.now() - started;
    totals.files += 1;
    totals.bytes += bytes.length;
    totals[report.kind] += 1;
    if (signature !== null) groups.set(signature, [...(groups.get(signature) ?? []), file]);
    if (isGrouped) continue;
    say(
      JSON.stringify({
        file,
        kind: report.kind,
        format: report.format,
        exceptionType: report.exception?.type ?? null,
        crashedThread: report.crashedThread,
        topInAppFrame: top === null ? null : { binary: top.binary, symbol: top.symbol, offset: top.offset },
        signature,
      }),
    );
  }
  if (isGrouped) say(JSON.stringify([...groups].map(([signature, files]) => ({ signature, files }))));
  else say(JSON.stringify({ totals: { ...totals, ms: Math.round(totals.ms) } }));
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .sort();
}
