'use client';

import { ExternalLink, QrCode } from 'lucide-react';
import { useState } from 'react';
import { useGroupChange } from '@/components/groups/use-group-change';
import { Button } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { onDemand } from '@/components/ui/on-demand';
import { Section } from '@/components/ui/section';
import { Switch } from '@/components/ui/switch';
import { whenReachable } from '@/lib/browser/reach';
import type { GroupResource } from '@/lib/browser/types';
import { LinkLimit } from './link-limit';

const loadQr = whenReachable(() => import('./qr-dialog'));
const QrDialog = onDemand(loadQr);

/** The public link of an external group: on or off, its address as text and picture, and its limit. */
export function LinkSettings({ group }: { group: GroupResource }) {
  const { change, isSaving, error, mayWrite } = useGroupChange(group);
  const { publicLinkEnabled, publicLink } = group.attributes ?? {};
  const isOn = publicLinkEnabled ?? false;
  return (
    <Section title="Link and limit">
      <Switch
        label="Public link"
        hint={isOn ? 'Anybody with the link can join.' : 'Nobody can join by link.'}
        checked={isOn}
        disabled={!mayWrite || isSaving}
        error={error}
        onChange={(to) =>
          void change({ publicLinkEnabled: to }, to ? 'Public link switched on' : 'Public link switched off')
        }
      />
      {isOn && publicLink ? <Address link={publicLink} name={group.attributes?.name ?? 'group'} /> : null}
      <LinkLimit group={group} />
    </Section>
  );
}

function Address({ link, name }: { link: string; name: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <div className="grid gap-2">
      <a
        href={safeHref(link)}
        target="_blank"
        rel="noreferrer"
        className="inline-flex min-w-0 items-center gap-1.5 rounded-sm text-accent-ink text-sm underline"
      >
        <span className="truncate">{link}</span>
        <ExternalLink size={13} aria-hidden className="shrink-0" />
        <span className="sr-only"> (opens a new tab)</span>
      </a>
      <div className="flex flex-wrap gap-2">
        <CopyButton text={link}>Copy link</CopyButton>
        <Button
          icon={<QrCode size={14} aria-hidden />}
          onPointerEnter={loadQr}
          onFocus={loadQr}
          onClick={() => setOpen(true)}
        >
          QR code
        </Button>
      </div>
      {isOpen ? <QrDialog link={link} name={name} onClose={() => setOpen(false)} /> : null}
    </div>
  );
}

/** Only web addresses are links: what came over the wire is not trusted to be one. */
function safeHref(link: string): string | undefined {
  return /^https?:\/\//.test(link) ? link : undefined;
}
