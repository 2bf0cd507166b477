import type { Write } from '@/lib/store/store';
import type { Ctx } from '../ctx';

/** What somebody of the team with this address is told of, and when they are not disturbed. */
export async function alertsOf({ db }: Pick<Ctx, 'db'>, address: string): Promise<readonly object[]> {
  const { build, read } = db;
  const rules = await read(
    build
      .selectFrom('alertRules as r')
      .innerJoin('users as u', 'u.id', 'r.userId')
      .select(['r.accountId', 'r.appId', 'r.kind', 'r.threshold', 'r.channels', 'r.isEnabled', 'r.createdAt'])
      .where('u.email', '=', address),
  );
  const hours = await read(
    build
      .selectFrom('alertSettings as s')
      .innerJoin('users as u', 'u.id', 's.userId')
      .select(['s.timeZone', 's.isQuiet', 's.quietFrom', 's.quietTo'])
      .where('u.email', '=', address),
  );
  return [...rules, ...hours];
}

/** Takes them away, with what was told and is to be. */
export function alertsErased({ db: { build } }: Pick<Ctx, 'db'>, address: string): Write[] {
  const own = build.selectFrom('users').select('id').where('email', '=', address);
  const rules = build.selectFrom('alertRules').select('id').where('userId', 'in', own);
  return [
    build.deleteFrom('alertMarks').where('ruleId', 'in', rules),
    build.deleteFrom('alertRules').where('userId', 'in', own),
    build.deleteFrom('alertSettings').where('userId', 'in', own),
    build.deleteFrom('alertSendings').where('userId', 'in', own),
    build.deleteFrom('notices').where('userId', 'in', own).where('kind', 'in', ['alert', 'channel']),
  ];
}
