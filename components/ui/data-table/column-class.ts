import clsx from 'clsx';
import type { Column, Room } from './types';

const ROOMS: Record<Room, string> = {
  md: 'sm:@max-3xl:hidden',
  lg: 'sm:@max-4xl:hidden',
  xl: 'sm:@max-5xl:hidden',
  '2xl': 'sm:@max-7xl:hidden',
};

/** What the head and the cells of a column share. */
export function columnClass<Row>({ align, room }: Column<Row>): string {
  return clsx('grid-cell', align === 'end' && 'text-right tabular-nums', room !== undefined && ROOMS[room]);
}
