'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { DraftNote } from '@/components/drafts/draft-note';
import { useDraft } from '@/components/drafts/use-draft';
import { useMay } from '@/components/shell/known';
import { ButtonLink } from '@/components/ui/button-link';
import { EmptyState } from '@/components/ui/empty-state';
import { Refusal } from '@/components/ui/error-state';
import { Name } from '@/components/ui/name';
import { onDemand } from '@/components/ui/on-demand';
import { Section } from '@/components/ui/section';
import { useUrlText } from '@/components/ui/use-url-state';
import { compareFileMutation, fileOfOptions } from '@/lib/browser/programme-file';
import { readAppSegment } from '@/lib/format/app-address';
import { FileEditor } from './file-editor';
import { TakeOut } from './take-out';

const ComparisonPart = onDemand(() => import('./comparison-part'));

/** A programme as a file: taken out, compared with what is there, and applied. */
export function ProgrammeFilePage({
  appId,
  appName,
  base,
}: {
  appId: string;
  appName: string;
  base: string;
}) {
  const mayRead = useMay('apple:read');
  const mayWrite = useMay('programme:write');
  if (!mayRead)
    return (
      <EmptyState
        title="Not for your role"
        action={<ButtonLink href={`${base}/groups`}>Go to the groups</ButtonLink>}
      >
        A file is compared with what App Store Connect has now, and viewers do not ask App Store Connect. An
        admin can give you another role.
      </EmptyState>
    );
  return <FileDesk appId={appId} appName={appName} mayWrite={mayWrite} />;
}

function FileDesk({ appId, appName, mayWrite }: { appId: string; appName: string; mayWrite: boolean }) {
  const [from] = useUrlText('from');
  const source = useQuery(fileOfOptions(from === null ? null : readAppSegment(from)));
  const [text, setText] = useState('');
  const [prune, setPrune] = useState(false);
  const compare = useMutation(compareFileMutation(appId));
  const { mutate, reset } = compare;
  // What was compared is not what stands there any more.
  const change = (next: string) => {
    setText(next);
    reset();
  };
  const draft = useDraft({
    key: `programme-file/${appId}${from === null ? '' : `/${from.replace(/[^\w./:@-]/g, '-')}`}`,
    value: text,
    restore: change,
    read: (kept) => (typeof kept === 'string' ? kept : null),
  });
  const brought = source.data?.data;
  useEffect(() => {
    if (!brought) return;
    setText(brought.text);
    mutate({ text: brought.text, prune: false });
  }, [brought, mutate]);
  const compared = compare.data?.data;
  return (
    <div className="grid max-w-4xl grid-cols-1 gap-10">
      <TakeOut appId={appId} appName={appName} text={text} onText={change} />
      <Section title="Compare and apply">
        {from === null ? null : (
          <p role="status" className="text-ink-soft text-sm">
            {brought ? (
              <>
                This is the programme of <Name>{brought.app}</Name>. What would change in{' '}
                <Name>{appName}</Name> is told below.
              </>
            ) : source.error ? null : (
              'The programme of the other app is being read…'
            )}
          </p>
        )}
        <Refusal error={source.error} />
        <DraftNote draft={draft} />
        <FileEditor
          text={text}
          onText={change}
          prune={prune}
          onPrune={(next) => {
            setPrune(next);
            reset();
          }}
          error={compare.error}
          isBusy={compare.isPending}
          onCompare={() => mutate({ text, prune })}
        />
        {compared ? (
          <ComparisonPart
            appId={appId}
            text={text}
            prune={prune}
            compared={compared}
            mayWrite={mayWrite}
            onAgain={() => mutate({ text, prune })}
            onPrune={() => {
              setPrune(true);
              mutate({ text, prune: true });
            }}
          />
        ) : null}
      </Section>
    </div>
  );
}
