import { Bell } from 'lucide-react';
import { useMay } from '@/components/shell/known';
import { Button } from '@/components/ui/button';
import { Section } from '@/components/ui/section';
import { Switch } from '@/components/ui/switch';
import type { BuildResource } from '@/lib/browser/types';
import type { BuildDialog } from './about-build';
import { useAutoNotify } from './use-auto-notify';

/** How testers hear of a build: by itself, or when somebody says so. */
export function TellingTesters({
  build,
  detailId,
  onOpen,
}: {
  build: BuildResource;
  detailId: string | undefined;
  onOpen: (dialog: BuildDialog) => void;
}) {
  const mayWrite = useMay('programme:write');
  const { change, error } = useAutoNotify(build, detailId);
  const isOn = build.meta?.autoNotifyEnabled;
  const isOver = build.attributes?.expired === true;
  return (
    <Section
      title="Telling testers"
      action={
        mayWrite && !isOver ? (
          <Button
            size="sm"
            variant="ghost"
            icon={<Bell size={14} aria-hidden />}
            onClick={() => onOpen('notify')}
          >
            Notify testers
          </Button>
        ) : null
      }
    >
      {isOn == null ? (
        <p className="text-ink-soft text-sm">
          Not known yet: App Store Connect has told nothing of automatic notification.
        </p>
      ) : (
        <Switch
          label="Automatic notification"
          hint="App Store Connect mails testers as soon as they can test the build."
          checked={isOn}
          disabled={!mayWrite || isOver || detailId === undefined}
          error={error}
          onChange={(to) => void change(to)}
        />
      )}
    </Section>
  );
}
