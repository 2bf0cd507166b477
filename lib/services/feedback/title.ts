import { crashKindLabel } from '@/lib/format/crashes';
import { deviceName } from '@/lib/format/devices';
import type { IssueTold } from '@/lib/mirror/query/feedback-additions';
import type { ResourceObject } from '@/lib/mirror/resource';

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

/** What an issue is called in a sentence. */
export function issueName(issue: Titled & { readonly kind: string }): string {
  if (issue.kind === 'crash') return issueTitle(issue);
  return issue.title.trim() || 'feedback without words';
}

/** A line of the inbox or of the crash issues, with words for its device and its issue. */
export function worded(resource: ResourceObject): ResourceObject {
  const model = resource.attributes?.deviceModel;
  const told = resource.meta?.issue as IssueTold | null | undefined;
  const issue = told && {
    ...told,
    ...(told.kind === 'crash' ? { title: issueTitle(told) } : {}),
    duplicate: told.duplicate && { id: told.duplicate.id, title: issueTitle(told.duplicate) },
  };
  return {
    ...resource,
    ...(resource.type === 'issues' && issue
      ? { attributes: { ...resource.attributes, title: issue.title } }
      : {}),
    meta: {
      ...resource.meta,
      ...(issue ? { issue } : {}),
      ...(typeof model === 'string' ? { deviceName: deviceName(model) } : {}),
    },
  };
}
