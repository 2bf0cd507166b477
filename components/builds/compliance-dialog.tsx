'use client';

import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { refusalWords } from '@/components/programme/refusal-words';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { toast } from '@/components/ui/toast';
import { declarationsOptions } from '@/lib/browser/builds';
import type { BuildResource } from '@/lib/browser/types';
import { formatPlural } from '@/lib/format/numbers';
import { buildName } from './build-words';
import { Choice } from './choice';
import { DeclarationChoice } from './declaration-choice';
import { DeclarationForm } from './declaration-form';
import { canDeclare, EMPTY_DECLARATION, type NewDeclaration } from './new-declaration';
import { type Refusals, useCompliance } from './use-compliance';

type Way = 'exempt' | 'existing' | 'new';

/** Answers the export compliance of builds of one app; of several apps at once only that they are exempt. */
export default function ComplianceDialog({
  builds,
  appId,
  onAnswered,
  onClose,
}: {
  builds: readonly BuildResource[];
  /** Null where the builds are of several apps, which share no declaration. */
  appId: string | null;
  onAnswered?: () => void;
  onClose: () => void;
}) {
  const [way, setWay] = useState<Way | null>(null);
  const [declarationId, setDeclarationId] = useState<string | null>(null);
  const [paper, setPaper] = useState<File | null>(null);
  const [made, setMade] = useState<NewDeclaration>(EMPTY_DECLARATION);
  const accountId = builds[0]?.meta?.accountId;
  const known = useQuery({
    ...declarationsOptions(appId ?? '', accountId),
    enabled: appId !== null,
  });
  const compliance = useCompliance({ builds, appId: appId ?? '', accountId });
  const chosen = known.data?.data.find(({ id }) => id === declarationId);
  const isReady =
    way === 'exempt' || (way === 'existing' && chosen !== undefined) || (way === 'new' && canDeclare(made));
  const [only] = builds.length === 1 ? builds : [];
  const finish = (refused: Refusals) => {
    if (refused.size < builds.length) onAnswered?.();
    if (refused.size > 0) return;
    // Of several a job tells what came of each.
    if (only) void toast({ title: 'Export compliance answered' });
    onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const answered =
      way === 'new'
        ? compliance.declare(made)
        : compliance.answer(way === 'exempt' ? null : declarationId, way === 'existing' ? paper : null);
    // What was refused stands in the dialog.
    void answered.then(finish, () => undefined);
  };
  const count = formatPlural(builds.length, 'build');
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title="Answer export compliance"
      description={`${only ? buildName(only) : count}. The answer is the team’s declaration to the authorities, and App Store Connect lets nobody change it afterwards.`}
    >
      <form onSubmit={submit} className="flex flex-col gap-4 text-sm">
        <fieldset className="grid gap-3">
          <legend className="mb-3 font-medium">Which encryption does it use?</legend>
          <Choice
            kind="radio"
            name="compliance"
            isChosen={way === 'exempt'}
            onChoose={() => setWay('exempt')}
            hint="As with calls over HTTPS alone, or what the operating system brings along."
          >
            None, or only what is exempt
          </Choice>
          {appId === null ? (
            <p className="text-ink-soft">
              These builds are of several apps. An app answers by its own declaration: choose builds of one
              app for that.
            </p>
          ) : (
            <>
              <Choice
                kind="radio"
                name="compliance"
                isChosen={way === 'existing'}
                onChoose={() => setWay('existing')}
                hint="One that App Store Connect has already."
              >
                What a declaration of the app covers
              </Choice>
              {way === 'existing' ? (
                <DeclarationChoice
                  query={known}
                  chosen={declarationId}
                  onChoose={setDeclarationId}
                  paper={paper}
                  onPaper={setPaper}
                />
              ) : null}
              <Choice
                kind="radio"
                name="compliance"
                isChosen={way === 'new'}
                onChoose={() => setWay('new')}
                hint="With the document that Apple wants to see."
              >
                Something to be declared anew
              </Choice>
              {way === 'new' ? <DeclarationForm value={made} onChange={setMade} /> : null}
            </>
          )}
        </fieldset>
        <Refusal error={compliance.error} />
        <RefusedBuilds refused={compliance.refused} builds={builds} />
        {compliance.doing ? (
          <p role="status" className="text-ink-soft">
            {compliance.doing}
          </p>
        ) : null}
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={compliance.doing !== null} disabled={!isReady}>
            {only ? 'Answer' : `Answer for ${count}`}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function RefusedBuilds({ refused, builds }: { refused: Refusals; builds: readonly BuildResource[] }) {
  const left = builds.filter(({ id }) => refused.has(id));
  if (left.length === 0) return null;
  return (
    <ul role="alert" className="grid gap-1">
      {left.map((build) => (
        <li key={build.id} className="break-words">
          <span className="font-medium">{buildName(build)}</span>: {refusalWords(refused.get(build.id))}
        </li>
      ))}
    </ul>
  );
}
