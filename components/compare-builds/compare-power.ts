import { type PowerRow, powerRows, versionsOf } from '@/components/diagnostics/power-rows';
import type { PowerReport } from '@/lib/browser/diagnostics';
import { formatFigure } from '@/lib/format/numbers';
import { powerName } from '@/lib/format/power';

interface OfBuild {
  readonly report: PowerReport | undefined;
  readonly version: string | null | undefined;
}

const SHOWN = { device: 'all_iphones', percentile: 'percentile.fifty' };

/** The power figures that are told of either build's version, each in words; what is not told is a dash. */
export function comparePower(left: OfBuild, right: OfBuild): { term: string; left: string; right: string }[] {
  const [one, other] = [figuresOf(left), figuresOf(right)];
  const terms = [...new Set([...one.keys(), ...other.keys()])];
  return terms.map((term) => ({ term, left: one.get(term) ?? '–', right: other.get(term) ?? '–' }));
}

function figuresOf({ report = {}, version }: OfBuild): Map<string, string> {
  const at = version == null ? -1 : versionsOf(report).indexOf(version);
  return new Map(
    powerRows(report, SHOWN).flatMap((row) => {
      const point = row.points[at];
      return point ? [[powerName(row), wordsOf(row, point.value)] as const] : [];
    }),
  );
}

const wordsOf = ({ unit }: PowerRow, value: number) => `${formatFigure(value)} ${unit}`.trim();
