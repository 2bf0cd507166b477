import type { ReactNode } from 'react';

/** One line of a menu. */
export interface MenuEntry {
  readonly id: string;
  readonly label: ReactNode;
  readonly icon?: ReactNode;
  readonly keys?: string;
  /** A link when given, otherwise `onSelect` runs. */
  readonly href?: string;
  readonly onSelect?: () => void;
  /** Present on choices: whether it is the chosen one. */
  readonly checked?: boolean;
  /** Present on ticks, of which several may be set; the menu stays open. */
  readonly keepOpen?: boolean;
  readonly danger?: boolean;
  /** Draws a line above, with words when given. */
  readonly group?: string;
}
