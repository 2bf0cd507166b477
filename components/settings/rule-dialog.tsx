'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { AppOptions, keptOption, wantedApp } from '@/components/shell/app-options';
import { useApps } from '@/components/shell/known';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { SelectField, TextField } from '@/components/ui/field';
import { ListSkeleton } from '@/components/ui/skeleton';
import { toast } from '@/components/ui/toast';
import { ApiError } from '@/lib/browser/api';
import { colleaguesOptions } from '@/lib/browser/feedback';
import { type RuleForm, type RuleView, saveRuleMutation } from '@/lib/browser/rules';
import { PRIORITIES, priorityWord } from '@/lib/format/feedback';

const FIELDS = ['name', 'app', 'label', 'frame', 'assigneeId', 'priority', 'addLabel'];

/** Adds or changes a rule. */
export default function RuleDialog({ rule, onClose }: { rule: RuleView | null; onClose: () => void }) {
  const apps = useApps();
  const { data, error: unknown } = useQuery(colleaguesOptions());
  const people = data?.data ?? [];
  const save = useMutation(saveRuleMutation());
  const error = save.error instanceof ApiError ? save.error : undefined;
  const at = (field: string) => error?.detailFor(field);
  const assignee = rule?.assignee;
  const isListed = people.some(({ id }) => id === assignee?.id);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    const wanted: RuleForm = {
      name: text('name'),
      app: wantedApp(apps, text('app'), rule?.app),
      ...{ label: text('label') || null, frame: text('frame') || null },
      ...{ assigneeId: text('assigneeId') || null, addLabel: text('addLabel') || null },
      priority: text('priority') === '' ? null : Number(text('priority')),
    };
    save.mutate(
      { ...wanted, rule },
      {
        onSuccess() {
          void toast({ title: rule ? 'Rule changed' : 'Rule added' });
          onClose();
        },
      },
    );
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={rule ? 'Change the rule' : 'Add a rule'}
      description="Everything that is said under “When” must hold; what is left empty may be anything."
    >
      <Refusal error={unknown} />
      {data || unknown ? null : <ListSkeleton rows={4} />}
      {data ? (
        <form onSubmit={submit} className="grid gap-4" noValidate aria-label="Rule">
          <TextField
            label="Name"
            name="name"
            defaultValue={rule?.name ?? ''}
            maxLength={60}
            autoComplete="off"
            error={at('name')}
            required
          />
          <fieldset className="grid gap-4">
            <legend className="mb-2 font-semibold text-sm">When</legend>
            <SelectField label="App" name="app" defaultValue={keptOption(apps, rule?.app)} error={at('app')}>
              <option value="">Any app</option>
              <AppOptions apps={apps} kept={rule?.app} />
            </SelectField>
            <TextField
              label="Label"
              name="label"
              defaultValue={rule?.label ?? ''}
              maxLength={40}
              autoComplete="off"
              error={at('label')}
            />
            <TextField
              label="A call in the crash"
              name="frame"
              defaultValue={rule?.frame ?? ''}
              maxLength={200}
              autoComplete="off"
              spellCheck={false}
              className="font-mono"
              hint="A function, binary or file of the app’s own code; * stands for anything: CheckoutView.*"
              error={at('frame')}
            />
          </fieldset>
          <fieldset className="grid gap-4">
            <legend className="mb-2 font-semibold text-sm">Then</legend>
            <SelectField
              label="Assign to"
              name="assigneeId"
              defaultValue={assignee?.id ?? ''}
              error={at('assigneeId')}
            >
              <option value="">Nobody</option>
              {assignee && !isListed ? (
                <option value={assignee.id}>{assignee.name} (works on feedback no more)</option>
              ) : null}
              {people.map(({ id, name, isYou }) => (
                <option key={id} value={id}>
                  {isYou ? `${name} (you)` : name}
                </option>
              ))}
            </SelectField>
            <SelectField
              label="Set the priority"
              name="priority"
              defaultValue={rule?.priority === null || rule === null ? '' : String(rule.priority)}
              error={at('priority')}
            >
              <option value="">Leave it</option>
              {PRIORITIES.filter((priority) => priority > 0)
                .toReversed()
                .map((priority) => (
                  <option key={priority} value={priority}>
                    {priorityWord(priority)}
                  </option>
                ))}
            </SelectField>
            <TextField
              label="Add the label"
              name="addLabel"
              defaultValue={rule?.addLabel ?? ''}
              maxLength={40}
              autoComplete="off"
              error={at('addLabel')}
            />
          </fieldset>
          {save.error && !(error && FIELDS.some((field) => at(field))) ? (
            <Refusal error={save.error} />
          ) : null}
          <div className="dialog-actions">
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" variant="primary" busy={save.isPending}>
              {rule ? 'Save' : 'Add'}
            </Button>
          </div>
        </form>
      ) : null}
    </Dialog>
  );
}
