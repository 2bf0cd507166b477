import type { Upload } from '@/lib/browser/uploads';

/** What Apple found in an upload, in its own words; errors first. */
export function UploadProblems({ problems }: { problems: Upload['problems'] }) {
  if (problems.length === 0) return null;
  return (
    <ul className="grid max-w-prose gap-1">
      {problems.map(({ kind, code, description }) => (
        <li key={`${kind} ${code} ${description}`} className="wrap-anywhere">
          <span className={kind === 'error' ? 'font-medium text-bad' : 'font-medium text-attention'}>
            {kind === 'error' ? 'Error' : 'Warning'}
            {code === null ? '' : ` ${code}`}:
          </span>{' '}
          <bdi>{description}</bdi>
        </li>
      ))}
    </ul>
  );
}
