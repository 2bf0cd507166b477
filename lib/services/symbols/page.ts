import { authorise, authoriseApp } from '@/lib/access/policy';
import { buildWords } from '@/lib/format/builds';
import { missingSymbols, symbolsOfApp } from '@/lib/symbols/rows';
import { appOf } from '../app-facts';
import type { Ctx } from '../ctx';
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
}

const MOST = 500;

/** Which symbols an app's crashes need, and which are here. @throws RefusedError 404, ForbiddenError */
export async function symbolsPage(
  ctx: Ctx,
  { appId, accountId, build }: { appId: string; accountId?: string | undefined; build?: string | undefined },
): Promise<SymbolsPage> {
  const permission = ctx.actor.kind === 'machine' ? 'symbols:write' : 'feedback:read';
  authorise(ctx.actor, permission);
  const app = await appOf(ctx, appId, accountId);
  authoriseApp(ctx.actor, permission, app);
  const key = { accountId: app.accountId, appId: app.appId, most: MOST };
  const [rows, stored, tool] = await Promise.all([
    missingSymbols(ctx.db, key),
    symbolsOfApp(ctx.db, key),
    toolState(ctx.db),
  ]);
  const builds = new Map<string | null, MissingOfBuild & { images: MissingOfBuild['images'][number][] }>();
  for (const { buildId, uuid, name, arch, reports, ...of } of rows) {
    if (build !== undefined && buildId !== build) continue;
    const words = buildId === null ? null : of.version === null ? buildId : buildWords(of);
    const known = builds.get(buildId) ?? { buildId, build: words, images: [] };
    known.images.push({ uuid, name, arch, reports: Number(reports) });
    builds.set(buildId, known);
  }
  return forActor(ctx, {
    ...{ appId: app.appId, accountId: app.accountId, tool },
    missing: [...builds.values()],
    stored: stored.map(({ uuid, name, arch, size, reports, createdAt, sentBy, trouble }) => ({
      ...{ uuid, name, arch, size, sentBy, trouble },
      reports: Number(reports ?? 0),
      createdAt: new Date(Number(createdAt)).toISOString(),
    })),
  });
}
