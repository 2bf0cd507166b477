import { createHash } from 'node:crypto';
import { z } from 'zod';
import { authorise, authoriseApp } from '@/lib/access/policy';
import { formatPlural } from '@/lib/format/numbers';
import type { NewItem } from '@/lib/jobs/create';
import { type AppFacts, appOf } from '../app-facts';
import { requireTyped } from '../confirmation';
import type { Ctx } from '../ctx';
import { conflict, RefusedError } from '../errors';
import type { JobPlan } from '../jobs/plan';
import { alertsOf } from './alerts';
import { differences } from './differences';
import type { ProgrammeFile } from './file';
import { offeredIn, readProgramme } from './live';
import type { Change, Operation } from './operation';
import { FILE_LIMIT, type FileProblem, readFile } from './read-file';

export interface ProgrammePlace {
  readonly appId: string;
  readonly accountId: string | undefined;
}

/** Where the body holds the file, for the places of what is wrong with it. */
const POINTER = '/text';

const fileText = z.string().min(1, 'The file is empty.').max(FILE_LIMIT, 'The file is longer than 1 MB.');

export const compareBody = z.strictObject({
  text: fileText,
  /** Whether what the file does not name is to be deleted. */
  prune: z.boolean().exactOptional(),
});

/** A file to be applied. */
export const applyInput = compareBody.extend({
  /** How many things are deleted, as a comparison says; only where some are. */
  confirm: z.int().exactOptional(),
  /** Of the comparison that was looked at: where the programme has moved since, nothing is done. */
  plan: z.string().exactOptional(),
});
type ApplyInput = z.infer<typeof applyInput>;

/** A difference as it is shown. */
export interface ShownOperation {
  readonly kind: Operation['kind'];
  readonly says: string;
  readonly changes: readonly Change[];
  /** Why it is not carried out, and what to do; null where it is. */
  readonly reason: string | null;
  readonly next: Operation['next'];
  readonly isDeletion: boolean;
}

export interface Comparison {
  /** What the app is called. */
  readonly app: string;
  readonly operations: readonly ShownOperation[];
  /** How many of them would be sent to App Store Connect, and how many of those delete something. */
  readonly sent: number;
  readonly deletions: number;
  /** Names this comparison: see `plan` of a file that is applied. */
  readonly plan: string;
  /** When App Store Connect was asked, ISO. */
  readonly readAt: string;
}

/**
 * Compares a file with what App Store Connect has now.
 * @throws RefusedError 422 with each thing that is wrong with the file, and where; AscError
 */
export async function compareProgramme(
  ctx: Ctx,
  place: ProgrammePlace,
  { text, prune = false }: z.infer<typeof compareBody>,
): Promise<Comparison> {
  authorise(ctx.actor, ctx.actor.kind === 'machine' ? 'programme:read' : 'apple:read');
  const app = await appOf(ctx, place.appId, place.accountId);
  authoriseApp(ctx.actor, 'programme:read', app);
  const readAt = new Date(ctx.clock.now()).toISOString();
  const { operations } = await comparisonOf(ctx, app, fileIn(text), prune);
  const sent = operations.filter(({ step }) => step !== null);
  return {
    app: app.title,
    operations: operations.map(({ step: _, ...shown }) => shown),
    sent: sent.length,
    deletions: sent.filter(({ isDeletion }) => isDeletion).length,
    plan: hashOf(operations),
    readAt,
  };
}

/** @throws RefusedError 422 with each thing that is wrong, and where */
export function fileIn(text: string): ProgrammeFile {
  const { file, problems } = readFile(text);
  if (file) return file;
  throw new RefusedError(problems.map(problemOf));
}

function problemOf({ line, column, words }: FileProblem) {
  const at = line === null ? '' : `Line ${line}, column ${column}: `;
  return {
    status: 422,
    code: 'FLIGHTDECK.FILE',
    title: 'The file is wrong',
    detail: `${at}${words}`,
    source: { pointer: POINTER },
    meta: { line, column },
  };
}

async function comparisonOf(
  ctx: Ctx,
  { accountId, appId }: AppFacts,
  file: ProgrammeFile,
  isPruned: boolean,
): Promise<{ operations: Operation[]; groups: string[] }> {
  const lane = ctx.actor.kind === 'user' ? 'interactive' : 'write';
  const asc = await ctx.ascFor(accountId, lane);
  const [apples, offered] = await Promise.all([readProgramme(asc, appId), offeredIn(asc, file)]);
  const alerts = await alertsOf(ctx, { accountId, appId });
  const operations = differences(file, { ...apples, offered, alerts }, isPruned);
  return { operations, groups: apples.groups.map(({ id }) => id) };
}

/** Names what would be sent, with what was seen of it; that somebody joins a group that stays is none of it. */
function hashOf(operations: readonly Operation[]): string {
  const sent = operations.flatMap(({ says, step }) => (step ? [{ says, step }] : []));
  return createHash('sha256').update(JSON.stringify(sent)).digest('base64url').slice(0, 22);
}

/**
 * The job that brings a programme to what a file says, from a comparison made now.
 * @throws RefusedError 422 for a file that is wrong or changes nothing, 409 where the programme has moved since it was
 * compared, or unless the number of deletions was confirmed
 */
export async function planApplyProgramme(
  ctx: Ctx,
  app: AppFacts,
  { text, prune = false, confirm, plan }: ApplyInput,
  isDryRun: boolean,
): Promise<JobPlan> {
  // A token that may start jobs is made for these.
  if (ctx.actor.kind !== 'machine') authorise(ctx.actor, 'programme:write');
  const { operations, groups } = await comparisonOf(ctx, app, fileIn(text), prune);
  const sent = operations.filter(({ step }) => step !== null);
  if (plan !== undefined && plan !== hashOf(operations))
    throw conflict(
      'FLIGHTDECK.STALE',
      'The programme has changed since the file was compared, so nothing was done. Compare it again and look at what differs now.',
    );
  if (operations.length === 0 || (sent.length === 0 && !isDryRun)) throw nothing(operations.length);
  const deletions = sent.filter(({ isDeletion }) => isDeletion).length;
  if (deletions > 0 && !isDryRun)
    requireTyped(
      deletions,
      confirm,
      `This deletes ${formatPlural(deletions, 'thing')} at App Store Connect that the file does not have.`,
      { pointer: '/input/confirm' },
    );
  return {
    title: `Apply a file to the programme of ${app.title}`,
    params: { planned: sent.length, deletions, prune, groups },
    items: operations.map(itemOf),
    planOf: () => 'Would be sent to App Store Connect.',
  };
}

const CODES = {
  later: 'FLIGHTDECK.LATER',
  recreate: 'FLIGHTDECK.RECREATE',
  blocked: 'FLIGHTDECK.BLOCKED',
} as const;

function itemOf({ kind, says, step, reason }: Operation): NewItem {
  if (step) return { label: says, payload: step };
  const code =
    kind === 'later' || kind === 'recreate' || kind === 'blocked' ? CODES[kind] : 'FLIGHTDECK.KEPT';
  return { label: says, payload: null, settled: { status: 'skipped', code, detail: reason ?? '' } };
}

function nothing(left: number): RefusedError {
  return new RefusedError({
    status: 422,
    code: 'FLIGHTDECK.NOTHING',
    title: 'Nothing to do',
    detail:
      left === 0
        ? 'The programme is as the file says: there is nothing to do.'
        : 'Nothing can be done now: the comparison says of each difference why.',
  });
}
