/** What of a page that can be moved sideways reaches beyond the screen, the innermost first; nothing where it cannot. Runs in the page. */
export function besideTheScreen(): string[] {
  const width = window.innerWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const beyond = [...document.querySelectorAll('body *')].filter(
    (one) => one.getBoundingClientRect().right + window.scrollX > width,
  );
  return [
    'the page',
    ...beyond
      .slice(-5)
      .map((one) => one.outerHTML.slice(0, 300))
      .reverse(),
  ];
}
