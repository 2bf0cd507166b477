import { isolated } from '@/lib/format/isolated';
import { formatCount, formatPlural } from '@/lib/format/numbers';
import type { AppFacts, GroupRow } from '../app-facts';
import type { Ctx } from '../ctx';

/** Whom a mail goes to. */
export interface Mailed {
  readonly total: number;
  /** Those who were never invited get an invitation, those who have accepted the news of a build. */
  readonly invited: number;
  readonly told: number;
  /** Those who would be told, but whose address App Store Connect does not know, as of a public link. */
  readonly unaddressed: number;
}

/** The testers of some groups and of the build itself, each once, without those of others, by our copy. */
export async function mailedOf(
  ctx: Ctx,
  { accountId, appId }: Pick<AppFacts, 'accountId' | 'appId'>,
  groupIds: readonly string[],
  buildId: string | null,
  without: readonly string[] = [],
): Promise<Mailed> {
  const { build, dialect } = ctx.db;
  const rows = await ctx.db.read(
    build
      .selectFrom('betaTesters as t')
      .select(({ fn }) => ['t.state', fn.countAll<number>().as('n'), fn.count<number>('t.email').as('known')])
      .where('t.accountId', '=', accountId)
      .where('t.appId', '=', appId)
      .where(({ eb, or, selectFrom }) =>
        or([
          eb(
            't.id',
            'in',
            selectFrom('betaGroupTesters as m')
              .select('m.testerId')
              .where('m.accountId', '=', accountId)
              .where('m.appId', '=', appId)
              .where((m) => dialect.among(m.ref('m.groupId'), groupIds)),
          ),
          eb(
            't.id',
            'in',
            selectFrom('buildTesters as b')
              .select('b.testerId')
              .where('b.accountId', '=', accountId)
              .where('b.buildId', '=', buildId ?? ''),
          ),
        ]),
      )
      .where(({ eb, selectFrom }) =>
        eb(
          't.id',
          'not in',
          selectFrom('betaGroupTesters as m')
            .select('m.testerId')
            .where('m.accountId', '=', accountId)
            .where('m.appId', '=', appId)
            .where((m) => dialect.among(m.ref('m.groupId'), without)),
        ),
      )
      .groupBy('t.state'),
  );
  const sum = (of: 'n' | 'known', ...states: readonly string[]) =>
    rows.reduce((all, row) => all + (states.includes(row.state ?? '') ? Number(row[of]) : 0), 0);
  const told = sum('known', 'ACCEPTED', 'INSTALLED');
  return {
    total: rows.reduce((all, { n }) => all + Number(n), 0),
    invited: sum('n', 'NOT_INVITED'),
    told,
    unaddressed: sum('n', 'ACCEPTED', 'INSTALLED') - told,
  };
}

/** The groups that have a build already, by our copy. */
export async function groupsWith(
  ctx: Ctx,
  { accountId }: Pick<AppFacts, 'accountId'>,
  buildId: string,
): Promise<ReadonlySet<string>> {
  const rows = await ctx.db.read(
    ctx.db.build
      .selectFrom('buildGroups')
      .select('groupId')
      .where('accountId', '=', accountId)
      .where('buildId', '=', buildId),
  );
  return new Set(rows.map(({ groupId }) => groupId));
}

/** “12 testers of “Beta” (4 invitations, 8 told of the build)” */
export function mailWords(
  { total, invited, told, unaddressed }: Mailed,
  groups: readonly Pick<GroupRow, 'name'>[],
): string {
  const mailed = invited + told;
  const names = groups.map(({ name }) => `“${isolated(name)}”`);
  const of = names.length > 3 ? formatPlural(names.length, 'group') : names.join(', ');
  // One kind alone has its number in front already.
  const parts = [
    ...(invited > 0 ? [told > 0 ? formatPlural(invited, 'invitation') : 'invited'] : []),
    ...(told > 0 ? [invited > 0 ? `${formatCount(told)} told of the build` : 'told of the build'] : []),
  ];
  const left = total - mailed - unaddressed;
  return [
    mailed === 0 ? 'nobody' : formatPlural(mailed, 'tester'),
    of === '' ? '' : ` of ${of}`,
    parts.length > 0 ? ` (${parts.join(', ')})` : '',
    unaddressed > 0
      ? `; ${formatCount(unaddressed)} more ${unaddressed === 1 ? 'has' : 'have'} no address, as those of a public link, and ${unaddressed === 1 ? 'is' : 'are'} told in the TestFlight app at most`
      : '',
    left > 0
      ? `; ${formatCount(left)} whose invitation is still open ${left === 1 ? 'is' : 'are'} not mailed`
      : '',
  ].join('');
}
