import { shape } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';

/** What the worker knows of the tool that reads symbols. */
export interface ToolState {
  /** Null where there is none. */
  readonly version: string | null;
  readonly isThere: boolean;
  /** Whether it is run without a network. */
  readonly isCutOff: boolean;
  /** Why there is none, in words. */
  readonly why: string | null;
  /** When it was looked for, ms since 1970. */
  readonly at: number;
}

const KEY = 'symbols.tool';

const value = shape((build) => build.selectFrom('settings').select('value').where('key', '=', KEY));

/** What the worker found last; null when it has not looked yet. */
export async function toolState(db: Store): Promise<ToolState | null> {
  const [row] = await db.read(value({}));
  return row ? (JSON.parse(row.value) as ToolState) : null;
}

/** Notes what the worker found; gives whether that is news. */
export async function noteTool(db: Store, state: ToolState): Promise<boolean> {
  const before = await toolState(db);
  const told = ({ at: _, ...rest }: ToolState) => JSON.stringify(rest);
  if (before && told(before) === told(state)) return false;
  const text = JSON.stringify(state);
  await db.write([
    db.build
      .insertInto('settings')
      .values({ key: KEY, value: text, updatedAt: state.at })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: text, updatedAt: state.at })),
  ]);
  return true;
}
