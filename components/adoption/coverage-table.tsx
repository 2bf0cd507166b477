import clsx from 'clsx';
import { ChevronRight } from 'lucide-react';
import Link from 'next/link';
import { Fragment, useState } from 'react';
import type { Gap } from '@/components/links/criteria-draft';
import { useAppBase } from '@/components/shell/use-app-base';
import { deviceName } from '@/lib/format/devices';
import { label } from '@/lib/format/labels';
import { formatCount, formatPlural } from '@/lib/format/numbers';
import { familyOnSystem } from '@/lib/format/recruitment';
import type { Matrix, MatrixCell, MatrixRow } from './matrix';

type Recruit = ((gap: Gap) => void) | undefined;

/** Devices against systems; a family opens into its models, a count leads to its testers, a gap to recruiting. */
export function CoverageTable({
  matrix: { name, systems, families },
  appId,
  onRecruit,
}: {
  matrix: Matrix;
  appId: string;
  onRecruit: Recruit;
}) {
  const [open, setOpen] = useState<readonly string[]>([]);
  const toggle = (family: string) =>
    setOpen((all) => (all.includes(family) ? all.filter((one) => one !== family) : [...all, family]));
  return (
    // A table that scrolls must be reachable by keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: as said above
    <section aria-label={`Testers by device and ${name}`} tabIndex={0} className="overflow-x-auto pb-1">
      <table className="text-sm tabular-nums">
        <thead>
          <tr className="border-b text-ink-soft">
            <th scope="col" className="sticky left-0 z-10 h-8 min-w-32 bg-surface pr-3 text-left font-medium">
              {name}
            </th>
            {systems.map((os) => (
              <th key={os} scope="col" className="min-w-14 px-1 text-center font-medium">
                {os}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {families.map(({ whole, models }) => {
            const isOpen = open.includes(whole.family);
            return (
              <Fragment key={whole.family}>
                <Row row={whole} appId={appId} onRecruit={onRecruit}>
                  {models.length > 0 ? (
                    <button
                      type="button"
                      aria-expanded={isOpen}
                      onClick={() => toggle(whole.family)}
                      className="-ml-1 inline-flex min-h-9 items-center gap-1 rounded-sm px-1 hover:bg-hover"
                    >
                      <ChevronRight size={14} aria-hidden className={clsx(isOpen && 'rotate-90')} />
                      {label(whole.family)}
                      <span className="sr-only">, by model</span>
                    </button>
                  ) : (
                    <span className="pl-4">{label(whole.family)}</span>
                  )}
                </Row>
                {isOpen
                  ? models.map((row) => (
                      <Row key={row.model} row={row} appId={appId} onRecruit={undefined}>
                        <span data-tip={row.model} className="pl-4 text-ink-soft">
                          {deviceName(row.model ?? '')}
                        </span>
                      </Row>
                    ))
                  : null}
              </Fragment>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function Row({
  row,
  appId,
  onRecruit,
  children,
}: {
  row: MatrixRow;
  appId: string;
  onRecruit: Recruit;
  children: React.ReactNode;
}) {
  return (
    <tr className="border-b last:border-b-0">
      <th
        scope="row"
        className="sticky left-0 z-10 h-10 whitespace-nowrap bg-surface pr-3 text-left font-normal"
      >
        {children}
      </th>
      {row.cells.map((cell) => (
        <td key={cell.os} className="p-0.5 text-center">
          <Cell cell={cell} row={row} appId={appId} onRecruit={onRecruit} />
        </td>
      ))}
    </tr>
  );
}

const BOX = 'inline-flex h-9 w-full min-w-12 items-center justify-center rounded-md';

function Cell({
  cell: { os, testers, filter, isGap, offered },
  row: { family, model },
  appId,
  onRecruit,
}: {
  cell: MatrixCell;
  row: MatrixRow;
  appId: string;
  onRecruit: Recruit;
}) {
  const base = useAppBase(appId);
  const where = model === null ? familyOnSystem(family, os) : `${deviceName(model)} with ${os}`;
  if (testers > 0) {
    return (
      <Link
        href={`${base}/testers?${new URLSearchParams(filter)}`}
        prefetch={false}
        aria-label={`${formatPlural(testers, 'tester')} on ${where}`}
        className={clsx(BOX, 'bg-accent-soft text-accent-ink hover:underline')}
      >
        {formatCount(testers)}
      </Link>
    );
  }
  if (isGap && onRecruit && offered)
    return (
      <button
        type="button"
        aria-label={`Nobody on ${where}: recruit`}
        data-tip={`Nobody on ${where}. Recruit some`}
        onClick={() => onRecruit({ deviceFamily: family, osVersion: offered })}
        className={clsx(BOX, 'border border-attention-mark border-dashed text-attention hover:bg-hover')}
      >
        0
      </button>
    );
  return (
    <span className={clsx(BOX, isGap ? 'text-attention' : 'text-ink-faint')}>
      {isGap || model !== null ? (
        <>
          <span aria-hidden>{isGap ? 0 : '·'}</span>
          <span className="sr-only">Nobody</span>
        </>
      ) : (
        <>
          <span aria-hidden>–</span>
          <span className="sr-only">Does not run the app</span>
        </>
      )}
    </span>
  );
}
