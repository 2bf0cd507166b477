'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { useUndoToast } from '@/components/programme/use-undo-toast';
import { useMay } from '@/components/shell/known';
import { Button } from '@/components/ui/button';
import { onDemand } from '@/components/ui/on-demand';
import { Section } from '@/components/ui/section';
import { Status } from '@/components/ui/status';
import { Time } from '@/components/ui/time';
import { compatibleBuildOptions } from '@/lib/browser/links';
import { whenReachable } from '@/lib/browser/reach';
import type { GroupResource } from '@/lib/browser/types';
import { deleteMutation } from '@/lib/browser/writes';
import { criteriaSentence } from '@/lib/format/recruitment';
import { ourTone } from '@/lib/format/tones';
import { criteriaIdOf } from './criteria-id';

const load = whenReachable(() => import('./criteria-dialog'));
const CriteriaDialog = onDemand(load);

/** Whom the link admits, in a sentence, with Apple's check and the way to change it. */
export function CriteriaCard({
  group,
  isEditing,
  onEdit,
}: {
  group: GroupResource;
  isEditing: boolean;
  onEdit: (isEditing: boolean) => void;
}) {
  const mayWrite = useMay('programme:write');
  const mayAsk = useMay('apple:read');
  const id = criteriaIdOf(group);
  const sentence = criteriaSentence(group.meta?.criteria?.deviceFamilyOsVersionFilters);
  const check = useQuery({ ...compatibleBuildOptions(group.id), enabled: mayAsk && id !== null });
  const remove = useMutation(deleteMutation('betaRecruitmentCriteria'));
  const told = useUndoToast(['betaRecruitmentCriteria']);
  const removeNow = () =>
    id !== null &&
    remove.mutate(
      { id, accountId: group.meta?.accountId },
      { onSuccess: ({ meta }) => told('Recruitment criteria removed', meta?.auditId) },
    );
  return (
    <Section title="Recruitment criteria">
      <p className="text-sm">
        {sentence ? <>{sentence}.</> : 'None: anybody who opens the link may join, on any device and system.'}
      </p>
      {id !== null && check.data !== undefined && check.data !== null ? (
        <p className="text-sm">
          <Status tone={ourTone(check.data ? 'fit.some' : 'fit.none')}>
            {check.data ? 'A build of the group runs there' : 'No build of the group runs there'}
          </Status>
        </p>
      ) : null}
      {check.error ? (
        <p className="text-ink-soft text-sm">
          Whether a build fits could not be asked: <bdi>{check.error.message}</bdi>
        </p>
      ) : null}
      {group.meta?.criteria?.lastModifiedDate ? (
        <p className="text-ink-soft text-sm">
          Changed <Time at={group.meta.criteria.lastModifiedDate} />
        </p>
      ) : null}
      {remove.error ? (
        <p role="alert" className="text-bad text-sm">
          {remove.error.message}
        </p>
      ) : null}
      {mayWrite ? (
        <div className="flex flex-wrap gap-2">
          <Button onPointerEnter={load} onFocus={load} onClick={() => onEdit(true)}>
            {id === null ? 'Set criteria' : 'Edit criteria'}
          </Button>
          {id === null ? null : (
            <Button variant="ghost" busy={remove.isPending} onClick={removeNow}>
              Remove criteria
            </Button>
          )}
        </div>
      ) : null}
      {isEditing ? <CriteriaDialog group={group} onClose={() => onEdit(false)} /> : null}
    </Section>
  );
}
