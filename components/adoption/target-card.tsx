import { useMutation } from '@tanstack/react-query';
import { Mail, Megaphone, Send } from 'lucide-react';
import Link from 'next/link';
import { useId, useState } from 'react';
import type { BulkIntent } from '@/components/people/bulk-dialog';
import { useMay } from '@/components/shell/known';
import { useAppBase } from '@/components/shell/use-app-base';
import { Button } from '@/components/ui/button';
import { onDemand } from '@/components/ui/on-demand';
import { MARKS } from '@/components/ui/status';
import { toast, toastError } from '@/components/ui/toast';
import { everyStraggler, type Standing, type Target } from '@/lib/browser/adoption';
import { buildWords } from '@/lib/format/builds';
import { formatCount, formatPlural, formatShare } from '@/lib/format/numbers';
import type { Tone } from '@/lib/format/tones';

const BulkDialog = onDemand(() => import('@/components/people/bulk-dialog'));
const NotifyBuild = onDemand(() => import('./notify-build'));
const StragglerList = onDemand(() => import('./straggler-list'));

const WORDS: Readonly<Record<Standing, readonly [tone: Tone, words: string]>> = {
  current: ['good', 'on it'],
  behind: ['attention', 'on something older'],
  accepted: ['busy', 'accepted, nothing installed'],
  invited: ['quiet', 'with an open invitation'],
  unclear: ['quiet', 'cannot be told'],
};
const ORDER = Object.keys(WORDS) as Standing[];
const WITHOUT: readonly Standing[] = ['behind', 'accepted', 'invited', 'unclear'];

/** The newest build that some testers can have: who is on it, who is not, and what can be done about those. */
export function TargetCard({ target: { build, counts }, appId }: { target: Target; appId: string }) {
  const base = useAppBase(appId);
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const all = ORDER.reduce((sum, one) => sum + counts[one], 0);
  const name = buildWords(build);
  return (
    <section aria-labelledby={id} className="grid gap-3">
      <h2 id={id} className="font-semibold text-base">
        <Link
          href={`${base}/builds/${encodeURIComponent(build.id)}`}
          prefetch={false}
          className="rounded-sm hover:underline"
        >
          {name}
        </Link>{' '}
        <span className="font-normal text-ink-soft text-sm">
          is the newest build that {formatPlural(all, 'tester')} can have
        </span>
      </h2>
      <div aria-hidden className="flex h-2 gap-px overflow-hidden rounded-full bg-active">
        {ORDER.filter((one) => counts[one] > 0 && one !== 'unclear').map((one) => (
          <span key={one} style={{ flexGrow: counts[one] }} className={`min-w-0.5 ${MARKS[WORDS[one][0]]}`} />
        ))}
        {counts.unclear > 0 ? <span style={{ flexGrow: counts.unclear }} className="min-w-0.5" /> : null}
      </div>
      <ul className="flex flex-wrap gap-x-5 gap-y-1 text-sm tabular-nums">
        {ORDER.filter((one) => counts[one] > 0).map((one) => (
          <li key={one} className="inline-flex items-center gap-2">
            <span
              aria-hidden
              className={`size-2 rounded-full ${one === 'unclear' ? 'bg-active' : MARKS[WORDS[one][0]]}`}
            />
            {formatCount(counts[one])} {WORDS[one][1]}{' '}
            <span className="text-ink-soft">({formatShare(counts[one], all)})</span>
          </li>
        ))}
      </ul>
      {counts.unclear > 0 ? (
        <p className="max-w-prose text-ink-soft text-xs">
          It cannot be told where App Store Connect gives a number that several builds share or none has here,
          or no device.
        </p>
      ) : null}
      {all > counts.current ? (
        <>
          <div className="flex flex-wrap gap-2">
            <Actions build={build} counts={counts} appId={appId} />
            <Button aria-expanded={isOpen} variant="ghost" onClick={() => setOpen(!isOpen)}>
              {isOpen
                ? 'Hide who it is'
                : `See the ${formatPlural(all - counts.current, 'tester')} without it`}
            </Button>
          </div>
          {isOpen ? <StragglerList appId={appId} build={build} standings={WITHOUT} /> : null}
        </>
      ) : null}
    </section>
  );
}

function Actions({ build, counts, appId }: Target & { appId: string }) {
  const mayWrite = useMay('testers:write');
  const mayTell = useMay('programme:write');
  const maySeeAddresses = useMay('testers:identify');
  const [intent, setIntent] = useState<BulkIntent | null>(null);
  const [isTelling, setTelling] = useState(false);
  const asked = { appId, buildId: build.id };
  const late = counts.behind + counts.accepted;
  const resend = useMutation({
    mutationFn: () => everyStraggler({ ...asked, standings: ['invited'] }),
    onSuccess: (all) =>
      setIntent({
        kind: 'resend-invitations',
        targets: [{ appId, testers: { ids: all.map(({ id }) => id) } }],
      }),
    onError: (error) => void toastError('Who is invited could not be read', error),
  });
  const copy = useMutation({
    mutationFn: async () => {
      const all = await everyStraggler({ ...asked, standings: ['behind', 'accepted'] });
      const addresses = all.flatMap(({ email }) => email ?? []);
      await navigator.clipboard.writeText(addresses.join('\n'));
      return { copied: addresses.length, without: all.length - addresses.length };
    },
    onSuccess: ({ copied, without }) =>
      void toast({
        title: `${formatPlural(copied, 'address', 'addresses')} copied`,
        detail:
          without > 0
            ? `${formatPlural(without, 'tester')} came by public link and gave no e-mail.`
            : undefined,
      }),
    onError: (error) => void toastError('The addresses could not be copied', error),
  });
  return (
    <>
      {mayWrite && counts.invited > 0 ? (
        <Button icon={<Send size={14} aria-hidden />} busy={resend.isPending} onClick={() => resend.mutate()}>
          Resend {formatPlural(counts.invited, 'invitation')}
        </Button>
      ) : null}
      {maySeeAddresses && late > 0 ? (
        <Button icon={<Mail size={14} aria-hidden />} busy={copy.isPending} onClick={() => copy.mutate()}>
          Copy the addresses of {formatPlural(late, 'other')}
        </Button>
      ) : null}
      {mayTell ? (
        <Button icon={<Megaphone size={14} aria-hidden />} onClick={() => setTelling(true)}>
          Notify all testers of it
        </Button>
      ) : null}
      {intent ? <BulkDialog intent={intent} onClose={() => setIntent(null)} /> : null}
      {isTelling ? <NotifyBuild build={build} appId={appId} onClose={() => setTelling(false)} /> : null}
    </>
  );
}
