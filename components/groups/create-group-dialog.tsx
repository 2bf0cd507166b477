'use client';

import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { DraftNote } from '@/components/drafts/draft-note';
import { useDraft } from '@/components/drafts/use-draft';
import { useUndoToast } from '@/components/programme/use-undo-toast';
import { AppOptions, chosenApp } from '@/components/shell/app-options';
import { useApps } from '@/components/shell/known';
import { useAppBase } from '@/components/shell/use-app-base';
import { Button } from '@/components/ui/button';
import { rowKey } from '@/components/ui/data-table/memory';
import { Dialog } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { SelectField, TextField } from '@/components/ui/field';
import { Switch } from '@/components/ui/switch';
import { ApiError } from '@/lib/browser/api';
import { createMutation } from '@/lib/browser/writes';
import { homeOf } from '@/lib/format/app-address';
import { isolated } from '@/lib/format/isolated';

type Kind = 'external' | 'internal';

const KINDS: readonly { kind: Kind; label: string; hint: string }[] = [
  {
    kind: 'external',
    label: 'External',
    hint: 'Anybody with an e-mail address or the public link. Builds need beta review first.',
  },
  {
    kind: 'internal',
    label: 'Internal',
    hint: 'People of your App Store Connect team. Builds can be tested without review.',
  },
];

interface Form {
  /** The option of the app, where it must be chosen. */
  readonly app: string;
  readonly kind: Kind;
  readonly name: string;
  readonly feedback: boolean;
  readonly allBuilds: boolean;
}

function readForm(kept: unknown, appId: string | undefined): Form | null {
  const { app, kind, name, feedback, allBuilds } = (kept ?? {}) as Partial<Record<keyof Form, unknown>>;
  if (typeof app !== 'string' || typeof name !== 'string') return null;
  return {
    app: appId ?? app,
    kind: kind === 'internal' ? 'internal' : 'external',
    name,
    feedback: feedback !== false,
    allBuilds: allBuilds === true,
  };
}

/** Makes a group; a refusal stands at the field it is about. */
export default function CreateGroupDialog({
  appId,
  onClose,
}: {
  /** Absent where the app must be chosen. */
  appId?: string | undefined;
  onClose: () => void;
}) {
  const router = useRouter();
  const apps = useApps();
  const create = useMutation(createMutation('betaGroups'));
  const told = useUndoToast(['betaGroups']);
  const [form, setForm] = useState<Form>({
    app: appId ?? '',
    kind: 'external',
    name: '',
    feedback: true,
    allBuilds: false,
  });
  const here = useAppBase(appId ?? '');
  const chosen = appId === undefined ? chosenApp(apps, form.app) : undefined;
  const draft = useDraft({
    key: `group/new/${appId ?? 'any'}`,
    value: form,
    restore: setForm,
    read: (kept) => readForm(kept, appId),
  });
  const [problem, setProblem] = useState<{ name?: string; app?: string }>({});
  const set = (change: Partial<typeof form>) => {
    setProblem({});
    setForm((before) => ({ ...before, ...change }));
  };
  const isInternal = form.kind === 'internal';

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (appId === undefined && !chosen) return setProblem({ app: 'Choose the app the group belongs to.' });
    if (!form.name.trim()) return setProblem({ name: 'Enter a name.' });
    try {
      const { data, meta } = await create.mutateAsync({
        attributes: {
          name: form.name.trim(),
          isInternalGroup: isInternal,
          feedbackEnabled: form.feedback,
          ...(isInternal ? { hasAccessToAllBuilds: form.allBuilds } : {}),
        },
        relationships: { app: { data: { type: 'apps', id: chosen?.id ?? appId ?? '' } } },
        accountId: chosen?.meta?.accountId,
      });
      draft.clear();
      onClose();
      told(`Group “${isolated(form.name.trim())}” created`, meta?.auditId);
      const base = chosen ? homeOf(chosen.id, chosen.meta) : here;
      router.push(`${base}/groups/${encodeURIComponent(data.id)}`);
    } catch (error) {
      const detail = error instanceof ApiError ? error.detailFor('name') : undefined;
      if (detail) setProblem({ name: detail });
    }
  };
  const isElsewhere = create.error && !problem.name;
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="New group">
      <form onSubmit={submit} className="flex flex-col gap-5" noValidate>
        <DraftNote draft={draft} />
        {appId === undefined ? (
          <SelectField
            label="App"
            value={chosen ? rowKey(chosen) : ''}
            error={problem.app}
            onChange={(event) => set({ app: event.target.value })}
          >
            <option value="">Choose an app</option>
            <AppOptions apps={apps} />
          </SelectField>
        ) : null}
        <TextField
          label="Name"
          value={form.name}
          dir="auto"
          maxLength={255}
          error={problem.name}
          onChange={(event) => set({ name: event.target.value })}
        />
        <fieldset className="grid gap-2">
          <legend className="mb-1.5 font-medium text-sm">Kind</legend>
          {KINDS.map(({ kind, label, hint }) => (
            <label
              key={kind}
              className="flex items-start gap-3 rounded-md border p-3 text-sm has-checked:border-accent-ink has-checked:bg-accent-soft"
            >
              <input
                type="radio"
                name="kind"
                value={kind}
                checked={form.kind === kind}
                onChange={() => set({ kind })}
                className="mt-0.5 size-4 accent-accent"
              />
              <span className="grid">
                <span className="font-medium">{label}</span>
                <span className="text-ink-soft">{hint}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <Switch
          label="Tester feedback"
          hint="Testers can send screenshots and comments from the app."
          checked={form.feedback}
          onChange={(feedback) => set({ feedback })}
        />
        {isInternal ? (
          <Switch
            label="Access to all builds"
            hint="Every build, without being assigned. This cannot be changed later."
            checked={form.allBuilds}
            onChange={(allBuilds) => set({ allBuilds })}
          />
        ) : (
          <p className="text-ink-soft text-sm">
            A public link can be switched on once the group has an approved build.
          </p>
        )}
        <Refusal error={isElsewhere ? create.error : null} />
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={create.isPending}>
            Create group
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
