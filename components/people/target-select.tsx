'use client';

import { SelectField } from '@/components/ui/field';
import { useBuilds, useGroups } from './use-targets';

interface Props {
  appId: string;
  value: string;
  onChange: (id: string) => void;
  label?: string;
  error?: string | undefined;
  /** Ids that make no sense here. */
  without?: readonly string[];
}

/** The groups of an app to choose one from. */
export function GroupSelect({ appId, value, onChange, label = 'Group', error, without = [] }: Props) {
  const groups = useGroups(appId).filter(({ id }) => !without.includes(id));
  return (
    <SelectField label={label} value={value} error={error} onChange={(event) => onChange(event.target.value)}>
      <option value="">Choose a group</option>
      {groups.map((group) => (
        <option key={group.id} value={group.id}>
          {group.attributes?.name ?? 'Unnamed'}
          {group.attributes?.isInternalGroup ? ' (internal)' : ''}
        </option>
      ))}
    </SelectField>
  );
}

/** The builds of an app that have not expired, newest first, to choose one from. */
export function BuildSelect({ appId, value, onChange, label = 'Build', error, without = [] }: Props) {
  const builds = useBuilds(appId).filter(({ id }) => !without.includes(id));
  return (
    <SelectField label={label} value={value} error={error} onChange={(event) => onChange(event.target.value)}>
      <option value="">Choose a build</option>
      {builds.map((build) => (
        <option key={build.id} value={build.id}>
          {build.meta?.trainVersion ?? '?'} ({build.attributes?.version ?? '?'})
        </option>
      ))}
    </SelectField>
  );
}
