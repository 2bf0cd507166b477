'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useState } from 'react';
import { useMay } from '@/components/shell/known';
import { Button } from '@/components/ui/button';
import { Name } from '@/components/ui/name';
import { onDemand } from '@/components/ui/on-demand';
import { Section } from '@/components/ui/section';
import { Time } from '@/components/ui/time';
import { toastError } from '@/components/ui/toast';
import {
  decideHandoverMutation,
  type HandoverList,
  type HandoverView,
  handoversOptions,
} from '@/lib/browser/connectors';
import type { AppleReport, HandedOver } from '@/lib/browser/hand-over';
import { CopyMarkdown } from './copy-markdown';
import { ShareLinks } from './share-links';

const HandOverDialog = onDemand(() => import('./hand-over-dialog'));
const DeleteDialog = onDemand(() => import('./delete-at-apple'));
const ShareDialog = onDemand(() => import('./share-dialog'));

/** The ways in which a report or an issue leaves Flightdeck, and what was made of it elsewhere. */
export function HandOver({
  of,
  hasCrash,
  hasPictures = false,
  atApple = null,
}: {
  of: HandedOver;
  hasCrash: boolean;
  hasPictures?: boolean;
  /** What it is at Apple, where it is still there. */
  atApple?: AppleReport | null;
}) {
  const { data } = useQuery(handoversOptions(of));
  const mayWrite = useMay('feedback:write');
  const maySettings = useMay('settings:write');
  const mayShare = useMay('export:run');
  const [isSharing, setSharing] = useState(false);
  const [isDeleting, setDeleting] = useState(false);
  const [to, setTo] = useState<HandoverList['connectors'][number] | null>(null);
  const { connectors = [], handovers = [] } = data?.data ?? {};
  return (
    <Section title="Hand over">
      {handovers.length > 0 ? (
        <ul aria-label="Handed over" className="grid divide-y text-sm">
          {handovers.map((one) => (
            <li key={one.id} className="grid gap-1 py-2">
              <Handed one={one} mayWrite={mayWrite} />
            </li>
          ))}
        </ul>
      ) : null}
      <ShareLinks of={of} />
      <div className="flex flex-wrap gap-2">
        {connectors.map((connector) => (
          <Button key={connector.id} onClick={() => setTo(connector)}>
            {connector.isMessage ? 'Send to' : 'Make issue in'} {connector.name}…
          </Button>
        ))}
        <CopyMarkdown of={of} hasCrash={hasCrash} />
        {mayWrite && atApple ? (
          <Button variant="ghost" onClick={() => setDeleting(true)}>
            Delete at Apple…
          </Button>
        ) : null}
        {mayShare ? <Button onClick={() => setSharing(true)}>Share link…</Button> : null}
      </div>
      {data && connectors.length === 0 && maySettings ? (
        <p className="text-ink-soft text-sm">
          To make issues in a tracker,{' '}
          <Link href="/settings/connectors" className="text-accent-ink underline">
            add a connector
          </Link>
          .
        </p>
      ) : null}
      {isSharing ? <ShareDialog of={of} hasPictures={hasPictures} onClose={() => setSharing(false)} /> : null}
      {isDeleting && atApple ? (
        <DeleteDialog of={of} type={atApple} onClose={() => setDeleting(false)} />
      ) : null}
      {to ? <HandOverDialog of={of} to={to} onClose={() => setTo(null)} /> : null}
    </Section>
  );
}

function Handed({ one, mayWrite }: { one: HandoverView; mayWrite: boolean }) {
  const { state, remote, url, key, stateTrouble } = one;
  return (
    <>
      <p className="wrap-anywhere">
        {url ? (
          <a href={url} target="_blank" rel="noreferrer" className="text-accent-ink underline">
            {key ?? url}
          </a>
        ) : (
          <span>{one.isMessage ? 'Message' : (key ?? 'Issue')}</span>
        )}{' '}
        {one.isMessage ? 'to' : 'in'} <Name>{one.connector}</Name>
      </p>
      {state === 'sent' ? (
        <p className="text-ink-soft text-xs">
          {remote ? (
            <>
              {remote.words}, as of <Time at={remote.at} /> ·{' '}
            </>
          ) : null}
          {one.by ? (
            <>
              by <Name>{one.by}</Name>{' '}
            </>
          ) : null}
          <Time at={one.at} />
        </p>
      ) : (
        <Open one={one} mayWrite={mayWrite} />
      )}
      {stateTrouble ? <p className="text-ink-soft text-xs">{stateTrouble}</p> : null}
    </>
  );
}

function Open({ one, mayWrite }: { one: HandoverView; mayWrite: boolean }) {
  const decide = useMutation(decideHandoverMutation());
  const run = (decision: 'look' | 'arrived' | 'again' | 'drop') =>
    decide.mutate({ id: one.id, decision }, { onError: (error) => void toastError('Not done', error) });
  if (one.state === 'sending') return <p className="text-ink-soft text-xs">Being handed over…</p>;
  return (
    <>
      <p role="status" className="text-xs">
        {one.trouble}{' '}
        {one.needsPerson
          ? 'It may have arrived: look into the channel.'
          : 'Flightdeck looks for it there, and makes it only when it is surely not there.'}
      </p>
      {mayWrite ? (
        <span className="flex flex-wrap gap-2">
          {one.needsPerson ? (
            <>
              <Button size="sm" busy={decide.isPending} onClick={() => run('arrived')}>
                It arrived
              </Button>
              <Button size="sm" busy={decide.isPending} onClick={() => run('again')}>
                Send again
              </Button>
            </>
          ) : (
            <Button size="sm" busy={decide.isPending} onClick={() => run('look')}>
              Look now
            </Button>
          )}
          <Button size="sm" variant="ghost" busy={decide.isPending} onClick={() => run('drop')}>
            Forget it
          </Button>
        </span>
      ) : null}
    </>
  );
}
