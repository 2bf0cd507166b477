'use client';

import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { fillOf } from '@/components/groups/fill-bar';
import { NewGroup } from '@/components/groups/new-group';
import { useGroupChange } from '@/components/groups/use-group-change';
import { useMay } from '@/components/shell/known';
import { useAppBase } from '@/components/shell/use-app-base';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { onDemand } from '@/components/ui/on-demand';
import { toast } from '@/components/ui/toast';
import type { LinkFinding } from '@/lib/browser/links';
import type { GroupResource } from '@/lib/browser/types';
import { createMutation } from '@/lib/browser/writes';
import { formatCount } from '@/lib/format/numbers';
import { raisedLimit } from './limit-rules';

const AddBuildsDialog = onDemand(() => import('@/components/groups/add-builds-dialog'));

interface Props {
  finding: LinkFinding;
  group: GroupResource;
  appId: string;
  onEditCriteria: () => void;
}

/** The button that mends one reason. */
export function FindingAction(props: Props): ReactNode {
  const { finding, appId } = props;
  const mayWrite = useMay('programme:write');
  const mayPrune = useMay('testers:write');
  const base = useAppBase(appId);
  if (finding.action === 'pruneTesters') {
    if (!mayPrune) return null;
    return (
      <ButtonLink href={`${base}/testers/prune`} prefetch={false}>
        Prune testers
      </ButtonLink>
    );
  }
  if (!mayWrite) return null;
  switch (finding.action) {
    case 'enableLink':
    case 'raiseLimit':
      return <LinkChange {...props} />;
    case 'addBuild':
      return <AddBuild {...props} />;
    case 'submitForReview':
      return finding.buildId ? <SubmitForReview buildId={finding.buildId} /> : null;
    case 'editCriteria':
      return <Button onClick={props.onEditCriteria}>Edit the criteria</Button>;
    case 'createExternalGroup':
      return <NewGroup appId={appId} />;
  }
}

function LinkChange({ finding, group }: Props) {
  const { change, isSaving, error } = useGroupChange(group);
  const { used } = fillOf(group);
  const raised = raisedLimit(group.attributes?.publicLinkLimit ?? 1, used ?? 0);
  const changes = {
    enableLink: {
      words: 'Switch the link on',
      done: 'Public link switched on',
      to: { publicLinkEnabled: true },
    },
    raiseLimit: {
      words: `Raise the limit to ${formatCount(raised)}`,
      done: `Limit set to ${formatCount(raised)}`,
      to: { publicLinkLimitEnabled: true, publicLinkLimit: raised },
    },
  } as const;
  const chosen = changes[finding.action as keyof typeof changes];
  return (
    <WithReason error={error}>
      <Button busy={isSaving} onClick={() => void change(chosen.to, chosen.done)}>
        {chosen.words}
      </Button>
    </WithReason>
  );
}

function AddBuild({ group, appId }: Props) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>Add a build</Button>
      {isOpen ? <AddBuildsDialog group={group} appId={appId} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function SubmitForReview({ buildId }: { buildId: string }) {
  const submit = useMutation({
    ...createMutation('betaAppReviewSubmissions'),
    meta: { stale: ['betaAppReviewSubmissions', 'builds', 'betaGroups'] },
  });
  const run = () =>
    submit.mutate(
      { relationships: { build: { data: { type: 'builds', id: buildId } } } },
      { onSuccess: () => void toast({ title: 'Submitted for beta review' }) },
    );
  return (
    <WithReason error={submit.error?.message}>
      <Button busy={submit.isPending} onClick={run}>
        Submit for review
      </Button>
    </WithReason>
  );
}

function WithReason({ error, children }: { error: string | undefined; children: ReactNode }) {
  return (
    <div className="grid max-w-80 justify-items-start gap-1">
      {children}
      {error ? (
        <p role="alert" className="text-bad text-sm">
          {error}
        </p>
      ) : null}
    </div>
  );
}
