'use client';

import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { type Colleague, colleaguesOptions } from '@/lib/browser/feedback';

const NOBODY: readonly Colleague[] = [];

/** Who may triage, and what they are called by id. */
export function useColleagues(): { people: readonly Colleague[]; names: ReadonlyMap<string, string> } {
  const { data } = useQuery(colleaguesOptions());
  const people = data?.data ?? NOBODY;
  const names = useMemo(
    () => new Map(people.map(({ id, name, isYou }) => [id, isYou ? `${name} (you)` : name])),
    [people],
  );
  return { people, names };
}
