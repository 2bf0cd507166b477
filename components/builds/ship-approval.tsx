import { useMutation, useQuery } from '@tanstack/react-query';
import { useMay } from '@/components/shell/known';
import { ButtonLink } from '@/components/ui/button-link';
import { Switch } from '@/components/ui/switch';
import { toastError } from '@/components/ui/toast';
import { approvalOptions, changeApprovalMutation } from '@/lib/browser/ship';

/** Whether each ship of the app waits for a second person; administrators decide it. */
export function ShipApproval({ appId, accountId }: { appId: string; accountId: string | undefined }) {
  const mayDecide = useMay('settings:write');
  const { isWanted, hasSecond } = useQuery(approvalOptions(appId, accountId)).data?.data ?? {};
  const change = useMutation(changeApprovalMutation(appId, accountId));
  if (isWanted === undefined || !(isWanted || mayDecide)) return null;
  return (
    <div className="grid gap-2 text-sm">
      <Switch
        label="A second person approves"
        hint="Every ship of this app waits, before anything is sent, until somebody other than who began it approves it on the job’s page."
        checked={isWanted}
        disabled={!mayDecide || change.isPending}
        onChange={(to) =>
          change.mutate(to, { onError: (error) => void toastError('It was not changed', error) })
        }
      />
      {isWanted && !hasSecond ? (
        <p role="status" className="text-attention">
          Nobody else may approve yet: it takes another person with the role manager or admin.
        </p>
      ) : null}
      {isWanted && !hasSecond && mayDecide ? (
        <span>
          <ButtonLink href="/settings/team" prefetch={false} size="sm">
            Add a person
          </ButtonLink>
        </span>
      ) : null}
    </div>
  );
}
