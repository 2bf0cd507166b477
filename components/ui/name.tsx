/** A name somebody else chose: isolated, so that right-to-left text and overrides leave their surroundings alone. */
export function Name({ children, className }: { children: string | null | undefined; className?: string }) {
  return (
    <bdi dir="auto" className={className}>
      {children?.trim() ? children : <span className="text-ink-faint italic">Unnamed</span>}
    </bdi>
  );
}
