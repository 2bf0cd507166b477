'use client';

import { useState } from 'react';
import { refusalWords } from '@/components/programme/refusal-words';
import { useUpdate } from '@/components/programme/use-update';
import { useMay } from '@/components/shell/known';
import type { GroupAttributes, GroupResource } from '@/lib/browser/types';

/** Changes attributes of a group; a refusal is given back in the words of who refused, for the field. */
export function useGroupChange(group: GroupResource) {
  const mayWrite = useMay('programme:write');
  const { save, isSaving } = useUpdate('betaGroups', group.id);
  const [error, setError] = useState<string | undefined>();
  const change = async (attributes: Partial<GroupAttributes>, done: string): Promise<boolean> => {
    setError(undefined);
    const names = Object.keys(attributes) as (keyof GroupAttributes)[];
    const before = Object.fromEntries(names.map((name) => [name, group.attributes?.[name] ?? null]));
    try {
      await save({ attributes, before, done });
      return true;
    } catch (refused) {
      setError(refusalWords(refused, names));
      return false;
    }
  };
  return { change, isSaving, error, mayWrite, setError };
}
