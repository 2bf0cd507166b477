import clsx from 'clsx';
import { type ReactNode, useId } from 'react';

/** A chart with its figures as a table beside it; the first cell of a row names it. */
export function FigureTable({
  title,
  chart,
  head,
  rows,
}: {
  title: string;
  chart: ReactNode;
  head: readonly string[];
  rows: readonly (readonly string[])[];
}) {
  const id = useId();
  const [first = '', ...others] = head;
  return (
    <section aria-labelledby={id} className="grid gap-3">
      <h3 id={id} className="font-medium text-sm">
        {title}
      </h3>
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
            <thead>
              <tr className="border-b text-ink-soft">
                <th scope="col" className="h-8 pr-3 text-left font-medium">
                  {first}
                </th>
                {others.map((name) => (
                  <th key={name} scope="col" className="pl-3 text-right font-medium">
                    <bdi>{name}</bdi>
                  </th>
                ))}
              </tr>
            </thead>
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
