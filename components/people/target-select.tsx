'use client';

import { BuildPicker, GroupPicker } from './target-picker';

interface Props {
  appId: string;
  value: string;
  onChange: (id: string) => void;
  error?: string | undefined;
  without?: readonly string[];
}

/** The groups of an app to choose one from. */
export function GroupSelect({ value, onChange, ...rest }: Props) {
  return <GroupPicker {...rest} {...one(value, onChange)} withInternal />;
}

/** The builds of an app that have not expired, newest first, to choose one from. */
export function BuildSelect({ value, onChange, ...rest }: Props) {
  return <BuildPicker {...rest} {...one(value, onChange)} />;
}

function one(value: string, onChange: (id: string) => void) {
  return {
    isSingle: true,
    chosen: value ? [value] : [],
    onChange: ([id = '']: readonly string[]) => onChange(id),
  };
}
