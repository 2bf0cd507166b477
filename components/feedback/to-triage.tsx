/** The id of what stands beside a report on a wide screen, and far below it on a narrow one. */
export const TRIAGE = 'triage';

/** Leads a narrow screen to status, assignee and what else is decided. */
export const ToTriage = () => (
  <a href={`#${TRIAGE}`} className="text-accent-ink underline xl:hidden">
    Decide
  </a>
);
