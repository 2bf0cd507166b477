import clsx from 'clsx';
import { ExternalLink } from 'lucide-react';
import { applePage } from '@/components/builds/build-steps';
import { buttonClass } from '@/components/ui/button';
import { Dot } from '@/components/ui/status';
import { Time } from '@/components/ui/time';
import type { JobStep } from '@/lib/browser/jobs';
import { isPlanned, itemState } from './job-words';

/** The steps of a job one after the other, each with what became of it or what it would do. */
export function StepList({
  steps,
  waiting,
  isOver = false,
  appId = null,
}: {
  steps: readonly JobStep[];
  /** What the first open step waits for. */
  waiting?: string | undefined;
  /** The job goes no further: what is open stays so. */
  isOver?: boolean;
  /** Whose page at App Store Connect tells why a build was rejected. */
  appId?: string | null;
}) {
  const next = steps.findIndex(({ status }) => status === 'pending');
  return (
    <ol aria-label="Steps" className="grid max-w-3xl">
      {steps.map(({ label, status, code, detail, text, finishedAt }, index) => {
        const isNext = index === next && !isOver;
        const { words, tone } = stateOf({ status, code }, isNext && waiting !== undefined, isOver);
        const said = isNext ? (waiting ?? detail) : detail;
        return (
          <li key={label} className="relative grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 pb-4 last:pb-0">
            {index < steps.length - 1 ? (
              <span aria-hidden className="absolute top-4 bottom-0 left-[3.5px] w-px bg-line" />
            ) : null}
            <span className="flex pt-1.5">
              <Dot tone={tone} isPulsing={status === 'sending'} />
            </span>
            <div className="grid gap-0.5 text-sm">
              <p className="flex flex-wrap justify-between gap-x-4 gap-y-0.5">
                <bdi className="min-w-0 font-medium wrap-anywhere">{label}</bdi>
                <span className="text-ink-soft">
                  {/* A step that is planned says what it would do, or that it would be left out. */}
                  {code === 'FLIGHTDECK.PLANNED' ? null : words}
                  {finishedAt && !isPlanned(code) ? (
                    <>
                      {' '}
                      <Time at={finishedAt} />
                    </>
                  ) : null}
                </span>
              </p>
              {said ? <p className="max-w-prose text-pretty text-ink-soft wrap-anywhere">{said}</p> : null}
              {text === null ? null : (
                <blockquote
                  dir="auto"
                  className="max-w-prose whitespace-pre-line border-s-2 ps-3 wrap-anywhere"
                >
                  {text}
                </blockquote>
              )}
              {code === 'FLIGHTDECK.REJECTED' && appId ? (
                <a
                  href={applePage(appId, null)}
                  target="_blank"
                  rel="noreferrer"
                  className={clsx(buttonClass('secondary', 'sm'), 'w-fit')}
                >
                  Read why
                  <ExternalLink size={13} aria-hidden />
                  <span className="sr-only">in App Store Connect (opens a new tab)</span>
                </a>
              ) : null}
            </div>
          </li>
        );
      })}
    </ol>
  );
}

function stateOf({ status, code }: Pick<JobStep, 'status' | 'code'>, isWaiting: boolean, isOver: boolean) {
  const state = itemState(status, code);
  if (status === 'failed') return { ...state, words: 'Stopped' };
  if (status === 'pending')
    return { ...state, words: isOver ? 'Not reached' : isWaiting ? 'Waiting' : 'To come' };
  return state;
}
