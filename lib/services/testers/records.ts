import { z } from 'zod';
import { authorise } from '@/lib/access/policy';
import { formatPlural } from '@/lib/format/numbers';
import type { Write } from '@/lib/store/store';
import { type AppFacts, appOf } from '../app-facts';
import { audited } from '../audited';
import type { Ctx } from '../ctx';
import { badMember } from '../errors';
import { selectTesters, testerLabel, testerSelection } from './selection';

// A comma would end the tag in filters.
const tag = z
  .string()
  .trim()
  .transform((text) => text.replace(/\s+/g, ' '))
  .pipe(z.string().min(1, 'A tag needs a name.').max(40, 'A tag has at most 40 characters.'))
  .refine((text) => !text.includes(','), 'A tag cannot hold a comma.');

/** What is ours about testers of one app: tags, a note, protection from pruning. */
export const recordsBody = z.strictObject({
  appId: z.string().min(1),
  accountId: z.string().min(1).exactOptional(),
  testers: testerSelection,
  addTags: z.array(tag).max(20).exactOptional(),
  removeTags: z.array(tag).max(20).exactOptional(),
  /** Empty takes the note away; for one tester at a time. */
  note: z.string().max(4000).exactOptional(),
  protected: z.boolean().exactOptional(),
});
export type RecordsBody = z.infer<typeof recordsBody>;

export interface RecordsChange {
  readonly count: number;
  /** Only these had it otherwise before; what an undo touches. */
  readonly changed: readonly string[];
  /** What takes it back; null when nothing was changed. */
  readonly auditId: string | null;
}

interface Kept {
  readonly testerId: string;
  readonly note: string | null;
  readonly protected: number | null;
  readonly tags: string[];
}

const CHUNK = 500;

/** Changes tags, note or protection of testers; Apple is not asked. @throws RefusedError 400 when nobody is chosen */
export async function changeRecords(ctx: Ctx, body: RecordsBody, undoOf?: string): Promise<RecordsChange> {
  authorise(ctx.actor, 'testers:write');
  const app = await appOf(ctx, body.appId, body.accountId);
  const testers = await selectTesters(ctx, app, body.testers);
  if (body.note !== undefined && testers.length > 1) throw badMember('/note', 'A note is about one tester.');
  const before = await keptOf(
    ctx,
    app,
    testers.map(({ testerId }) => testerId),
  );
  const changed = testers.map(({ testerId }) => testerId).filter((id) => isChanged(body, before.get(id)));
  if (changed.length === 0) return { count: testers.length, changed, auditId: null };
  const [first] = testers;
  const { addTags, removeTags, note, protected: isProtected } = body;
  const draft = {
    accountId: app.accountId,
    appId: app.appId,
    action: 'update',
    type: 'testerRecords',
    resourceId: testers.length === 1 ? (first?.testerId ?? null) : null,
    label: testers.length === 1 && first ? testerLabel(first) : formatPlural(changed.length, 'tester'),
    before:
      testers.length === 1 ? shown(before.get(first?.testerId ?? '')) : manyBefore(body, changed, before),
    requested: { addTags, removeTags, note, protected: isProtected },
    undoOf,
  };
  return audited(ctx, draft, async (auditId) => {
    // In short transactions: a tag for ten thousand testers must not hold up other writers.
    for (let from = 0; from < changed.length; from += CHUNK) {
      await ctx.db.write(writesFor(ctx, app, body, changed.slice(from, from + CHUNK)));
    }
    const after =
      testers.length === 1
        ? shown((await keptOf(ctx, app, [first?.testerId ?? ''])).get(first?.testerId ?? ''))
        : draft.requested;
    return { result: { count: testers.length, changed, auditId }, after };
  });
}

/** Who had which of several tags before: what was so is not to be taken back. */
function manyBefore(
  { addTags = [], removeTags = [] }: RecordsBody,
  changed: readonly string[],
  before: ReadonlyMap<string, Kept>,
): Before {
  const tags = [...addTags, ...removeTags];
  if (tags.length < 2) return { testers: changed };
  const had = (tag: string) => changed.filter((id) => tagsOf(before.get(id)).includes(tag));
  return { testers: changed, had: Object.fromEntries(tags.map((tag) => [tag, had(tag)])) };
}

interface Before {
  readonly testers: readonly string[];
  readonly had?: Readonly<Record<string, readonly string[]>>;
}

const tagsOf = (kept: Kept | undefined): readonly string[] => kept?.tags ?? [];

