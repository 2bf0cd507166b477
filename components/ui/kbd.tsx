import { keysHere } from './keys-here';

/** A key to press. Not for what the server draws, which does not know the keyboard. */
export function Kbd({ children }: { children: string }) {
  return (
    <kbd className="inline-flex h-5 min-w-5 items-center justify-center rounded-sm border bg-sunken px-1 font-sans text-ink-soft text-xs">
      {keysHere(children)}
    </kbd>
  );
}
