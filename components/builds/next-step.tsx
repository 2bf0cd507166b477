import { ExternalLink } from 'lucide-react';
import Link from 'next/link';
import { useMay } from '@/components/shell/known';
import { useAppBase } from '@/components/shell/use-app-base';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import type { BuildResource } from '@/lib/browser/types';
import type { BuildDialog } from './about-build';
import { isInReview, type Step, type StepKind } from './build-steps';

/** What a step opens on the page, where it is done here. */
const DIALOGS: Readonly<Partial<Record<StepKind, readonly [dialog: BuildDialog, verb: string]>>> = {
  compliance: ['compliance', 'Answer export compliance'],
  submit: ['submit', 'Submit for beta review'],
  give: ['groups', 'Add to groups'],
  notify: ['notify', 'Notify testers'],
};

/** The next step of a build, with the button that does it or the way to where it is done. */
export function NextStep({
  build,
  step,
  appId,
  onOpen,
}: {
  build: BuildResource;
  step: Step;
  appId: string;
  onOpen: (dialog: BuildDialog) => void;
}) {
  const mayWrite = useMay('programme:write');
  const base = useAppBase(appId);
  const [dialog, verb] = DIALOGS[step.kind] ?? [];
  const version = build.meta?.trainVersion;
  return (
    <section
      aria-label="Next step"
      className="mb-6 flex flex-wrap items-center justify-between gap-3 rounded-md border p-4 text-sm"
    >
      <div className="grid min-w-0 flex-1 basis-72 gap-1">
        <h2 className="font-semibold text-base">Next step</h2>
        <p
          role={step.kind === 'settling' ? 'status' : undefined}
          className="max-w-prose text-pretty text-ink-soft"
        >
          {step.words}
        </p>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        {dialog && verb && mayWrite ? (
          <Button variant="primary" onClick={() => onOpen(dialog)}>
            {verb}
          </Button>
        ) : null}
        {step.kind === 'waiting' && isInReview(build) && mayWrite ? (
          <Button onClick={() => onOpen('expire')}>Withdraw from review</Button>
        ) : null}
        {step.kind === 'expiring' || step.kind === 'expired' ? (
          <ButtonLink href={`${base}/builds?expired=false`} prefetch={false}>
            See the builds that can be tested
          </ButtonLink>
        ) : null}
        {step.kind === 'rejected' && version ? (
          <Link
            href={`${base}/builds?preReleaseVersion.version=${encodeURIComponent(version)}`}
            prefetch={false}
            className="rounded-sm text-accent-ink underline"
          >
            Other builds of {version}
          </Link>
        ) : null}
        {step.href ? (
          <a
            href={step.href}
            target="_blank"
            rel="noreferrer"
            className="inline-flex w-fit items-center gap-1.5 rounded-sm text-accent-ink underline"
          >
            {step.link}
            <ExternalLink size={13} aria-hidden className="shrink-0" />
            <span className="sr-only"> (opens a new tab)</span>
          </a>
        ) : null}
      </div>
    </section>
  );
}
