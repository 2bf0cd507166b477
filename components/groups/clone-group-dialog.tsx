'use client';

import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { AppOptions, chosenApp } from '@/components/shell/app-options';
import { useApps } from '@/components/shell/known';
import { Button } from '@/components/ui/button';
import { rowKey } from '@/components/ui/data-table/memory';
import { Dialog } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { SelectField, TextField } from '@/components/ui/field';
import { Switch } from '@/components/ui/switch';
import { ApiError } from '@/lib/browser/api';
import { cloneMutation } from '@/lib/browser/groups';
import type { AppResource, GroupResource } from '@/lib/browser/types';

/** Makes a group like this one, here or in another app; the work is a job that can be watched. */
export default function CloneGroupDialog({
  group,
  appId,
  onClose,
}: {
  group: GroupResource;
  appId: string;
  onClose: () => void;
}) {
  const router = useRouter();
  const apps = useApps();
  const clone = useMutation(cloneMutation());
  const [form, setForm] = useState({
    name: `${group.attributes?.name ?? 'Group'} copy`.slice(0, 255),
    app: '',
    testers: false,
    builds: false,
  });
  const [problem, setProblem] = useState<string | undefined>();
  const set = (change: Partial<typeof form>) => setForm((before) => ({ ...before, ...change }));
  const own = apps.find(
    ({ id, meta }) => id === appId && (group.meta?.accountId ?? meta?.accountId) === meta?.accountId,
  );
  const target = chosenApp(apps, form.app) ?? own;
  const isElsewhere = target !== own;
  const hasAll = group.attributes?.hasAccessToAllBuilds ?? false;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!form.name.trim()) return setProblem('Enter a name.');
    setProblem(undefined);
    try {
      const { data } = await clone.mutateAsync({
        groupId: group.id,
        name: form.name.trim(),
        testers: form.testers,
        builds: form.builds && !isElsewhere && !hasAll,
        ...(isElsewhere && target ? { appId: target.id, ...accountOf(target) } : {}),
      });
      onClose();
      router.push(`/jobs/${encodeURIComponent(data.jobId)}`);
    } catch (error) {
      setProblem(error instanceof ApiError ? error.detailFor('name') : undefined);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Clone group"
      description="Settings, recruitment criteria and the limit of the link are taken along. The link itself gets an address of its own."
    >
      <form onSubmit={submit} className="flex flex-col gap-5" noValidate>
        <TextField
          label="Name of the new group"
          value={form.name}
          dir="auto"
          maxLength={255}
          error={problem}
          onChange={(event) => set({ name: event.target.value })}
        />
        <SelectField
          label="App"
          value={target ? rowKey(target) : ''}
          onChange={(event) => set({ app: event.target.value })}
        >
          <AppOptions apps={apps} />
        </SelectField>
        <Switch
          label="Take the builds along"
          hint={
            hasAll
              ? 'The new group has access to all builds, as this one has.'
              : isElsewhere
                ? 'Builds belong to one app and cannot go to another.'
                : 'Builds that have not expired. A link is switched on only where the new group has a build.'
          }
          checked={form.builds && !isElsewhere && !hasAll}
          disabled={isElsewhere || hasAll}
          onChange={(builds) => set({ builds })}
        />
        <Switch
          label="Take the testers along"
          hint={
            isElsewhere
              ? 'They are invited to the other app by e-mail. Who came by a public link gave none and stays.'
              : 'Who came by a public link gave no e-mail address and stays.'
          }
          checked={form.testers}
          onChange={(testers) => set({ testers })}
        />
        <Refusal error={clone.error && problem === undefined ? clone.error : null} />
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={clone.isPending}>
            Clone group
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function accountOf({ meta }: AppResource): { accountId?: string } {
  return meta?.accountId === undefined ? {} : { accountId: meta.accountId };
}
