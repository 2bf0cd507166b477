'use client';

import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { useAppTargets } from '@/components/people/target-lists';
import { useAppBase } from '@/components/shell/use-app-base';
import { Button } from '@/components/ui/button';
import { rowKey } from '@/components/ui/data-table/memory';
import { Dialog } from '@/components/ui/dialog';
import { Name } from '@/components/ui/name';
import { Picker } from '@/components/ui/picker';
import { appWords, homeOf } from '@/lib/format/app-address';

/** Chooses the app that gets this programme; what would change there is shown before anything is sent. */
export default function CloneDialog({ appId, onClose }: { appId: string; onClose: () => void }) {
  const router = useRouter();
  const here = useAppBase(appId);
  const apps = useAppTargets();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [target, setTarget] = useState<string | null>(null);
  const others = apps.rows.filter(({ id, meta }) => homeOf(id, meta) !== here);
  const choose = (keys: ReadonlySet<string>) => {
    setChosen(keys);
    const app = others.find((one) => keys.has(rowKey(one)));
    if (app) setTarget(homeOf(app.id, app.meta));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const from = here.slice('/apps/'.length);
    if (target !== null) router.push(`${target}/test-information/file?from=${encodeURIComponent(from)}`);
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Clone to another app"
      description="Groups, criteria, limits of links and texts are taken along, testers and builds are not. You see what would change there before anything is sent."
    >
      <form onSubmit={submit} className="grid gap-4">
        <Picker
          name="Apps"
          label="Search by name"
          search={apps.search}
          onSearch={apps.onSearch}
          chosen={chosen}
          onChange={choose}
          isPending={apps.isPending}
          isSingle
          nothing="No other app is called that."
          onMore={apps.onMore}
          choices={others.map((app) => {
            const words = appWords(app.attributes?.name ?? app.id, app.meta?.accountName);
            return { id: rowKey(app), label: words, content: <Name>{words}</Name> };
          })}
        />
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" disabled={target === null}>
            See what would change
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
