import type { Metadata } from 'next';
import { PasswordForm } from '@/components/settings/password-form';
import { Profile } from '@/components/settings/profile';
import { Section } from '@/components/ui/section';
import { currentActor } from '@/lib/http/core/current-actor';

export const metadata: Metadata = { title: 'Your account' };

export default async function SettingsPage() {
  const { email, name, role } = await currentActor();
  return (
    <div className="grid gap-8">
      <Section title="Profile">
        <Profile name={name} email={email} role={role} />
      </Section>
      <Section title="Password">
        <PasswordForm email={email} />
      </Section>
    </div>
  );
}
