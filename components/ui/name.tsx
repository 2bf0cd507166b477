import { Fragment } from 'react';

/**
 * A name somebody else chose: isolated, so that right-to-left text and overrides leave their surroundings alone. Its
 * direction is its own, which needs no saying of a `bdi`.
 */
export function Name({ children, className }: { children: string | null | undefined; className?: string }) {
  return (
    <bdi className={className}>
      {children?.trim() ? children : <span className="text-ink-faint italic">Unnamed</span>}
    </bdi>
  );
}

/** Several of them in a line; who sees them cut off is told them whole, as of every text that is cut. */
export function Names({ of }: { of: readonly (string | null | undefined)[] }) {
  if (of.length === 0) return <span className="text-ink-faint">None</span>;
  return of.map((name, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: two may have one name, and none has a state
    <Fragment key={index}>
      {index > 0 ? ', ' : ''}
      <bdi>{name ?? 'Unnamed'}</bdi>
    </Fragment>
  ));
}
