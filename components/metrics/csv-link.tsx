import { Download } from 'lucide-react';
import { buttonClass } from '@/components/ui/button';
import { type Asked, metricsFileHref } from '@/lib/browser/metrics';

/** The table beside a chart as a file. */
export function CsvLink({ of, what, asked }: { of: string; what: string; asked: Asked }) {
  return (
    <a
      href={metricsFileHref(of, asked)}
      download
      aria-label={`${what} as CSV`}
      className={buttonClass('ghost', 'sm')}
    >
      <Download size={14} aria-hidden />
      CSV
    </a>
  );
}
