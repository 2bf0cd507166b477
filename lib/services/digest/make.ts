import type { Role } from '@/lib/access/policy';
import type { Ctx } from '../ctx';
import { composeDigest } from './compose';
import { digestFacts } from './facts';
import { digestHtml, digestText } from './render';
import { appsOf } from './settings';
import { kept, type Snapshot, snapshot } from './snapshot';

export interface MadeDigest {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** What of it the next one is compared with. */
  readonly kept: Snapshot;
}

/** A digest as it is now, for the mail, the preview and the trial alike. */
export async function makeDigest(
  ctx: Pick<Ctx, 'db' | 'clock' | 'shiftMs' | 'env'>,
  {
    role,
    row,
    mayRepeat = false,
  }: {
    readonly role: Role;
    readonly row: { readonly apps: string | null; readonly told: string | null } | null;
    readonly mayRepeat?: boolean;
  },
): Promise<MadeDigest> {
  const facts = await digestFacts(ctx, { role, apps: row && appsOf(row) });
  // One that another version has written is compared with nothing.
  const before = (row?.told && snapshot.safeParse(JSON.parse(row.told)).data) || null;
  const digest = composeDigest(facts, {
    ...{ base: new URL(ctx.env.NEXTAUTH_URL).origin, before, mayRepeat },
  });
  return {
    ...{ subject: digest.subject, text: digestText(digest), html: digestHtml(digest) },
    kept: kept(facts, before),
  };
}
