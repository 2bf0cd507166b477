import type { UseQueryResult } from '@tanstack/react-query';
import { State } from '@/components/programme/state';
import { Refusal } from '@/components/ui/error-state';
import { Skeleton } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import type { DeclarationResource } from '@/lib/browser/builds';
import type { ListDocument } from '@/lib/browser/types';
import { PaperField } from './paper-field';

/** States in which a declaration covers nothing any more. */
const OVER = ['REJECTED', 'INVALID', 'EXPIRED'];

/** The declarations of the app to choose from; one that waits for its document takes it here. */
export function DeclarationChoice({
  query,
  chosen,
  onChoose,
  paper = null,
  onPaper,
}: {
  query: UseQueryResult<ListDocument<DeclarationResource>>;
  chosen: string | null;
  onChoose: (id: string) => void;
  paper?: File | null;
  /** Left out where no document can be sent along: a declaration that waits for one cannot be chosen then. */
  onPaper?: (paper: File | null) => void;
}) {
  const { data, error } = query;
  if (error && !data) return <Refusal error={error} />;
  if (!data) return <Skeleton className="ml-7 h-3 w-48" />;
  const state = stateOf(data.data.find(({ id }) => id === chosen));
  return (
    <div className="ml-7 grid gap-3">
      {data.data.length === 0 ? (
        <p className="text-ink-soft">The app has none yet: declare it anew.</p>
      ) : null}
      <ul
        aria-label="Declarations of the app"
        className="max-h-56 divide-y overflow-y-auto rounded-md border empty:hidden"
      >
        {data.data.map((declaration) => (
          <li key={declaration.id}>
            <label className="flex min-h-10 items-center gap-3 px-3 py-1.5 has-enabled:hover:bg-hover">
              <input
                type="radio"
                name="declaration"
                checked={chosen === declaration.id}
                disabled={[...OVER, ...(onPaper ? [] : ['CREATED'])].includes(stateOf(declaration))}
                onChange={() => onChoose(declaration.id)}
                className="size-4 shrink-0 accent-accent"
              />
              <bdi className="min-w-0 flex-1 break-words">
                {declaration.attributes?.appDescription ?? 'Without a description'}
              </bdi>
              <span className="shrink-0 text-ink-soft">
                <State value={declaration.attributes?.appEncryptionDeclarationState} />
              </span>
              <span className="shrink-0 text-ink-soft max-sm:hidden">
                <Time at={declaration.attributes?.createdDate} />
              </span>
            </label>
          </li>
        ))}
      </ul>
      {state === 'IN_REVIEW' ? (
        <p className="text-ink-soft">
          Apple is still looking at this declaration. The build can be tested once it is approved.
        </p>
      ) : null}
      {state === 'CREATED' && onPaper ? (
        <>
          <p className="text-ink-soft">
            Its document has not reached App Store Connect. Send it along; until Apple has approved it the
            build waits.
          </p>
          <PaperField paper={paper} onPaper={onPaper} />
        </>
      ) : null}
    </div>
  );
}

const stateOf = (declaration: DeclarationResource | undefined): string =>
  declaration?.attributes?.appEncryptionDeclarationState ?? '';
