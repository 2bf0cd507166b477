import { crashKindLabel } from '@/lib/format/crashes';
import { deviceName } from '@/lib/format/devices';

interface Titled {
  /** What is kept; '' where people read it of the facts. */
  readonly title: string;
  readonly crashKind: string | null;
  readonly topFrame: string | null;
  /** Of a report that is alone. */
  readonly deviceModel?: string | null;
  readonly osVersion?: string | null;
}

/** What people call an issue: its function, the words of its report, or what crashed where. */
export function issueTitle({ title, crashKind, topFrame, deviceModel, osVersion }: Titled): string {
  if (topFrame) return crashKind ? `${crashKindLabel(crashKind)} in ${topFrame}` : topFrame;
  if (title !== '') return title;
  if (crashKind) return crashKindLabel(crashKind);
  const place = [deviceModel ? deviceName(deviceModel) : null, osVersion ? `OS ${osVersion}` : null]
    .filter((part) => part !== null)
    .join(', ');
  return place === '' ? 'Crash' : `Crash on ${place}`;
}
