/** One of two ways to give access. */
export function Way({
  name,
  isChosen,
  onChoose,
  children,
}: {
  name: string;
  isChosen: boolean;
  onChoose: () => void;
  children: string;
}) {
  return (
    <label className="flex items-start gap-2">
      <input
        type="radio"
        name="way"
        checked={isChosen}
        onChange={onChoose}
        className="mt-0.5 size-4 accent-accent"
      />
      <span>
        {name} <span className="text-ink-soft">{children}</span>
      </span>
    </label>
  );
}
