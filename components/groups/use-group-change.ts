'use client';

import { useState } from 'react';
import { useUpdate } from '@/components/programme/use-update';
import { useMay } from '@/components/shell/use-may';
import { ApiError } from '@/lib/browser/api';
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
      setError(words(refused, names));
      return false;
    }
  };
  return { change, isSaving, error, mayWrite, setError };
}

function words(error: unknown, names: readonly string[]): string {
  if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error);
  const detail = names.map((name) => error.detailFor(name)).find(Boolean) ?? error.message;
  return error.speaker ? `${error.speaker} says: ${detail}` : detail;
}
