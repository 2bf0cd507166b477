import { useQuery } from '@tanstack/react-query';
import { State } from '@/components/programme/state';
import { useMay } from '@/components/shell/known';
import { Button } from '@/components/ui/button';
import { Section } from '@/components/ui/section';
import { declarationOfOptions } from '@/lib/browser/builds';
import type { BuildResource } from '@/lib/browser/types';
import type { BuildDialog } from './about-build';

/** What was said of the build's encryption, and by which declaration. */
export function BuildCompliance({
  build,
  onOpen,
}: {
  build: BuildResource;
  onOpen: (dialog: BuildDialog) => void;
}) {
  const mayWrite = useMay('programme:write');
  const answer = build.attributes?.usesNonExemptEncryption;
  const canAnswer = mayWrite && build.attributes?.expired !== true && answer !== false;
  return (
    <Section
      title="Export compliance"
      action={
        canAnswer ? (
          <Button size="sm" variant="ghost" onClick={() => onOpen('compliance')}>
            {answer == null ? 'Answer' : 'Choose another declaration'}
          </Button>
        ) : null
      }
    >
      {answer == null ? (
        <p className="text-ink-soft text-sm">Not answered.</p>
      ) : answer ? (
        <Declaration buildId={build.id} />
      ) : (
        <p className="text-ink-soft text-sm">Uses no encryption, or only what is exempt.</p>
      )}
    </Section>
  );
}

function Declaration({ buildId }: { buildId: string }) {
  const { data, error } = useQuery(declarationOfOptions(buildId));
  const declaration = data?.data;
  return (
    <div className="grid gap-1 text-ink-soft text-sm">
      <p>Uses encryption that is not exempt.</p>
      {error ? (
        <p>
          Its declaration could not be loaded: <bdi>{error.message}</bdi>
        </p>
      ) : null}
      {data && !declaration ? <p>No declaration is attached to the build.</p> : null}
      {declaration ? (
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <bdi className="min-w-0 break-words">
            {declaration.attributes?.appDescription ?? 'A declaration'}
          </bdi>
          <State value={declaration.attributes?.appEncryptionDeclarationState} />
        </p>
      ) : null}
    </div>
  );
}
