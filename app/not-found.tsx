import { buttonClass } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';

export const metadata = { title: 'Not found' };

/** An address that leads nowhere. */
export default function NotFound() {
  return (
    <div className="pt-16">
      {/* A plain link: a component for it would be loaded with every page, for a page that hardly anybody sees. */}
      <EmptyState
        title="There is nothing here"
        action={
          <a href="/" className={buttonClass()}>
            All apps
          </a>
        }
      >
        The address is wrong, or what was here is gone from App Store Connect.
      </EmptyState>
    </div>
  );
}
