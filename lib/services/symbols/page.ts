import { z } from 'zod';
import { authorise, authoriseApp } from '@/lib/access/policy';
import { buildWords } from '@/lib/format/builds';
import { joinedPages } from '@/lib/format/symbol-pages';
import {
  FIRST_MISSING,
  FIRST_STORED,
  type MissingPlace,
  missingSymbols,
  type StoredPlace,
  symbolsOfApp,
} from '@/lib/symbols/rows';
import { appOf } from '../app-facts';
import type { Ctx } from '../ctx';
import { badParameter } from '../errors';
import { forActor } from '../resources/shape';
import { type ToolState, toolState } from './tool';

/** A build in whose crashes names are missing. */
export interface MissingOfBuild {
  readonly buildId: string | null;
  /** "iOS 1.4 (7)"; null where it is not known which build it was. */
  readonly build: string | null;
  readonly images: readonly {
    readonly uuid: string;
    readonly name: string;
    readonly arch: string | null;
    readonly reports: number;
  }[];
}

/** Symbols that are here. */
export interface StoredSymbols {
  readonly uuid: string;
  readonly name: string;
  readonly arch: string;
  readonly size: number;
  /** Crash reports of the app that need it. */
  readonly reports: number;
  /** Instants as ISO text. */
  readonly createdAt: string;
  readonly sentBy: string;
  /** Why it could not be read yet, in words. */
  readonly trouble: string | null;
}

/** What the page of an app's symbols shows. */
export interface SymbolsPage {
  readonly appId: string;
  readonly accountId: string;
  readonly missing: readonly MissingOfBuild[];
  readonly stored: readonly StoredSymbols[];
  /** What reads them; null while the worker has not looked. */
  readonly tool: ToolState | null;
  /** Asks for what follows in both lists; null where both are told to the end. */
  readonly nextCursor: string | null;
}

/** Rows of each list that are told at once. */
const MOST = 200;

/** Where both lists go on; null for one that is at its end. */
const place = z.tuple([
  z.strictObject({ date: z.string(), buildId: z.string(), uuid: z.string() }).nullable(),
  z.strictObject({ createdAt: z.number(), uuid: z.string() }).nullable(),
]);

function placeOf(cursor: string | undefined): [MissingPlace | null, StoredPlace | null] {
  if (cursor === undefined) return [FIRST_MISSING, FIRST_STORED];
  try {
    return place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch {
    throw badParameter('cursor', 'This is no place in the lists of symbols. Begin without it.');
  }
}

interface Asked {
  readonly appId: string;
  readonly accountId?: string | undefined;
  /** The only build whose missing symbols are told. */
  readonly build?: string | undefined;
  readonly cursor?: string | undefined;
}

/** Which symbols an app's crashes need, and which are here. @throws RefusedError 400, 404, ForbiddenError */
export async function symbolsPage(
  ctx: Ctx,
  { appId, accountId, build, cursor }: Asked,
  most = MOST,
): Promise<SymbolsPage> {
  const permission = ctx.actor.kind === 'machine' ? 'symbols:write' : 'feedback:read';
  authorise(ctx.actor, permission);
  const app = await appOf(ctx, appId, accountId);
  authoriseApp(ctx.actor, permission, app);
  const [fromMissing, fromStored] = placeOf(cursor);
  // One more than is told shows whether there are more.
  const key = { accountId: app.accountId, appId: app.appId, most: most + 1 };
  const [missing, here, tool] = await Promise.all([
    fromMissing ? missingSymbols(ctx.db, { ...key, ...fromMissing, build: build ?? null }) : [],
    fromStored ? symbolsOfApp(ctx.db, { ...key, ...fromStored }) : [],
    toolState(ctx.db),
  ]);
  const rows = missing.slice(0, most);
  const stored = here.slice(0, most);
  const builds = new Map<string | null, MissingOfBuild & { images: MissingOfBuild['images'][number][] }>();
  for (const { buildId, uuid, name, arch, reports, ...of } of rows) {
    const words = buildId === null ? null : of.version === null ? buildId : buildWords(of);
    const known = builds.get(buildId) ?? { buildId, build: words, images: [] };
    known.images.push({ uuid, name, arch, reports: Number(reports) });
    builds.set(buildId, known);
  }
  const lastRow = missing.length > most ? rows.at(-1) : undefined;
  const lastStored = here.length > most ? stored.at(-1) : undefined;
  const next = [
    lastRow ? { date: lastRow.uploadedDate ?? '', buildId: lastRow.buildId ?? '', uuid: lastRow.uuid } : null,
    lastStored ? { createdAt: Number(lastStored.createdAt), uuid: lastStored.uuid } : null,
  ];
  return forActor(ctx, {
    ...{ appId: app.appId, accountId: app.accountId, tool },
    missing: [...builds.values()],
    stored: stored.map(({ uuid, name, arch, size, reports, createdAt, sentBy, trouble }) => ({
      ...{ uuid, name, arch, size, sentBy, trouble },
      reports: Number(reports ?? 0),
      createdAt: new Date(Number(createdAt)).toISOString(),
    })),
    nextCursor: next.some((one) => one !== null)
      ? Buffer.from(JSON.stringify(next)).toString('base64url')
      : null,
  });
}

/** Both lists to their ends, as one page. */
export async function wholeSymbolsPage(
  ask: (cursor: string | undefined) => Promise<SymbolsPage>,
): Promise<SymbolsPage> {
  let page = await ask(undefined);
  while (page.nextCursor !== null) page = joinedPages([page, await ask(page.nextCursor)]);
  return page;
}
