import { buildsSeen } from '@/lib/feedback/builds-seen';
import type { ResourceObject } from '@/lib/mirror/resource';
import type { Ctx } from '../ctx';
import type { ListAnswer } from '../resources/shape';
import { listInbox } from './inbox';

/** The first and the last build that a crash issue was seen in, by upload. */
export interface SeenIn {
  readonly first: SeenBuild;
  readonly last: SeenBuild;
  readonly count: number;
}
interface SeenBuild {
  readonly version: string | null;
  readonly trainVersion: string | null;
  readonly platform: string | null;
}

/** A page of crash issues to choose one of: as the list has them, with `meta.seenIn`. @throws RefusedError 400 */
export async function readIssueChoices(
  ctx: Ctx,
  asked: { readonly parameters: URLSearchParams; readonly accountId?: string | undefined },
): Promise<ListAnswer> {
  const page = await listInbox(ctx, { type: 'issues', ...asked });
  const rows = page.data as readonly ResourceObject[];
  const seen = await buildsSeen(
    ctx.db,
    rows.map(({ id }) => id),
  );
  return {
    ...page,
    data: rows.map((row) => {
      const builds = seen.get(row.id) ?? [];
      const [first] = builds;
      const last = builds.at(-1);
      const seenIn: SeenIn | null = first && last ? { first, last, count: builds.length } : null;
      return { ...row, meta: { ...row.meta, seenIn } };
    }),
  };
}
