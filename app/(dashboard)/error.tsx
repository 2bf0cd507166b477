'use client';

import dynamic from 'next/dynamic';

// Every page carries this file; what it shows is fetched only when a page fails.
const PageError = dynamic(() => import('@/components/shell/page-error').then((module) => module.PageError));

/** A page inside the shell that failed; the way to the other pages stays. */
export default function PageFailed(props: { error: Error & { digest?: string }; reset: () => void }) {
  return <PageError {...props} />;
}
