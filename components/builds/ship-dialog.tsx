'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { DraftNote } from '@/components/drafts/draft-note';
import { useDraft } from '@/components/drafts/use-draft';
import { StepList } from '@/components/jobs/step-list';
import { announceJob } from '@/components/jobs/watched-jobs';
import { isSendable } from '@/components/texts/marked-area';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { Dialog } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { ApiError } from '@/lib/browser/api';
import { oneOptions } from '@/lib/browser/lists';
import { planMutation, shipMutation } from '@/lib/browser/ship';
import type { BuildResource } from '@/lib/browser/types';
import type { AboutBuild } from './about-build';
import { buildName } from './build-words';
import { BUILD_QUERY } from './builds-spec';
import Readiness from './readiness';
import { ShipApproval } from './ship-approval';
import { choicesFor, filledChoices, orderOf, readChoices, textsToSend } from './ship-choices';
import { ShipForm } from './ship-form';
import { ShipTemplatesBar } from './ship-templates-bar';
import { useNoteRows } from './use-note-rows';
import { useNoteValues } from './use-note-values';

/** Brings a build to its testers by one job: first the choices, then what would be done and who is mailed, then it begins. */
export default function ShipDialog({ build, appId, onClose }: AboutBuild) {
  const [chosen, setChosen] = useState(() => choicesFor(build));
  const plan = useMutation(planMutation());
  const ship = useMutation(shipMutation());
  const router = useRouter();
  const draft = useDraft({ key: `ship/${build.id}`, value: chosen, restore: setChosen, read: readChoices });
  const { data } = useQuery(oneOptions<BuildResource>('builds', build.id, BUILD_QUERY));
  const { shown, primaryLocale } = useNoteRows(data?.included ?? [], appId);
  const held = Object.fromEntries(shown.map(({ locale, texts }) => [locale, texts.whatsNew]));
  const locales = [...new Set([...(primaryLocale ? [primaryLocale] : []), ...Object.keys(held)])];
  // As the templates that may be made of them, texts say in braces what each build is called.
  const filled = filledChoices(chosen, useNoteValues(build));
  const order = orderOf(build, appId, filled, held);
  const isMarked = Object.values(textsToSend(filled.notes, held)).some((text) => !isSendable(text, true));
  const name = buildName(build);
  const steps = plan.data?.steps ?? null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // The forms of panels above this one are sent by themselves.
    if (event.target === event.currentTarget && order) plan.mutate(order);
  };
  const begin = () => {
    if (!order) return;
    ship.mutate(order, {
      onSuccess({ data: { id } }) {
        draft.clear();
        announceJob(id);
        router.push(`/jobs/${encodeURIComponent(id)}`);
      },
    });
  };
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title={`Ship ${name}`}
      description={
        steps
          ? 'Nothing was sent so far. This is what would be done, and who would be mailed, as things stand now.'
          : 'One job brings the build from here to its testers. It waits for App Store Connect by itself, and goes on when you close the browser.'
      }
    >
      {steps ? (
        <div
          // What was scrolled to in the form is not where the plan begins.
          ref={(plan) => plan?.closest('[role=dialog]')?.scrollTo(0, 0)}
          className="grid gap-4"
        >
          <StepList steps={steps} />
          <Refusal error={ship.error} />
          <OtherShip error={ship.error} />
          <div className="dialog-actions">
            <Button onClick={() => plan.reset()}>Back</Button>
            <Button variant="primary" busy={ship.isPending || ship.isSuccess} onClick={begin}>
              Ship
            </Button>
          </div>
        </div>
      ) : (
        <form onSubmit={submit} className="grid gap-5">
          <DraftNote draft={draft} />
          <ShipTemplatesBar
            build={build}
            appId={appId}
            chosen={chosen}
            onTake={(taken) => setChosen({ ...chosen, ...taken })}
          />
          <ShipForm
            build={build}
            appId={appId}
            locales={locales}
            held={held}
            chosen={chosen}
            onChange={setChosen}
          />
          <ShipApproval appId={appId} accountId={build.meta?.accountId} />
          {chosen.submit ? <Readiness build={build} appId={appId} isRequiredOnly /> : null}
          {isMarked ? (
            <p role="status" className="text-attention text-sm">
              Mend the marked texts first: App Store Connect would refuse them.
            </p>
          ) : null}
          <Refusal error={plan.error} />
          <div className="dialog-actions">
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" variant="primary" busy={plan.isPending} disabled={order === null}>
              Show the plan
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}

/** The way to the job that ships the build already, where that is why this one was refused. */
function OtherShip({ error }: { error: unknown }) {
  const other = error instanceof ApiError ? error.problems[0]?.meta?.jobId : undefined;
  return typeof other === 'string' ? (
    <ButtonLink href={`/jobs/${encodeURIComponent(other)}`} className="justify-self-start">
      See the job that ships it
    </ButtonLink>
  ) : null;
}
