'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { staleError } from '@/components/programme/stale-error';
import { useUndoToast } from '@/components/programme/use-undo-toast';
import { updateMutation } from '@/lib/browser/mutations';
import type { DeviceFamilyFilter, GroupResource } from '@/lib/browser/types';
import { createMutation } from '@/lib/browser/writes';
import { criteriaIdOf } from './criteria-id';

/** Gives a group criteria, or changes those it has; rejects with the reason when refused. */
export function useSaveCriteria(group: GroupResource) {
  const client = useQueryClient();
  const create = useMutation(createMutation('betaRecruitmentCriteria'));
  const update = useMutation(updateMutation(client, 'betaRecruitmentCriteria'));
  const told = useUndoToast(['betaRecruitmentCriteria']);
  const save = async (filters: readonly DeviceFamilyFilter[]): Promise<void> => {
    const id = criteriaIdOf(group);
    const attributes = { deviceFamilyOsVersionFilters: filters };
    if (id === null) {
      const { meta } = await create.mutateAsync({
        attributes,
        relationships: { betaGroup: { data: { type: 'betaGroups', id: group.id } } },
      });
      told('Recruitment criteria set', meta?.auditId);
      return;
    }
    const seen = group.meta?.criteria?.deviceFamilyOsVersionFilters;
    const { meta } = await update
      .mutateAsync({ id, attributes, ...(seen ? { expect: { deviceFamilyOsVersionFilters: seen } } : {}) })
      .catch((error: unknown) => {
        throw staleError(error) ?? error;
      });
    told('Recruitment criteria changed', meta?.auditId);
  };
  return { save, isSaving: create.isPending || update.isPending, error: create.error ?? update.error };
}