function isChanged(
  { addTags = [], removeTags = [], note, protected: wanted }: RecordsBody,
  kept: Kept | undefined,
): boolean {
  const tags = tagsOf(kept);
  return (
    addTags.some((name) => !tags.includes(name)) ||
    removeTags.some((name) => tags.includes(name)) ||
    (note !== undefined && note.trim() !== (kept?.note ?? '')) ||
    (wanted !== undefined && wanted !== (kept?.protected === 1))
  );
}

async function keptOf(
  { db }: Ctx,
  { accountId, appId }: AppFacts,
  testerIds: readonly string[],
): Promise<Map<string, Kept>> {
  const notes = await db.read(
    db.build
      .selectFrom('testerNotes')
      .select(['testerId', 'note', 'protected'])
      .where('accountId', '=', accountId)
      .where('appId', '=', appId)
      .where((eb) => db.dialect.among(eb.ref('testerId'), testerIds)),
  );
  const tags = await db.read(
    db.build
      .selectFrom('testerTags')
      .select(['testerId', 'tag'])
      .where('accountId', '=', accountId)
      .where('appId', '=', appId)
      .where((eb) => db.dialect.among(eb.ref('testerId'), testerIds))
      .orderBy('tag'),
  );
  const kept = new Map(
    testerIds.map((testerId) => [testerId, { testerId, note: null, protected: null, tags: [] } as Kept]),
  );
  for (const { testerId, ...note } of notes) kept.set(testerId, { testerId, ...note, tags: [] });
  for (const { testerId, tag: name } of tags) kept.get(testerId)?.tags.push(name);
  return kept;
}

interface Shown {
  readonly tags: string;
  readonly note: string | null;
  readonly protected: boolean;
}

function shown(kept: Kept | undefined): Shown {
  const tags = tagsOf(kept);
  return { tags: tags.toSorted().join(', '), note: kept?.note ?? null, protected: kept?.protected === 1 };
}

/** What is kept about one tester. */
export async function recordsOf(ctx: Ctx, app: AppFacts, testerId: string): Promise<Shown> {
  return shown((await keptOf(ctx, app, [testerId])).get(testerId));
}

function writesFor(ctx: Ctx, app: AppFacts, body: RecordsBody, ids: readonly string[]): Write[] {
  const { build, dialect } = ctx.db;
  const { accountId, appId } = app;
  const at = ctx.clock.now();
  const by = ctx.actor.kind === 'user' ? ctx.actor.email : ctx.actor.name;
  const { addTags = [], removeTags = [], note, protected: isProtected } = body;
  // Read from the testers, a list of any length is one parameter.
  const chosen = build
    .selectFrom('betaTesters')
    .select(['accountId', 'appId', 'id'])
    .where('accountId', '=', accountId)
    .where('appId', '=', appId)
    .where((eb) => dialect.among(eb.ref('id'), ids));
  return [
    ...addTags.map((name) =>
      build
        .insertInto('testerTags')
        .columns(['accountId', 'appId', 'testerId', 'tag', 'createdAt', 'createdBy'])
        .expression(
          chosen.select(({ val }) => [val(name).as('tag'), val(at).as('createdAt'), val(by).as('createdBy')]),
        )
        .onConflict((conflict) => conflict.columns(['accountId', 'appId', 'testerId', 'tag']).doNothing()),
    ),
    ...removeTags.map((name) =>
      build
        .deleteFrom('testerTags')
        .where('accountId', '=', accountId)
        .where('appId', '=', appId)
        .where('tag', '=', name)
        .where((eb) => dialect.among(eb.ref('testerId'), ids)),
    ),
    ...(note === undefined ? [] : [kept('note', note.trim() === '' ? null : note.trim())]),
    ...(isProtected === undefined ? [] : [kept('protected', isProtected ? 1 : 0)]),
  ];

  function kept(column: 'note' | 'protected', value: string | number | null): Write {
    return build
      .insertInto('testerNotes')
      .columns(['accountId', 'appId', 'testerId', column, 'updatedAt', 'updatedBy'])
      .expression(
        chosen.select(({ val }) => [val(value).as(column), val(at).as('updatedAt'), val(by).as('updatedBy')]),
      )
      .onConflict((conflict) =>
        conflict.columns(['accountId', 'appId', 'testerId']).doUpdateSet((eb) => ({
          [column]: eb.ref(`excluded.${column}`),
          updatedAt: eb.ref('excluded.updatedAt'),
          updatedBy: eb.ref('excluded.updatedBy'),
        })),
      );
  }
}
