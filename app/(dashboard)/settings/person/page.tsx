import type { Metadata } from 'next';
import { PersonPage } from '@/components/settings/person-page';

export const metadata: Metadata = { title: 'A person’s data' };

export default function SettingsPersonPage() {
  return <PersonPage />;
}
