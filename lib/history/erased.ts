import { shape } from '@/lib/store/shape';
import type { Write } from '@/lib/store/store';

interface Those {
  readonly accountId: string;
  readonly appId: string;
  readonly testerIds: readonly string[];
}

const erased = (table: 'testerEvents' | 'testerDays') =>
  shape((build, given: Those, { among }) =>
    build
      .deleteFrom(table)
      .where('accountId', '=', given.accountId)
      .where('appId', '=', given.appId)
      .where('testerId', 'in', (eb) =>
        eb
          .selectFrom('erasedTesters as e')
          .select('e.testerId')
          .where('e.accountId', '=', given.accountId)
          .where(({ ref }) => among(ref('e.testerId'), given.testerIds)),
      ),
  );
const ERASED = { testerEvents: erased('testerEvents'), testerDays: erased('testerDays') };

/** Of testers whose data was erased no history is kept, whatever was just written of them. */
export const erasedFrom = (table: keyof typeof ERASED, those: Those): Write => ERASED[table](those);
