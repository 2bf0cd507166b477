/** The product's own sign. */
export function Mark() {
  return (
    <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
      <rect width="20" height="20" rx="5" fill="var(--accent)" />
      <path d="M4.5 11.2 15.5 5l-3.6 10.2-2.5-3.4z" fill="var(--on-accent)" />
    </svg>
  );
}
