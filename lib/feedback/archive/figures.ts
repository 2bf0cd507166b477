import { shape } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';
import { SYMBOLS_TYPE } from './limits';
import type { PictureState } from './rows';

const bytes = shape((build) =>
  build
    .selectFrom('archivedFiles')
    .select(({ fn, lit }) => [
      fn.coalesce(fn.sum<number>('size'), lit(0)).as('bytes'),
      fn.countAll<number>().as('files'),
    ]),
);

/** How much all files of the archive hold. */
export async function usedBytes(db: Store): Promise<number> {
  const [row] = await db.read(bytes({}));
  return Number(row?.bytes ?? 0);
}

const symbols = shape((build) =>
  build
    .selectFrom('archivedFiles')
    .select(({ fn, lit }) => [
      fn.coalesce(fn.sum<number>('size'), lit(0)).as('bytes'),
      fn.countAll<number>().as('files'),
    ])
    .where('type', '=', SYMBOLS_TYPE),
);

const states = shape((build) =>
  build
    .selectFrom('feedbackPictures')
    .select(({ fn }) => ['state', fn.countAll<number>().as('count')])
    .groupBy('state')
    .$castTo<{ state: PictureState; count: number }>(),
);
const logs = shape((build) =>
  build
    .selectFrom('crashLogs')
    .select(({ fn, lit }) => [
      fn.countAll<number>().as('count'),
      fn.coalesce(fn.sum<number>(fn<number>('length', ['bytes'])), lit(0)).as('bytes'),
    ]),
);

export interface ArchiveFigures {
  readonly files: number;
  readonly bytes: number;
  readonly pictures: Readonly<Record<PictureState, number>>;
  /** Of crash logs, which lie in the database, packed. */
  /** Files of these that are symbols. */
  readonly symbols: { readonly files: number; readonly bytes: number };
  readonly logs: { readonly count: number; readonly bytes: number };
}

/** What the archive holds, and what it waits for. */
export async function archiveFigures(db: Store): Promise<ArchiveFigures> {
  const [[all], [ofSymbols], counted, [ofLogs]] = await Promise.all([
    db.read(bytes({})),
    db.read(symbols({})),
    db.read(states({})),
    db.read(logs({})),
  ]);
  const none = { wanted: 0, stored: 0, failed: 0, refused: 0, removed: 0 };
  return {
    files: Number(all?.files ?? 0),
    bytes: Number(all?.bytes ?? 0),
    pictures: { ...none, ...Object.fromEntries(counted.map(({ state, count }) => [state, Number(count)])) },
    symbols: { files: Number(ofSymbols?.files ?? 0), bytes: Number(ofSymbols?.bytes ?? 0) },
    logs: { count: Number(ofLogs?.count ?? 0), bytes: Number(ofLogs?.bytes ?? 0) },
  };
}
