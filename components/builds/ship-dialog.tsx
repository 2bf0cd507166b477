'use client';

import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { StepList } from '@/components/jobs/step-list';
import { announceJob } from '@/components/jobs/watched-jobs';
import { useApps } from '@/components/shell/use-apps';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { planMutation, shipMutation } from '@/lib/browser/ship';
import type { AboutBuild } from './about-build';
import { buildName } from './build-words';
import { LastShip } from './last-ship';
import Readiness from './readiness';
import { ShipApproval } from './ship-approval';
import { choicesFor, orderOf } from './ship-choices';
import { ShipForm } from './ship-form';

/** Brings a build to its testers by one job: first the choices, then what would be done and who is mailed, then it begins. */
export default function ShipDialog({ build, appId, onClose }: AboutBuild) {
  const [chosen, setChosen] = useState(() => choicesFor(build));
  const plan = useMutation(planMutation());
  const ship = useMutation(shipMutation());
  const router = useRouter();
  const primaryLocale = useApps().find(({ id }) => id === appId)?.attributes?.primaryLocale ?? null;
  const order = orderOf(build, appId, chosen);
  const name = buildName(build);
  const steps = plan.data?.steps ?? null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (order) plan.mutate(order);
  };
  const begin = () => {
    if (!order) return;
    ship.mutate(order, {
      onSuccess({ data }) {
        announceJob(data.id);
        router.push(`/jobs/${encodeURIComponent(data.id)}`);
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
          <div className="dialog-actions">
            <Button onClick={() => plan.reset()}>Back</Button>
            <Button variant="primary" busy={ship.isPending || ship.isSuccess} onClick={begin}>
              Ship
            </Button>
          </div>
        </div>
      ) : (
        <form onSubmit={submit} className="grid gap-5">
          <LastShip build={build} appId={appId} onTake={(taken) => setChosen({ ...chosen, ...taken })} />
          <ShipForm
            build={build}
            appId={appId}
            primaryLocale={primaryLocale}
            chosen={chosen}
            onChange={setChosen}
          />
          <ShipApproval appId={appId} accountId={build.meta?.accountId} />
          {chosen.submit ? <Readiness build={build} appId={appId} isRequiredOnly /> : null}
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
