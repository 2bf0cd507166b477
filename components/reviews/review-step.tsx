import { ExternalLink } from 'lucide-react';
import { applePage, nextStepOf } from '@/components/builds/build-steps';
import { buildName } from '@/components/builds/build-words';
import { useMay } from '@/components/shell/known';
import { Button, buttonClass } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { programmeNow } from '@/lib/browser/programme-now';
import type { BuildResource } from '@/lib/browser/types';
import { homeOf } from '@/lib/format/app-address';
import { label } from '@/lib/format/labels';

/** What a row of the queue opens: a build is sent to review, or taken out of it. */
export interface ReviewDialog {
  readonly kind: 'submit' | 'expire';
  readonly build: BuildResource;
}

const VERBS: Readonly<Record<string, string>> = { notify: 'Notify testers', give: 'Add to groups' };

/** Where a build has its page. */
export function buildPath({ id, meta }: BuildResource): string {
  return `${homeOf(meta?.appId ?? '', meta)}/builds/${encodeURIComponent(id)}`;
}

/** What can be done about a row now. */
export function ReviewStep({
  build,
  onOpen,
}: {
  build: BuildResource;
  onOpen: (dialog: ReviewDialog) => void;
}) {
  const mayWrite = useMay('programme:write');
  const { state } = build.meta?.review ?? {};
  if (state === 'REJECTED') return <Rejected build={build} onOpen={onOpen} mayWrite={mayWrite} />;
  if (state === 'APPROVED') {
    const step = nextStepOf(build, build.meta?.appId ?? '', { at: programmeNow() });
    return <Open build={build} words={VERBS[step?.kind ?? ''] ?? 'Open build'} />;
  }
  return mayWrite ? (
    <Button size="sm" onClick={() => onOpen({ kind: 'expire', build })}>
      Withdraw…
    </Button>
  ) : (
    <Open build={build} words="Open build" />
  );
}

function Open({ build, words }: { build: BuildResource; words: string }) {
  return (
    <ButtonLink size="sm" href={buildPath(build)} prefetch={false}>
      {words}
    </ButtonLink>
  );
}

/** The reasons, which Apple's page alone has, and the build that is to come instead. */
function Rejected({
  build,
  onOpen,
  mayWrite,
}: {
  build: BuildResource;
  onOpen: (dialog: ReviewDialog) => void;
  mayWrite: boolean;
}) {
  const next = successorOf(build);
  const state = next?.meta?.externalBuildState;
  const isReady = state === 'READY_FOR_BETA_SUBMISSION';
  const name = next ? buildName(next) : '';
  return (
    <span className="flex items-center gap-2 max-sm:flex-wrap">
      <a
        href={applePage(build.meta?.appId ?? '', build.meta?.platform)}
        target="_blank"
        rel="noreferrer"
        data-tip="App Store Connect’s API gives no reasons: its own page does."
        className={buttonClass('secondary', 'sm')}
      >
        Read why
        <ExternalLink size={13} aria-hidden />
        <span className="sr-only"> in App Store Connect (opens a new tab)</span>
      </a>
      {next && isReady && mayWrite ? (
        <Button
          size="sm"
          aria-label={`Submit ${name} for beta review`}
          data-tip={name}
          onClick={() => onOpen({ kind: 'submit', build: next })}
        >
          Submit next…
        </Button>
      ) : next ? (
        <ButtonLink
          size="sm"
          href={buildPath(next)}
          prefetch={false}
          aria-label={`See ${name}`}
          data-tip={state ? `${name}: ${label(state)}` : name}
        >
          See next
        </ButtonLink>
      ) : (
        <Open build={build} words="Open build" />
      )}
    </span>
  );
}

/** The build that came after a rejected one, of the same app, account and platform. */
function successorOf({ meta }: BuildResource): BuildResource | null {
  const next = meta?.review?.next;
  if (!next) return null;
  const { id, version, ...known } = next;
  const { accountId, accountName, appId, platform } = meta;
  return {
    ...{ type: 'builds', id, attributes: { version } },
    meta: {
      ...known,
      ...(accountId === undefined ? {} : { accountId }),
      ...(accountName === undefined ? {} : { accountName }),
      ...(appId === undefined ? {} : { appId }),
      ...(platform === undefined ? {} : { platform }),
    },
  };
}
