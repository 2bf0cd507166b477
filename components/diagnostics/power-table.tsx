import clsx from 'clsx';
import { useState } from 'react';
import type { PowerReport } from '@/lib/browser/diagnostics';
import { formatFigure } from '@/lib/format/numbers';
import { powerName } from '@/lib/format/power';
import {
  devicesOf,
  type PowerChoice,
  type PowerPoint,
  percentilesOf,
  powerRows,
  versionsOf,
} from './power-rows';

/** Figures of launch, hangs, memory, disk and the rest, version beside version, of one device at a time. */
export function PowerTable({ report, version }: { report: PowerReport; version: string | null }) {
  const devices = devicesOf(report);
  const percentiles = percentilesOf(report);
  const [chosenDevice, setDevice] = useState('');
  const [chosenPercentile, setPercentile] = useState('');
  const device = chosenDevice || (devices[0]?.value ?? '');
  const percentile = chosenPercentile || (percentiles[0]?.value ?? '');
  const versions = versionsOf(report);
  const rows = powerRows(report, { device, percentile });
  if (rows.length === 0)
    return (
      <p className="text-ink-soft text-sm">
        None is told. App Store Connect gathers figures of builds that many people use, and only from devices
        whose owners share them: that none is told does not mean that all is well.
      </p>
    );
  const regressions = report.insights?.regressions ?? [];
  return (
    <div className="grid gap-3">
      {regressions.map(({ summaryString, populations }) => (
        <p key={summaryString} className="text-attention text-sm">
          <bdi>{summaryString}</bdi>{' '}
          {(populations ?? []).map((one) => (
            <bdi key={one.summaryString} className="text-ink-soft">
              {one.summaryString}.{' '}
            </bdi>
          ))}
        </p>
      ))}
      <div className="flex flex-wrap gap-2">
        <Choice name="Device" value={device} choices={devices} onChange={setDevice} />
        <Choice name="Of all devices" value={percentile} choices={percentiles} onChange={setPercentile} />
      </div>
      {/* A table that scrolls must be reachable by keyboard. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: as said above */}
      <section aria-label="Power and performance, as a table" tabIndex={0} className="overflow-x-auto">
        <table className="w-full text-sm tabular-nums">
          <thead>
            <tr className="border-b text-ink-soft">
              <th scope="col" className="sticky left-0 h-8 bg-surface pr-3 text-left font-medium">
                Figure
              </th>
              {versions.map((one) => (
                <th
                  key={one}
                  scope="col"
                  className={clsx(
                    'whitespace-nowrap pl-4 text-right font-medium',
                    one === version && 'text-ink',
                  )}
                >
                  {one}
                  {one === version ? <span className="sr-only">, this build’s version</span> : null}
                </th>
              ))}
              <th scope="col" className="whitespace-nowrap pl-4 text-right font-medium">
                Apple’s goal
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={`${row.category} ${row.metric}`} className="border-b last:border-b-0">
                <th scope="row" className="sticky left-0 h-9 min-w-36 bg-surface pr-3 text-left font-normal">
                  {powerName(row)} <span className="text-ink-soft">{row.unit}</span>
                </th>
                {row.points.map((point, at) => (
                  <td
                    key={versions[at]}
                    className={clsx(
                      'whitespace-nowrap pl-4 text-right',
                      versions[at] === version && 'font-medium',
                    )}
                  >
                    <Figure point={point} />
                  </td>
                ))}
                <td className="whitespace-nowrap pl-4 text-right text-ink-soft">
                  {row.goal === null ? '–' : `≤ ${formatFigure(row.goal)}`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}

function Figure({ point }: { point: PowerPoint | undefined }) {
  if (!point)
    return (
      <>
        <span aria-hidden className="text-ink-faint">
          –
        </span>
        <span className="sr-only">Not told</span>
      </>
    );
  const isPoor = point.goal === 'poor';
  return (
    <span
      data-tip={point.errorMargin === null ? undefined : `± ${formatFigure(point.errorMargin)}`}
      className={isPoor ? 'text-attention' : undefined}
    >
      {formatFigure(point.value)}
      {isPoor ? <span className="sr-only">, poor</span> : null}
    </span>
  );
}

function Choice({
  name,
  value,
  choices,
  onChange,
}: {
  name: string;
  value: string;
  choices: readonly PowerChoice[];
  onChange: (value: string) => void;
}) {
  return (
    <label className="grid gap-1 text-ink-soft text-xs">
      {name}
      <select
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="field h-9 px-2 text-ink text-sm"
      >
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </label>
  );
}
