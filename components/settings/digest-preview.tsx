'use client';

import { useQuery } from '@tanstack/react-query';
import { ErrorState } from '@/components/ui/late-error';
import { digestPreviewOptions } from '@/lib/browser/digest';

/** The mail as it would be sent, in a frame that runs nothing, and as text. */
export default function DigestPreview() {
  const { data, error, refetch } = useQuery(digestPreviewOptions());
  if (error && !data)
    return <ErrorState title="It could not be made" error={error} onRetry={() => void refetch()} />;
  if (!data) return <p className="text-ink-soft text-sm">Writing …</p>;
  const { subject, html, text } = data.data;
  return (
    <div className="grid gap-3">
      <p className="text-sm">
        <span className="text-ink-soft">Subject:</span> <bdi className="font-medium">{subject}</bdi>
      </p>
      <iframe
        title="The mail"
        sandbox=""
        srcDoc={html}
        className="h-[60vh] w-full rounded-md border bg-white"
      />
      <details className="text-sm">
        <summary className="cursor-pointer py-1">As plain text</summary>
        <pre className="whitespace-pre-wrap break-words rounded-md border p-3">{text}</pre>
      </details>
    </div>
  );
}
