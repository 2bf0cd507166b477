'use client';

import clsx from 'clsx';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import type { ShownReport } from '@/lib/browser/feedback';
import { crashTime, whyEnded } from '@/lib/format/feedback';
import { formatPlural } from '@/lib/format/numbers';

type Frame = ShownReport['stack'][number];

/** What a crash log says: why it ended, the stack that tells it, and everything else at hand. */
export function CrashStack({ report }: { report: ShownReport }) {
  const { applicationInfo, stack, threads, registers, images } = report;
  const [isWhole, setWhole] = useState(false);
  const own = stack.filter(({ isInApp }) => isInApp);
  const shown = isWhole || own.length === 0 ? stack : own;
  const why: readonly (readonly [string, string])[] = [
    ...whyEnded(report),
    ['Said', applicationInfo.flatMap(({ lines }) => lines).join('\n')],
    [
      'Process',
      [report.process.name, report.process.version && `${report.process.version}`].filter(Boolean).join(' '),
    ],
    ['Crashed', crashTime(report.crashedAt)],
  ];
  return (
    <div className="grid gap-4">
      {report.isCut ? (
        <p className="text-ink-soft text-sm">The log ends before it is whole; this is what could be read.</p>
      ) : null}
      <dl className="grid grid-cols-[6rem_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-sm">
        {why
          .filter(([, words]) => words !== '')
          .map(([name, words]) => (
            <div key={name} className="contents">
              <dt className="text-ink-soft">{name}</dt>
              <dd dir="auto" className="min-w-0 max-h-40 overflow-y-auto whitespace-pre-wrap wrap-anywhere">
                {words}
              </dd>
            </div>
          ))}
      </dl>
      {stack.length > 0 ? (
        <div className="grid gap-2">
          <div className="flex flex-wrap items-center justify-between gap-2">
            <h3 className="font-medium text-sm">
              {report.crashedThread === null ? 'The stack' : `Thread ${report.crashedThread}`}
            </h3>
            {own.length > 0 && own.length < stack.length ? (
              <Button size="sm" aria-pressed={isWhole} onClick={() => setWhole(!isWhole)}>
                {isWhole
                  ? 'Only the app’s own code'
                  : `Show the other ${formatPlural(stack.length - own.length, 'call')}`}
              </Button>
            ) : null}
          </div>
          <Frames frames={shown} label="The stack that tells what happened" />
        </div>
      ) : report.kind === 'crash' && report.crashedThread !== null ? (
        <p className="text-ink-soft text-sm">
          The log does not hold the calls of thread {report.crashedThread}, which crashed.
        </p>
      ) : null}
      {threads.length > 1 ? (
        <Folded title={`All threads (${report.threadCount})`}>
          <div className="grid gap-3">
            {threads.map((thread) => (
              <Folded
                key={thread.number}
                title={`Thread ${thread.number}${thread.name ? ` · ${thread.name}` : ''}${thread.queue ? ` · ${thread.queue}` : ''}${thread.isCrashed ? ' · crashed' : ''}`}
              >
                <Frames frames={thread.frames} label={`Thread ${thread.number}`} />
                {thread.depth > thread.frames.length ? (
                  <p className="text-ink-soft text-xs">
                    {formatPlural(thread.depth - thread.frames.length, 'more call')} in the log
                  </p>
                ) : null}
              </Folded>
            ))}
          </div>
        </Folded>
      ) : null}
      {registers.length > 0 ? (
        <Folded title="Registers">
          <dl className="grid grid-cols-[repeat(auto-fill,minmax(14rem,1fr))] gap-x-6 gap-y-1 font-mono text-xs">
            {registers.map(([name, value]) => (
              <div key={name} className="flex justify-between gap-3">
                <dt className="text-ink-soft">{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </Folded>
      ) : null}
      {images.length > 0 ? (
        <Folded title={`Binary images (${report.imageCount})`}>
          <Scrolling label="Binary images">
            <table className="font-mono text-xs">
              <thead>
                <tr className="text-left text-ink-soft">
                  <th scope="col" className="pr-4 font-normal">
                    Name
                  </th>
                  <th scope="col" className="pr-4 font-normal">
                    Slice
                  </th>
                  <th scope="col" className="pr-4 font-normal">
                    UUID
                  </th>
                </tr>
              </thead>
              <tbody>
                {images.map((image) => (
                  <tr key={`${image.name} ${image.uuid} ${image.base}`}>
                    <th scope="row" className="whitespace-nowrap pr-4 text-left font-normal">
                      {image.name}
                    </th>
                    <td className="whitespace-nowrap pr-4">{image.arch ?? '–'}</td>
                    <td className="whitespace-nowrap pr-4">{image.uuid ?? '–'}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scrolling>
        </Folded>
      ) : null}
    </div>
  );
}

function Frames({ frames, label }: { frames: readonly Frame[]; label: string }) {
  return (
    <Scrolling label={label}>
      <ol className="grid min-w-max py-2 font-mono text-xs" dir="ltr">
        {frames.map((frame, at) => (
          // Inlined calls share the number of the one they stand in.
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: frames never change their places
            key={at}
            className={clsx('flex gap-3 px-3 py-0.5', frame.isInApp ? 'text-ink' : 'text-ink-soft')}
          >
            <span className="w-7 shrink-0 text-right text-ink-faint">{frame.index}</span>
            <span className="w-40 shrink-0 truncate" data-tip={frame.binary ?? undefined}>
              {frame.binary ?? '–'}
            </span>
            <span className={clsx(frame.isInApp && 'font-semibold')}>
              {frame.name ?? frame.address ?? '–'}
              {frame.isInlined ? <span className="font-normal text-ink-faint"> inlined</span> : null}
              {frame.file ? (
                <span className="font-normal text-ink-faint">
                  {' '}
                  {frame.file}
                  {frame.line === null ? '' : `:${frame.line}`}
                </span>
              ) : null}
            </span>
          </li>
        ))}
      </ol>
    </Scrolling>
  );
}

function Scrolling({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    // What scrolls must be reachable by keyboard.
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: as said above
      tabIndex={0}
      className="max-h-[32rem] overflow-auto rounded-md border bg-sunken"
    >
      {children}
    </section>
  );
}

/** Thousands of lines of which most are never looked at: they are drawn once somebody unfolds them. */
function Folded({ title, children }: { title: string; children: React.ReactNode }) {
  const [wasOpen, setOpen] = useState(false);
  return (
    <details className="group" onToggle={({ currentTarget }) => currentTarget.open && setOpen(true)}>
      <summary className="w-fit cursor-pointer rounded-sm text-sm wrap-anywhere hover:text-accent-ink">
        {title}
      </summary>
      {wasOpen ? <div className="mt-2 grid gap-2">{children}</div> : null}
    </details>
  );
}
