import clsx from 'clsx';
import type { Column } from './types';

/** What the head and the cells of a column share. */
export function columnClass<Row>({ align, room }: Column<Row>): string {
  return clsx(align === 'end' && 'grid-end', room && `grid-${room}`);
}
