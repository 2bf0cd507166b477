import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { onDemand } from '@/components/ui/on-demand';
import { declarationsOptions } from '@/lib/browser/builds';
import type { BuildResource } from '@/lib/browser/types';
import { Choice } from './choice';
import { DeclarationChoice } from './declaration-choice';
import type { ShipChoices } from './ship-choices';

const ComplianceDialog = onDemand(() => import('./compliance-dialog'));

type Answer = Pick<ShipChoices, 'compliance' | 'declarationId'>;

const WAYS: readonly (readonly [way: Answer['compliance'], title: string, hint: string])[] = [
  ['open', 'It is answered elsewhere', 'The job stops where the answer is still missing.'],
  [
    'exempt',
    'It uses no encryption, or only what is exempt',
    'As with calls over HTTPS alone, or what the operating system brings along.',
  ],
  ['declared', 'What a declaration of the app covers', 'One that App Store Connect has already.'],
];

/** The answer to export compliance that a build misses; a declaration that is not there yet is made in a dialog above. */
export function ShipCompliance({
  build,
  appId,
  chosen,
  onChange,
}: {
  build: BuildResource;
  appId: string;
  chosen: Answer;
  onChange: (answer: Answer) => void;
}) {
  const [isDeclaring, setDeclaring] = useState(false);
  const known = useQuery({
    ...declarationsOptions(appId, build.meta?.accountId),
    enabled: chosen.compliance === 'declared',
  });
  return (
    <fieldset className="grid gap-3">
      <legend className="mb-2 font-medium">Export compliance</legend>
      <p className="text-pretty text-ink-soft">
        It is not answered yet, and App Store Connect lets nobody change the answer afterwards.
      </p>
      {WAYS.map(([way, title, hint]) => (
        <Choice
          key={way}
          kind="radio"
          name="ship-compliance"
          isChosen={chosen.compliance === way}
          onChoose={() => onChange({ ...chosen, compliance: way })}
          hint={hint}
        >
          {title}
        </Choice>
      ))}
      {chosen.compliance === 'declared' ? (
        <>
          <DeclarationChoice
            query={known}
            chosen={chosen.declarationId}
            onChoose={(declarationId) => onChange({ ...chosen, declarationId })}
          />
          <Button size="sm" className="ml-7 justify-self-start" onClick={() => setDeclaring(true)}>
            Declare anew or send a document…
          </Button>
        </>
      ) : null}
      {isDeclaring ? (
        <ComplianceDialog builds={[build]} appId={appId} onClose={() => setDeclaring(false)} />
      ) : null}
    </fieldset>
  );
}
