/** A source of input with what it does, as both WebDriver and WebDriver BiDi take it. */
export type Action =
  | { readonly type: 'key'; readonly id: string; readonly actions: readonly KeyAction[] }
  | {
      readonly type: 'pointer';
      readonly id: string;
      readonly parameters: { readonly pointerType: 'mouse' };
      readonly actions: readonly PointerAction[];
    }
  | { readonly type: 'wheel'; readonly id: string; readonly actions: readonly WheelAction[] };

interface KeyAction {
  readonly type: 'keyDown' | 'keyUp';
  readonly value: string;
}
type PointerAction =
  | { readonly type: 'pointerMove'; readonly x: number; readonly y: number; readonly duration: number }
  | { readonly type: 'pointerDown' | 'pointerUp'; readonly button: number };
interface WheelAction {
  readonly type: 'scroll';
  readonly x: number;
  readonly y: number;
  readonly deltaX: number;
  readonly deltaY: number;
  readonly duration: number;
}

/** Keys that type nothing, by the characters that WebDriver has for them. */
const KEYS: Readonly<Record<string, string>> = {
  Tab: '\uE004',
  Enter: '\uE007',
  Shift: '\uE008',
  Control: '\uE009',
  Escape: '\uE00C',
  End: '\uE010',
  ArrowUp: '\uE013',
  ArrowDown: '\uE015',
  Meta: '\uE03D',
};

/** `j`, `Escape`, or several held together: `Meta+k`. */
export function keyPress(keys: string): readonly Action[] {
  const held = keys.length === 1 ? [keys] : keys.split('+').map((key) => KEYS[key] ?? key);
  const down = held.map((value) => ({ type: 'keyDown' as const, value }));
  const up = held.toReversed().map((value) => ({ type: 'keyUp' as const, value }));
  return [{ type: 'key', id: 'keyboard', actions: [...down, ...up] }];
}

export function typing(text: string): readonly Action[] {
  const actions = [...text].flatMap((value) => [
    { type: 'keyDown' as const, value },
    { type: 'keyUp' as const, value },
  ]);
  return [{ type: 'key', id: 'keyboard', actions }];
}

const mouse = (actions: readonly PointerAction[]): readonly Action[] => [
  { type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions },
];
const moved = (x: number, y: number): PointerAction => ({
  ...{ type: 'pointerMove', duration: 0 },
  x: Math.round(x),
  y: Math.round(y),
});

export const hover = (x: number, y: number): readonly Action[] => mouse([moved(x, y)]);
export const click = (x: number, y: number): readonly Action[] =>
  mouse([moved(x, y), { type: 'pointerDown', button: 0 }, { type: 'pointerUp', button: 0 }]);

export const wheel = (x: number, y: number, deltaY: number): readonly Action[] => [
  { type: 'wheel', id: 'wheel', actions: [{ type: 'scroll', x, y, deltaX: 0, deltaY, duration: 0 }] },
];
