import { z } from 'zod';
import { authorise } from '@/lib/access/policy';
import { createCall, deleteCall, updateCall } from '@/lib/asc/calls';
import { localeCode, whatsNew } from '@/lib/asc/catalogue/bodies';
import { languageName } from '@/lib/format/languages';
import type { Ctx } from '../ctx';
import { notFound } from '../errors';
import { accountOf } from '../resources/account';
import { refuseUnless } from '../resources/expectation';
import { mirrored } from '../resources/mirrored';
import { type Carried, carryOut, type Plan } from '../resources/outcome';
import { readAfresh } from '../resources/refresh';
import { inTurn } from '../resources/turn';
import { heldTexts } from './held-texts';

const TYPE = 'betaBuildLocalizations';
const MOST = 60;

const change = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('write'),
    locale: localeCode,
    /** Null empties it. */
    whatsNew: whatsNew.nullable(),
    /** What whoever writes saw there; null for nothing. */
    expect: z.string().nullable(),
  }),
  z.strictObject({ kind: z.literal('remove'), locale: localeCode, expect: z.string().nullable() }),
]);

/** What becomes of What to Test of one build, language by language. */
export const writeNotesBody = z.strictObject({
  changes: z
    .array(change)
    .min(1, 'Change at least one language.')
    .max(MOST, `At most ${MOST} languages at once.`)
    .refine(
      (all) => new Set(all.map(({ locale }) => locale)).size === all.length,
      'Name each language once.',
    ),
});
type Change = z.infer<typeof change>;

/** What became of one language; `auditId` is what an undo needs, null where nothing had to be sent. */
export type NoteOutcome = { readonly locale: string; readonly id: string | null } & (
  | { readonly status: 'done'; readonly auditId: string | null }
  | { readonly status: 'refused'; readonly error: unknown }
);

/**
 * Writes What to Test of a build as a form holds it: the build is read once, then each language takes one request. One
 * that is refused, or that somebody else has changed since it was seen, takes none of the others along.
 * @throws RefusedError 404 when there is no such build; AscError when it cannot be read
 */
export async function writeNotes(
  ctx: Ctx,
  { buildId, accountId: named }: { readonly buildId: string; readonly accountId?: string | undefined },
  changes: readonly Change[],
): Promise<NoteOutcome[]> {
  authorise(ctx.actor, 'programme:write');
  const { id: accountId } = await accountOf(ctx, named, [{ type: 'builds', id: buildId }]);
  const build = await mirrored(ctx.db, accountId, 'builds', buildId);
  const appId = typeof build?.meta?.appId === 'string' ? build.meta.appId : null;
  if (!(await readAfresh(ctx, { accountId, type: 'builds', id: buildId, appId })))
    throw notFound('There is no such build at App Store Connect any more.');
  const outcomes: NoteOutcome[] = [];
  for (const one of changes) {
    const { locale } = one;
    const id = (await heldTexts(ctx, accountId, buildId)).get(locale)?.id;
    try {
      const sent = await sendOne(ctx, { accountId, appId, buildId }, one, id);
      outcomes.push({
        ...{ locale, id: sent?.document?.id ?? id ?? null },
        ...{ status: 'done', auditId: sent?.auditId ?? null },
      });
    } catch (error) {
      outcomes.push({ locale, id: id ?? null, status: 'refused', error });
    }
  }
  return outcomes;
}

interface Place {
  readonly accountId: string;
  readonly appId: string | null;
  readonly buildId: string;
}
type Texts = Readonly<Record<string, unknown>>;
interface Held {
  readonly id: string;
  readonly whatsNew: string | null;
}

/** Compares in its turn with what is there by then: others may have written while the languages before it were sent. */
function sendOne(ctx: Ctx, place: Place, wanted: Change, id: string | undefined): Promise<Carried | null> {
  const { accountId, buildId } = place;
  const sent = async () => {
    const plan = planOf(place, wanted, (await heldTexts(ctx, accountId, buildId)).get(wanted.locale));
    return plan && carryOut(ctx, plan);
  };
  return id === undefined ? sent() : inTurn(ctx, { accountId, type: TYPE, id }, sent);
}

/** The request that one change takes; null where all is so already. @throws RefusedError where it is not as it was seen */
function planOf({ accountId, appId, buildId }: Place, wanted: Change, held: Held | undefined): Plan | null {
  const { locale } = wanted;
  const build = { data: { type: 'builds' as const, id: buildId } };
  const common = {
    ...{ accountId, appId, label: locale, trace: {}, refresh: [] },
    owners: [build.data],
  };
  const refuseOthers = ({ id, whatsNew: now }: Held, attributes: Texts) =>
    refuseUnless(
      { type: TYPE, id, attributes: { whatsNew: now || null } },
      { expect: { whatsNew: wanted.expect || null }, input: { attributes } },
    );
  if (wanted.kind === 'remove') {
    if (!held) return null;
    refuseOthers(held, {});
    const before = { attributes: { locale, whatsNew: held.whatsNew }, relationships: { build } };
    return { ...common, call: deleteCall(TYPE, held.id), before, requested: null, after: () => null };
  }
  const text = wanted.whatsNew?.trim() ? wanted.whatsNew : null;
  if ((held?.whatsNew || null) === text) return null;
  if (held) {
    const attributes = { whatsNew: text };
    refuseOthers(held, attributes);
    return {
      ...common,
      call: updateCall(TYPE, held.id, { attributes }),
      ...{ before: { attributes: { whatsNew: held.whatsNew } }, requested: { attributes } },
      after: () => ({ attributes }),
    };
  }
  if (wanted.expect)
    throw notFound(
      `Somebody has removed ${languageName(locale)} since you opened it. Nothing was saved; what you typed is still here.`,
      'FLIGHTDECK.GONE',
    );
  if (text === null) return null;
  const input = { attributes: { locale, whatsNew: text }, relationships: { build } };
  return {
    ...common,
    call: createCall(TYPE, input),
    ...{ before: null, requested: input },
    after: (document) => ({ id: document?.id ?? null, ...input }),
  };
}
