import { Columns2, MoreHorizontal, Trash2 } from 'lucide-react';
import { buttonClass } from '@/components/ui/button';
import { Menu } from '@/components/ui/menu';

/** What is done rarely with a build; `onExpire` is absent where it cannot be. */
export function MoreToDo({
  onCompare,
  onExpire,
}: {
  onCompare: () => void;
  onExpire: (() => void) | undefined;
}) {
  const compare = {
    ...{ id: 'compare', label: 'Compare with another build' },
    icon: <Columns2 size={14} aria-hidden />,
    onSelect: onCompare,
  };
  const expire = {
    ...{ id: 'expire', label: 'Expire build', danger: true },
    icon: <Trash2 size={14} aria-hidden />,
  };
  return (
    <Menu
      label="More to do with the build"
      align="end"
      className={buttonClass('secondary', 'md', 'px-2')}
      entries={[compare, ...(onExpire ? [{ ...expire, onSelect: onExpire }] : [])]}
    >
      <MoreHorizontal size={16} aria-hidden />
    </Menu>
  );
}
