import { shape } from '@/lib/store/shape';
import type { Write } from '@/lib/store/store';

/**
 * Gives crash issues of an account that have none yet their numbers, in the order in which they began. To be written in
 * turn with everything else that makes issues; a number is given once, also where its issue is gone.
 */
export const numbered = (accountId: string): Write[] => [
  counter({ accountId }),
  given({ accountId }),
  counted({ accountId }),
];

const counter = shape((build, { accountId }: { accountId: string }) =>
  build
    .insertInto('issueNumbers')
    .values({ accountId, last: 0 })
    .onConflict((conflict) => conflict.column('accountId').doNothing()),
);

const given = shape((build, { accountId }: { accountId: string }) =>
  build
    .updateTable('issues')
    .from(
      build
        .selectFrom('issues as i')
        .innerJoin('issueNumbers as n', 'n.accountId', 'i.accountId')
        .select(({ eb, fn, ref }) => [
          'i.id',
          eb(
            ref('n.last'),
            '+',
            fn.agg<number>('row_number').over((over) => over.orderBy('i.createdAt').orderBy('i.id')),
          ).as('number'),
        ])
        .where('i.accountId', '=', accountId)
        .where('i.kind', '=', 'crash')
        .where('i.number', 'is', null)
        .where('i.mergedInto', 'is', null)
        .as('fresh'),
    )
    .set(({ ref }) => ({ number: ref('fresh.number') }))
    .whereRef('issues.id', '=', 'fresh.id'),
);

const counted = shape((build, { accountId }: { accountId: string }) => {
  const highest = build
    .selectFrom('issues as i')
    .select(({ fn }) => fn.max<number>('i.number').as('last'))
    .where('i.accountId', '=', accountId)
    .where('i.kind', '=', 'crash');
  return build
    .updateTable('issueNumbers')
    .set(({ fn, ref }) => ({ last: fn.coalesce(highest, ref('issueNumbers.last')) }))
    .where('accountId', '=', accountId)
    .where('last', '<', highest);
});
