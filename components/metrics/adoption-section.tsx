'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { CourseFigure } from '@/components/adoption/course-figure';
import { useAppBase } from '@/components/shell/use-app-base';
import { ErrorWords } from '@/components/ui/error-state';
import { Section } from '@/components/ui/section';
import { Skeleton } from '@/components/ui/skeleton';
import { type Asked, courseOptions } from '@/lib/browser/metrics';
import { CsvLink } from './csv-link';

/** Which share of an app's devices had which build on each day of the range. */
export default function AdoptionSection({ asked }: { asked: Asked }) {
  const { data, error } = useQuery(courseOptions(asked));
  const base = useAppBase(asked.appId ?? '');
  return (
    <Section
      title="Adoption"
      action={
        <span className="flex items-center gap-2">
          <CsvLink of="adoption" what="Adoption" asked={asked} />
          <Link href={`${base}/adoption`} prefetch={false} className="text-accent-ink text-sm underline">
            Who is not on the newest build
          </Link>
        </span>
      }
    >
      {error ? <ErrorWords error={error} /> : null}
      {data ? <CourseFigure course={data.data} /> : error ? null : <Skeleton className="h-60 w-full" />}
    </Section>
  );
}
