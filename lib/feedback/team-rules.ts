import type { TeamRules } from '@/lib/crash/in-app';
import { shape } from '@/lib/store/shape';
import type { Store, Write } from '@/lib/store/store';

const KEY = 'crashRules';

const stored = shape((build) => build.selectFrom('settings').select('value').where('key', '=', KEY));

/** What the team says of its own code. */
export async function teamRules(db: Store): Promise<TeamRules> {
  const [row] = await db.read(stored({}));
  if (!row) return {};
  const { inApp = [], helpers = [] } = JSON.parse(row.value) as TeamRules;
  return { inApp, helpers };
}

/** Keeps what the team says; every log is read again by it. */
export function teamRulesWritten(db: Store, rules: TeamRules, now: number): Write[] {
  const value = JSON.stringify({ inApp: rules.inApp ?? [], helpers: rules.helpers ?? [] });
  return [
    db.build
      .insertInto('settings')
      .values({ key: KEY, value, updatedAt: now })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value, updatedAt: now })),
    db.build.updateTable('feedback').set({ rule: 0 }).where('rule', '>', 0),
  ];
}
