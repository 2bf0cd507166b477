import { useMutation, useQuery } from '@tanstack/react-query';
import { useMay } from '@/components/shell/use-may';
import { Switch } from '@/components/ui/switch';
import { toastError } from '@/components/ui/toast';
import { approvalOptions, changeApprovalMutation } from '@/lib/browser/ship';

/** Whether each ship of the app waits for a second person; administrators decide it. */
export function ShipApproval({ appId, accountId }: { appId: string; accountId: string | undefined }) {
  const mayDecide = useMay('settings:write');
  const isWanted = useQuery(approvalOptions(appId, accountId)).data?.data.isWanted;
  const change = useMutation(changeApprovalMutation(appId, accountId));
  if (isWanted === undefined || !(isWanted || mayDecide)) return null;
  return (
    <Switch
      label="A second person approves"
      hint="Every ship of this app waits, before anything is sent, until somebody other than who began it approves it on the job’s page."
      checked={isWanted}
      disabled={!mayDecide || change.isPending}
      onChange={(to) =>
        change.mutate(to, { onError: (error) => void toastError('It was not changed', error) })
      }
    />
  );
}
