import clsx from 'clsx';

interface Props {
  /** What the first cell of a row names. */
  first: string;
  /** What the figures after it count. */
  others: readonly { readonly name: string; readonly className?: string }[];
}

/** The head of a small table of figures, which stand at the right. */
export function FigureHead({ first, others }: Props) {
  return (
    <thead>
      <tr className="border-b text-ink-soft">
        <th scope="col" className="h-8 pr-3 text-left font-medium">
          {first}
        </th>
        {others.map(({ name, className }) => (
          <th key={name} scope="col" className={clsx('pl-3 text-right font-medium', className)}>
            <bdi>{name}</bdi>
          </th>
        ))}
      </tr>
    </thead>
  );
}
