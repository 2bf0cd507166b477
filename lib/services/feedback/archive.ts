import { z } from 'zod';
import { authorise } from '@/lib/access/policy';
import { inTurn } from '@/lib/feedback/archive/archive';
import { type ArchiveFigures, archiveFigures } from '@/lib/feedback/archive/figures';
import { expiredPictures, letExpiredGo, orphansOf, sweep, unusedFiles } from '@/lib/feedback/archive/keep';
import { archivePlaces } from '@/lib/feedback/archive/places';
import { lookAgain } from '@/lib/feedback/archive/rows';
import {
  type ArchiveRules,
  type ArchiveTrouble,
  readRules,
  readTrouble,
  rulesStatement,
} from '@/lib/feedback/archive/settings';
import { type ArchiveCheck, verifyArchive as verify } from '@/lib/feedback/archive/verify';
import { audited } from '../audited';
import type { Ctx } from '../ctx';
import { conflict } from '../errors';
import { programmeNow } from '../programme-time';

/** What the settings page shows of the archive. */
export interface ArchiveStatus extends ArchiveFigures {
  readonly place: 'folder' | 'bucket';
  readonly rules: ArchiveRules;
  readonly trouble: ArchiveTrouble | null;
}

export const rulesBody = z.strictObject({
  quotaBytes: z.number().int().min(1_000_000, 'A quota has 1 MB at least.').nullable(),
  keepDays: z.number().int().min(1, 'Pictures are kept for a day at least.').max(36_500).nullable(),
});

/** What the archive holds, its rules, and what stands in its way. */
export async function archiveStatus(ctx: Ctx): Promise<ArchiveStatus> {
  authorise(ctx.actor, 'settings:read');
  const [figures, rules, trouble] = await Promise.all([
    archiveFigures(ctx.db),
    readRules(ctx.db),
    readTrouble(ctx.db),
  ]);
  return { ...figures, place: archivePlaces(ctx.env).current, rules, trouble };
}

/** Sets how much is kept, and for how long. */
export async function setArchiveRules(ctx: Ctx, rules: ArchiveRules): Promise<ArchiveStatus> {
  authorise(ctx.actor, 'settings:write');
  const before = await readRules(ctx.db);
  await audited(
    ctx,
    { action: 'update', type: 'archive', label: 'Archive', before, requested: rules },
    async () => ({
      result: undefined,
      after: rules,
      statements: [rulesStatement(rules, ctx.clock.now())],
    }),
  );
  return archiveStatus(ctx);
}

/** What a clean-up takes away, or would. */
export interface Pruned {
  /** Pictures that the rule lets go. */
  readonly pictures: number;
  /** Files that nothing refers to. */
  readonly files: number;
  readonly bytes: number;
  /** Files that no row knows of, such as what a broken-off run left. */
  readonly orphans: readonly string[];
}

/** More than any run looks at when it only tells. */
const MOST_TOLD = 100_000;
/** What was put away a moment ago may get its row yet, ms. */
const YOUNG_MS = 10 * 60_000;

/** What a clean-up would take away now; changes nothing. */
export async function previewPrune(ctx: Ctx): Promise<Pruned> {
  authorise(ctx.actor, 'settings:write');
  const pictures = await expiredPictures(ctx.db, await readRules(ctx.db), programmeNow(ctx), MOST_TOLD);
  const orphans = await oldOrphans(ctx);
  const unused = await unusedFiles(ctx.db);
  return { pictures: pictures.length, ...unused, orphans: orphans.map(({ hash }) => hash) };
}

/** Without what somebody puts away at this moment, such as a drawing. */
async function oldOrphans(ctx: Ctx) {
  const orphans = await orphansOf(ctx.db, archivePlaces(ctx.env));
  return orphans.filter(({ at }) => at < Date.now() - YOUNG_MS);
}

/** Takes away what the rule lets go and what nothing refers to. @throws RefusedError (409) while pictures are fetched */
export async function prune(ctx: Ctx, signal: AbortSignal): Promise<Pruned> {
  authorise(ctx.actor, 'settings:write');
  const places = archivePlaces(ctx.env);
  return audited(ctx, { action: 'prune', type: 'archive', label: 'Archive' }, async () => {
    const result = await inTurn(ctx, signal, async (turn) => {
      const pictures = await letExpiredGo(ctx.db, turn, await readRules(ctx.db), programmeNow(ctx));
      const swept = await sweep(ctx.db, turn, places);
      const orphans = await oldOrphans(ctx);
      for (const { place, hash } of orphans) await place.remove(hash);
      return { pictures, ...swept, orphans: orphans.map(({ hash }) => hash) };
    });
    if (!result)
      throw conflict('FLIGHTDECK.BUSY', 'Pictures are being fetched at this moment. Try again in a minute.');
    return { result, after: { ...result, orphans: result.orphans.length } };
  });
}

/** Keeps the archive's rule by itself, unless another process is at it. */
export async function keepRule(ctx: Ctx, signal: AbortSignal): Promise<void> {
  await lookAgain(ctx.db);
  await inTurn(ctx, signal, async (turn) => {
    const pictures = await letExpiredGo(ctx.db, turn, await readRules(ctx.db), programmeNow(ctx));
    const { files, bytes } = await sweep(ctx.db, turn, archivePlaces(ctx.env));
    if (files > 0) ctx.log.info({ pictures, files, bytes }, 'Files of the archive were removed by its rule.');
  });
}

/** Reads every file and compares it with its hash. */
export async function verifyArchive(ctx: Ctx): Promise<ArchiveCheck> {
  authorise(ctx.actor, 'settings:read');
  return verify(ctx.db, archivePlaces(ctx.env));
}

export { archiveFolder } from '@/lib/feedback/archive/places';
