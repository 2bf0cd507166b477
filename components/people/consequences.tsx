/** What is taken away by something done to many, and what is good to know before. */
export function Consequences({
  takesAway,
  warnings,
}: {
  takesAway: readonly string[];
  warnings: readonly string[];
}) {
  return (
    <>
      {takesAway.length > 0 ? (
        <ul
          aria-label="What this takes away"
          className="grid gap-1 rounded-md border border-bad bg-bad-soft p-3 text-bad text-sm"
        >
          {takesAway.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      ) : null}
      {warnings.length > 0 ? (
        <ul
          aria-label="Good to know"
          className="grid gap-1 rounded-md bg-attention-soft p-3 text-attention text-sm"
        >
          {warnings.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      ) : null}
    </>
  );
}
