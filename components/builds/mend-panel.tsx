'use client';

import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { CriteriaCard } from '@/components/links/criteria-card';
import { LinkDoctor } from '@/components/links/link-doctor';
import { LinkSettings } from '@/components/links/link-settings';
import {
  type InformationPart,
  TestInformationPage,
} from '@/components/test-information/test-information-page';
import { Dialog } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { Skeleton } from '@/components/ui/skeleton';
import { oneOptions } from '@/lib/browser/lists';
import type { ReadinessLine } from '@/lib/browser/ship';
import type { BuildResource, GroupResource } from '@/lib/browser/types';
import AddGroups from './add-groups-dialog';
import { buildName } from './build-words';
import { BUILD_QUERY } from './builds-spec';
import Compliance from './compliance-dialog';
import NotesEditor from './notes-editor';
import { useNoteRows } from './use-note-rows';

interface Props {
  readonly build: BuildResource;
  readonly appId: string;
  readonly onClose: () => void;
}

/** Where a line of the checklist is mended, above the page it stands on: by the same forms as elsewhere. */
export default function MendPanel({
  mend,
  onAnswered,
  ...place
}: Props & {
  mend: NonNullable<ReadinessLine['mend']>;
  onAnswered: (() => void) | undefined;
}): ReactNode {
  const { build, appId, onClose } = place;
  if ('information' in mend) return <Information part={mend.information} {...place} />;
  if ('group' in mend) return <PublicLink groupId={mend.group} {...place} />;
  if ('build' in mend) return null;
  switch (mend.dialog) {
    case 'compliance':
      return (
        <Compliance
          builds={[build]}
          appId={appId}
          onClose={onClose}
          {...(onAnswered ? { onAnswered } : {})}
        />
      );
    case 'groups':
      return <AddGroups build={build} appId={appId} detailId={undefined} onClose={onClose} />;
    case 'notes':
      return <Notes {...place} />;
  }
}

function Panel({
  title,
  description,
  onClose,
  children,
}: {
  title: string;
  description?: string;
  onClose: () => void;
  children: ReactNode;
}) {
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title={title}
      {...(description ? { description } : {})}
    >
      {children}
    </Dialog>
  );
}

function Information({ part, appId, onClose }: Props & { part: InformationPart }) {
  return (
    <Panel
      title="Test information"
      description="It belongs to the app: every build has the same. What you type is kept while this is closed."
      onClose={onClose}
    >
      <TestInformationPage appId={appId} only={part} />
    </Panel>
  );
}

function Notes({ build, appId, onClose }: Props) {
  const { data, error } = useQuery(oneOptions<BuildResource>('builds', build.id, BUILD_QUERY));
  const { rows, missing, primaryLocale } = useNoteRows(data?.included ?? [], appId);
  return (
    <Panel title={buildName(build)} onClose={onClose}>
      {data ? (
        <NotesEditor
          build={build}
          appId={appId}
          rows={rows}
          missing={missing}
          primaryLocale={primaryLocale}
          onClose={onClose}
        />
      ) : error ? (
        <Refusal error={error} />
      ) : (
        <Skeleton className="h-24" />
      )}
    </Panel>
  );
}

function PublicLink({ groupId, appId, onClose }: Props & { groupId: string }) {
  const { data, error } = useQuery(oneOptions<GroupResource>('betaGroups', groupId));
  const [isEditing, setEditing] = useState(false);
  const group = data?.data;
  return (
    <Panel title={group?.attributes?.name ?? 'Public link'} onClose={onClose}>
      {group ? (
        <div className="grid gap-8">
          <LinkDoctor group={group} appId={appId} onEditCriteria={() => setEditing(true)} />
          <LinkSettings group={group} />
          <CriteriaCard group={group} isEditing={isEditing} onEdit={setEditing} />
        </div>
      ) : error ? (
        <Refusal error={error} />
      ) : (
        <Skeleton className="h-24" />
      )}
    </Panel>
  );
}
