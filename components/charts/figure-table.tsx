import clsx from 'clsx';
import { type ReactNode, useId } from 'react';
import { FigureHead } from '@/components/ui/figure-head';

/** A chart with its figures as a table beside it; the first cell of a row names it. */
export function FigureTable({
  title,
  chart,
  head,
  rows,
  action,
}: {
  title: string;
  chart: ReactNode;
  /** What can be done with the figures, beside their title. */
  action?: ReactNode;
  head: readonly string[];
  rows: readonly (readonly string[])[];
}) {
  const id = useId();
  const [first = '', ...others] = head;
  return (
    <section aria-labelledby={id} className="grid gap-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h3 id={id} className="font-medium text-sm">
          {title}
        </h3>
        {action}
      </div>
      <div
        className={clsx(
          'grid items-start gap-x-8 gap-y-4',
          // More columns than one need the whole width.
          others.length === 1 && 'lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]',
        )}
      >
        <div className="min-w-0">{chart}</div>
        {/* A table that scrolls must be reachable by keyboard. */}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: as said above */}
        <section aria-label={`${title}, as a table`} tabIndex={0} className="max-h-64 overflow-auto">
          <table className="w-full text-sm">
            <FigureHead first={first} others={others.map((name) => ({ name }))} />
            <tbody>
              {rows.map(([name = '', ...cells]) => (
                <tr key={name} className="border-b last:border-b-0">
                  <th scope="row" className="h-8 whitespace-nowrap pr-3 text-left font-normal">
                    {name}
                  </th>
                  {cells.map((cell, index) => (
                    <td key={others[index]} className="whitespace-nowrap pl-3 text-right tabular-nums">
                      {cell}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </div>
    </section>
  );
}
