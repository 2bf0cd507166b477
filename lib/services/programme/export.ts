import { z } from 'zod';
import { authorise, authoriseApp } from '@/lib/access/policy';
import { record } from '@/lib/audit/trail';
import { appOf } from '../app-facts';
import { auditActor } from '../audited';
import type { Ctx } from '../ctx';
import { alertsOf } from './alerts';
import { CONTACT_FIELDS, type ProgrammeFile } from './file';
import { readProgramme } from './live';
import { fileIn, type ProgrammePlace } from './plan';
import { fileOf } from './programme';
import { FILE_LIMIT } from './read-file';
import { writeFile, writeOver } from './write-file';

export const exportBody = z.strictObject({
  /** Whether the contact for beta review is in the file. */
  hasPersonalData: z.boolean().exactOptional(),
  /** A file whose comments and order are kept. */
  over: z.string().max(FILE_LIMIT, 'The file is longer than 1 MB.').exactOptional(),
});

export interface ExportedProgramme {
  /** What the app is called. */
  readonly app: string;
  readonly text: string;
}

/** Where the JSON schema of the format is served: it is asked for by editors, which have no session. */
const SCHEMA_PATH = '/programme.schema.json';

/**
 * The programme of an app as a file, from what App Store Connect has now. With personal data it stands in the trail.
 * @throws RefusedError 422 where the file to write over cannot be read; AscError
 */
export async function exportProgramme(
  ctx: Ctx,
  place: ProgrammePlace,
  { hasPersonalData = false, over = '' }: z.infer<typeof exportBody>,
): Promise<ExportedProgramme> {
  authorise(ctx.actor, ctx.actor.kind === 'machine' ? 'programme:read' : 'apple:read');
  if (hasPersonalData) authorise(ctx.actor, 'export:run');
  const app = await appOf(ctx, place.appId, place.accountId);
  authoriseApp(ctx.actor, 'programme:read', app);
  const { accountId, appId } = app;
  const before = over.trim() === '' ? null : fileIn(over);
  const lane = ctx.actor.kind === 'user' ? 'interactive' : 'write';
  const apples = await readProgramme(await ctx.ascFor(accountId, lane), appId);
  const programme = { ...apples, alerts: await alertsOf(ctx, app) };
  const now = fileOf(programme, { app: app.name, hasPersonalData });
  const text = before
    ? writeOver(over, hasPersonalData ? now : withContactOf(now, before))
    : writeFile(now, `${ctx.env.NEXTAUTH_URL.replace(/\/+$/, '')}${SCHEMA_PATH}`);
  if (hasPersonalData)
    await record(
      ctx.db,
      {
        ...auditActor(ctx.actor),
        ...{ at: ctx.clock.now(), accountId, appId, action: 'export', type: 'programmes' },
        ...{ label: 'YAML file', requested: { hasPersonalData }, requestId: ctx.requestId },
      },
      { status: 'succeeded' },
    );
  return { app: app.title, text };
}

/** What a file says of the contact stays in it, where nobody asked App Store Connect for that. */
function withContactOf(now: ProgrammeFile, { testInformation: before }: ProgrammeFile): ProgrammeFile {
  const told = CONTACT_FIELDS.filter((name) => before?.review?.[name] !== undefined);
  if (told.length === 0) return now;
  const contact = Object.fromEntries(told.map((name) => [name, before?.review?.[name] ?? null]));
  const review = { ...now.testInformation?.review, ...contact };
  return { ...now, testInformation: { ...now.testInformation, review } };
}
