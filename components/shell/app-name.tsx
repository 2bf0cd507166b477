'use client';

import { Name } from '@/components/ui/name';
import { useApps } from './use-apps';

/** The name of an app known by its id. */
export function AppName({ appId }: { appId: string | null | undefined }) {
  const app = useApps().find((one) => one.id === appId);
  return <Name>{app?.attributes?.name ?? appId}</Name>;
}
