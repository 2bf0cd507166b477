import type { ReactNode } from 'react';
import { onDemand } from '@/components/ui/on-demand';
import type { AboutBuild, BuildDialog } from './about-build';

const AddGroups = onDemand(() => import('./add-groups-dialog'));
const AddTesters = onDemand(() => import('./add-individuals-dialog'));
const Compliance = onDemand(() => import('./compliance-dialog'));
const Submit = onDemand(() => import('./submit-dialog'));
const Notify = onDemand(() => import('./notify-dialog'));
const Ship = onDemand(() => import('./ship-dialog'));
const Expire = onDemand(() => import('./expire-dialog'));

/** The dialog that is open, fetched when it is first needed. */
export function BuildDialogs({
  dialog,
  onAnswered,
  ...about
}: AboutBuild & { dialog: BuildDialog; onAnswered: () => void }): ReactNode {
  switch (dialog) {
    case 'groups':
      return <AddGroups {...about} />;
    case 'testers':
      return <AddTesters {...about} />;
    case 'compliance':
      return (
        <Compliance
          builds={[about.build]}
          appId={about.appId}
          onAnswered={onAnswered}
          onClose={about.onClose}
        />
      );
    case 'submit':
      return <Submit {...about} />;
    case 'notify':
      return <Notify {...about} />;
    case 'ship':
      return <Ship {...about} />;
    case 'expire':
      return <Expire {...about} />;
  }
}
