'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { ErrorState } from '@/components/ui/late-error';
import { Name } from '@/components/ui/name';
import { onDemand } from '@/components/ui/on-demand';
import { ListSkeleton } from '@/components/ui/skeleton';
import { toast, toastError } from '@/components/ui/toast';
import { useDo } from '@/components/ui/use-do';
import { type ConnectorView, connectorsOptions, removeConnectorMutation } from '@/lib/browser/connectors';
import { connectorWords } from '@/lib/format/connectors';
import { formatPlural } from '@/lib/format/numbers';

const ConnectorDialog = onDemand(() => import('./connector-dialog'));
const RemoveDialog = onDemand(() => import('./remove-connector'));

/** Where feedback can be handed over to. */
export function ConnectorsPage() {
  const { data, error, refetch } = useQuery(connectorsOptions());
  const [editing, setEditing] = useState<ConnectorView | 'new' | null>(null);
  const [removing, setRemoving] = useState<ConnectorView | null>(null);
  const remove = useMutation(removeConnectorMutation());
  useDo('add', () => setEditing('new'));
  if (error && !data)
    return (
      <ErrorState title="The connectors could not be loaded" error={error} onRetry={() => void refetch()} />
    );
  if (!data) return <ListSkeleton rows={3} />;
  const { connectors } = data.data;
  const add = (
    <Button variant="primary" icon={<Plus size={14} aria-hidden />} onClick={() => setEditing('new')}>
      Add a connector
    </Button>
  );
  return (
    <div className="grid gap-4">
      {connectors.length === 0 ? (
        <EmptyState title="No connectors yet" action={add}>
          With a connector, people make an issue in your tracker of a report or a crash, or send it to a
          channel.
        </EmptyState>
      ) : (
        <>
          <ul className="grid divide-y border-y">
            {connectors.map((connector) => (
              <li
                key={connector.id}
                className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 py-3"
              >
                <Told connector={connector} />
                <span className="flex gap-1">
                  <Button
                    variant="ghost"
                    onClick={() => setEditing(connector)}
                    aria-label={`Change ${connector.name}`}
                  >
                    Change
                  </Button>
                  <Button
                    variant="ghost"
                    onClick={() => setRemoving(connector)}
                    aria-label={`Remove ${connector.name}`}
                  >
                    Remove
                  </Button>
                </span>
              </li>
            ))}
          </ul>
          <div>{add}</div>
        </>
      )}
      {editing ? (
        <ConnectorDialog
          connector={editing === 'new' ? null : editing}
          list={data.data}
          onClose={() => setEditing(null)}
        />
      ) : null}
      {removing ? (
        <RemoveDialog
          connector={removing}
          busy={remove.isPending}
          onClose={() => setRemoving(null)}
          onRemove={() =>
            remove.mutate(removing.id, {
              onSuccess: () => void toast({ title: `The connector “${removing.name}” was removed` }),
              onError: (failure) => void toastError('The connector was not removed', failure),
              onSettled: () => setRemoving(null),
            })
          }
        />
      ) : null}
    </div>
  );
}

function Told({
  connector: { name, kind, project, baseUrl, app, count, doesResolve, takesAlerts },
}: {
  connector: ConnectorView;
}) {
  return (
    <div className="min-w-0">
      <p className="font-medium">
        <Name className="truncate">{name}</Name>
      </p>
      <p className="text-ink-soft text-sm wrap-anywhere">
        {connectorWords(kind).name}
        {project ? ` · ${project}` : ''}
        {baseUrl ? ` · ${baseUrl}` : ''} · {app === null ? 'all apps' : <Name>{app.name}</Name>}
      </p>
      <p className="text-ink-soft text-sm">
        {count === 0 ? 'Not used yet' : `Used ${formatPlural(count, 'time')}`}
        {doesResolve ? ' · what is closed there is resolved here' : ''}
        {takesAlerts ? ' · takes alerts' : ''}
      </p>
    </div>
  );
}
