import { z } from 'zod';
import { authorise } from '@/lib/access/policy';
import { localeCode, whatsNew } from '@/lib/asc/catalogue/bodies';
import { buildWords } from '@/lib/format/builds';
import { languageName } from '@/lib/format/languages';
import { filledNote } from '@/lib/format/note-variables';
import { formatPlural } from '@/lib/format/numbers';
import type { NewItem } from '@/lib/jobs/create';
import type { AppFacts } from '../app-facts';
import { buildNamed } from '../build-named';
import type { Ctx } from '../ctx';
import { badMember, badMembers } from '../errors';
import type { JobPlan } from '../jobs/plan';
import { readAfresh } from '../resources/refresh';
import { heldTexts } from './held-texts';
import { valuesOf } from './note-values';
import type { NotePayload } from './save-notes';

/** Which builds, by Apple's id or version/number/platform, get which text in which language. */
export const saveNotesInput = z.strictObject({
  builds: z.array(z.string().min(1)).min(1, 'Name at least one build.').max(50, 'At most 50 builds at once.'),
  texts: z
    .record(
      localeCode,
      whatsNew.refine((text) => text.trim() !== '', 'The text is empty or of spaces only.'),
    )
    .refine((texts) => Object.keys(texts).length > 0, 'Write at least one text.'),
  /** `{version}`, `{build}`, `{date}` and `{previous}` become what they are for each build. */
  variables: z.literal(true).exactOptional(),
});
type SaveNotesInput = z.infer<typeof saveNotesInput>;

/** What writing these texts takes, by one look at App Store Connect for each build; nothing is sent. */
export async function planSaveNotes(ctx: Ctx, app: AppFacts, input: SaveNotesInput): Promise<JobPlan> {
  // A token that may start jobs is made for these.
  if (ctx.actor.kind !== 'machine') authorise(ctx.actor, 'programme:write');
  const items: NewItem[] = [];
  const names = new Map<string, string>();
  const problems: Filled['problems'][number][] = [];
  for (const words of input.builds) {
    const build = await buildNamed(ctx, app, words);
    if (names.has(build.id)) continue;
    names.set(build.id, buildWords(build));
    const { accountId, appId } = app;
    if (!(await readAfresh(ctx, { accountId, appId, type: 'builds', id: build.id })))
      throw badMember('/input/builds', `${buildWords(build)} is not at App Store Connect any more.`, 409);
    const held = await heldTexts(ctx, accountId, build.id);
    const { texts, problems: found } = input.variables
      ? await filledTexts(ctx, accountId, build, input.texts)
      : { texts: input.texts, problems: [] };
    problems.push(...found);
    for (const [locale, text] of Object.entries(texts)) {
      const known = held.get(locale);
      const payload: NotePayload = {
        buildId: build.id,
        locale,
        whatsNew: text,
        id: known?.id ?? null,
        before: known?.whatsNew ?? null,
      };
      const label = `${buildWords(build)}, ${languageName(locale)}`;
      items.push(known?.whatsNew === text ? { payload, label, settled: ALREADY } : { payload, label });
    }
  }
  if (problems.length > 0) throw badMembers(problems);
  const ids = [...names.keys()];
  const [name] = names.values();
  const which = names.size === 1 && name !== undefined ? name : formatPlural(names.size, 'build');
  return {
    title: `Write What to Test of ${which} in ${formatPlural(Object.keys(input.texts).length, 'language')}`,
    params: ids.length === 1 ? { buildId: ids[0] } : { buildIds: ids },
    items,
    planOf: ({ payload }) =>
      (payload as NotePayload).id === null ? 'Would add the language.' : 'Would change the text.',
  };
}

interface Filled {
  readonly texts: Readonly<Record<string, string>>;
  /** What stands for nothing, and what gets too long, each at its language. */
  readonly problems: readonly { readonly pointer: string; readonly detail: string }[];
}

/** The texts as they are for one build. */
async function filledTexts(
  ctx: Ctx,
  accountId: string,
  build: Awaited<ReturnType<typeof buildNamed>>,
  texts: SaveNotesInput['texts'],
): Promise<Filled> {
  const values = await valuesOf(ctx, { accountId, id: build.id });
  if (values === null) throw badMember('/input/builds', `${buildWords(build)} is not here any more.`, 409);
  const filled = Object.entries(texts).map(([locale, template]) => ({
    ...{ locale, ...filledNote(template, values, locale) },
  }));
  const problems = filled.flatMap(({ locale, text, open }) =>
    [
      ...(open.length > 0 ? [`${open.join(' and ')} stands for nothing here.`] : []),
      ...(whatsNew.safeParse(text).error?.issues.map(({ message }) => message) ?? []),
    ].map((words) => ({
      pointer: `/input/texts/${locale}`,
      detail: `${buildWords(build)}, ${languageName(locale)}: ${words}`,
    })),
  );
  return { texts: Object.fromEntries(filled.map(({ locale, text }) => [locale, text])), problems };
}

const ALREADY = {
  status: 'skipped',
  code: 'FLIGHTDECK.ALREADY',
  detail: 'The text was there already.',
} as const;
