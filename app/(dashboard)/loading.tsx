import { Page } from '@/components/shell/page';
import { ListSkeleton, Skeleton } from '@/components/ui/skeleton';

/** What stands in for a page on its way. */
export default function Loading() {
  return (
    <Page>
      <Skeleton className="mb-6 h-7 w-48" />
      <ListSkeleton />
    </Page>
  );
}
