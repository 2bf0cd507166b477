import Link from 'next/link';
import { Fragment } from 'react';
import { Name } from './name';

/** Words of ours and names of things, in order; a name is isolated, and linked where the thing has a page. */
export function Sentence({
  parts,
}: {
  parts: readonly (string | { readonly name: string; readonly href?: string })[];
}) {
  return parts.map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a sentence is never sorted or filtered
    <Fragment key={index}>
      {typeof part === 'string' ? (
        part
      ) : part.href ? (
        <Link href={part.href} prefetch={false} className="font-medium text-ink hover:underline">
          <Name>{part.name}</Name>
        </Link>
      ) : (
        <Name className="font-medium text-ink">{part.name}</Name>
      )}
    </Fragment>
  ));
}
