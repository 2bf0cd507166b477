import { z } from 'zod';
import { localeCode } from '@/lib/asc/catalogue/bodies';
import { TEXT_LIMIT } from '@/lib/asc/catalogue/limits';
import type { GroupRow } from '../app-facts';
import { type ShipInput, shipInput } from './input';

const text = z
  .string()
  .max(TEXT_LIMIT, `A text has at most ${TEXT_LIMIT.toLocaleString('en')} characters.`)
  .refine((words) => words.trim() !== '', 'The text is empty or of spaces only.');

/** What the next build may be shipped by: an order without its build. */
export const templateChoices = shipInput.omit({ build: true, notes: true }).extend({
  /** Texts by language, with variables as those of What to Test have them; they are filled in when one is used. */
  notes: z
    .record(localeCode, text)
    .refine((given) => Object.keys(given).length <= 60, 'At most 60 languages.')
    .exactOptional(),
  /** Or the template of What to Test that the texts come from, as it is when this one is used. */
  noteTemplate: z.string().min(1).exactOptional(),
});
export type TemplateChoices = z.infer<typeof templateChoices>;

/** Choices as they are kept: with what their groups were called, for the day on which one is gone. */
export const keptChoices = templateChoices.extend({ groupNames: z.record(z.string(), z.string()) });
export type KeptChoices = z.infer<typeof keptChoices>;

/** The groups that choices name for both stages, by id. */
export const groupIdsIn = ({
  groups = [],
  staged,
}: Pick<TemplateChoices, 'groups' | 'staged'>): readonly string[] => [...groups, ...(staged?.groups ?? [])];

/** Choices with what their groups are called now, or were by `before` where they are gone. */
export function withNames(
  choices: TemplateChoices,
  groups: readonly GroupRow[],
  before: Readonly<Record<string, string>> = {},
): KeptChoices {
  const named = groupIdsIn(choices).flatMap((id) => {
    const name = groups.find((group) => group.id === id)?.name ?? before[id];
    return name === undefined ? [] : [[id, name]];
  });
  return { ...choices, groupNames: Object.fromEntries(named) as Record<string, string> };
}

/** What a ship was begun with, for the next build: its groups by id, and no text, which was of that build. */
export function choicesOfShip(
  { build: _, notes: __, staged, ...input }: ShipInput,
  groups: readonly GroupRow[],
  second: readonly GroupRow[],
): KeptChoices {
  const idsOf = (those: readonly GroupRow[]) => those.map(({ id }) => id);
  const stages = {
    ...(groups.length > 0 ? { groups: idsOf(groups) } : {}),
    ...(staged ? { staged: { ...staged, groups: idsOf(second) } } : {}),
  };
  return withNames({ ...input, ...stages }, [...groups, ...second]);
}
