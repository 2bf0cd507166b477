'use client';

import { Section } from '@/components/ui/section';
import { Switch } from '@/components/ui/switch';
import type { GroupResource } from '@/lib/browser/types';
import { useGroupChange } from './use-group-change';

type Flag = 'feedbackEnabled' | 'iosBuildsAvailableForAppleSiliconMac' | 'iosBuildsAvailableForAppleVision';

const FLAGS: readonly { name: Flag; label: string; hint: string; on: string; off: string }[] = [
  {
    name: 'feedbackEnabled',
    label: 'Tester feedback',
    hint: 'Testers can send screenshots and comments from the app.',
    on: 'Feedback switched on',
    off: 'Feedback switched off',
  },
  {
    name: 'iosBuildsAvailableForAppleSiliconMac',
    label: 'On Mac with Apple silicon',
    hint: 'iOS builds can be tested on a Mac.',
    on: 'Available on Mac',
    off: 'No longer available on Mac',
  },
  {
    name: 'iosBuildsAvailableForAppleVision',
    label: 'On Apple Vision',
    hint: 'iOS builds can be tested on Apple Vision.',
    on: 'Available on Apple Vision',
    off: 'No longer available on Apple Vision',
  },
];

/** What can be switched for a group, at once. */
export function GroupSettings({ group }: { group: GroupResource }) {
  return (
    <Section title="Settings">
      {FLAGS.map((flag) => (
        <FlagSwitch key={flag.name} group={group} flag={flag} />
      ))}
      {group.attributes?.isInternalGroup ? (
        <p className="text-ink-soft text-sm">
          {group.attributes.hasAccessToAllBuilds
            ? 'This group has access to all builds; that is fixed at its creation.'
            : 'Builds are assigned to this group one by one; that is fixed at its creation.'}
        </p>
      ) : null}
    </Section>
  );
}

function FlagSwitch({ group, flag }: { group: GroupResource; flag: (typeof FLAGS)[number] }) {
  const { error, change, isSaving, mayWrite } = useGroupChange(group);
  return (
    <Switch
      label={flag.label}
      hint={flag.hint}
      checked={group.attributes?.[flag.name] ?? false}
      disabled={!mayWrite || isSaving}
      error={error}
      onChange={(to) => void change({ [flag.name]: to }, to ? flag.on : flag.off)}
    />
  );
}
