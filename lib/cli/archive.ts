import type { AppContext } from '@/lib/context';
import {
  archiveStatus,
  type Pruned,
  previewPrune,
  prune,
  verifyArchive,
} from '@/lib/services/feedback/archive';
import { shellCtx } from './shell';

const MB = 1024 * 1024;
const size = (bytes: number) => `${(bytes / MB).toFixed(1)} MB`;

/** What the archive holds. */
export async function archiveStatusCommand(context: AppContext, isJson: boolean): Promise<number> {
  const status = await archiveStatus(shellCtx(context));
  if (isJson) return say(JSON.stringify(status));
  const { pictures, logs, rules, trouble } = status;
  const quota = rules.quotaBytes === null ? 'no quota' : `quota ${size(rules.quotaBytes)}`;
  const rule =
    rules.keepDays === null
      ? 'Pictures are kept for ever.'
      : `Pictures of settled issues are kept for ${rules.keepDays} days after the report; those of open ones always.`;
  const { symbols } = status;
  return say(`${status.files} files, ${size(status.bytes)}, in the ${status.place}; ${quota}.
Of these with symbols: ${symbols.files}, ${size(symbols.bytes)}.
Pictures: ${pictures.stored} stored, ${pictures.wanted} wanted, ${pictures.failed} tried again, ${pictures.refused} refused, ${pictures.removed} removed.
Crash logs, in the database: ${logs.count}, ${size(logs.bytes)}.
${rule}${trouble ? `\n${trouble.words} Since ${new Date(trouble.since).toISOString()}.` : ''}`);
}

/** What a clean-up takes away; only told unless it is to be done. */
export async function pruneCommand(
  context: AppContext,
  isToBeDone: boolean,
  isJson: boolean,
): Promise<number> {
  const ctx = shellCtx(context);
  const pruned = await (isToBeDone ? prune(ctx, new AbortController().signal) : previewPrune(ctx));
  if (isJson) return say(JSON.stringify(pruned));
  const would = isToBeDone ? 'Removed' : 'Would remove';
  const more = isToBeDone ? '' : '\nNothing was changed; add --apply to do it.';
  return say(`${would} ${told(pruned)}${more}`);
}

const told = ({ pictures, files, bytes, orphans }: Pruned) =>
  `${pictures} pictures by the rule, ${files} files (${size(bytes)}) that nothing refers to, and ${orphans.length} that no row knows of.${orphans.map((hash) => `\n${hash}`).join('')}`;

/** Reads every file and compares it with its hash; exit code 1 when one is missing or damaged. */
export async function verifyArchiveCommand(context: AppContext, isJson: boolean): Promise<number> {
  const check = await verifyArchive(shellCtx(context));
  const { checked, missing, damaged, unread, orphans } = check;
  const isWhole = missing.length + damaged.length + unread.length === 0;
  if (isJson) say(JSON.stringify(check));
  else
    say(
      [
        isWhole
          ? `The archive is whole: ${checked} files.`
          : `The archive is not whole; ${checked} files are known.`,
        ...missing.map((hash) => `missing ${hash}`),
        ...damaged.map((hash) => `damaged ${hash}`),
        ...unread.map(({ hash, words }) => `not read ${hash}: ${words}`),
        ...orphans.map((hash) => `known to no row ${hash}`),
      ].join('\n'),
    );
  return isWhole ? 0 : 1;
}

function say(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}
