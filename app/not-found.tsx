import { WayBack } from '@/components/shell/way-back';
import { buttonClass } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';

export const metadata = { title: 'Not found' };

/** An address that leads nowhere. */
export default function NotFound() {
  return (
    <div className="pt-16">
      <EmptyState isPage title="There is nothing here" action={<WayBack looks={buttonClass()} />}>
        The address is wrong, or what was here is gone from App Store Connect.
      </EmptyState>
    </div>
  );
}
