'use client';

export type Theme = 'system' | 'light' | 'dark';
/** What each theme is called. */
export const THEMES: Readonly<Record<Theme, string>> = {
  system: 'As the system',
  light: 'Light',
  dark: 'Dark',
};
export const THEME_COOKIE = 'fd-theme';
const YEAR_SECONDS = 31_536_000;

/** Wears a theme at once and remembers it for the next request, which then needs no script to be right. */
export function setTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  // biome-ignore lint/suspicious/noDocumentCookie: the server must read it with the next request
  document.cookie = `${THEME_COOKIE}=${theme}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
}

/** The theme chosen, as the page wears it. */
export function currentTheme(): Theme {
  const { theme } = document.documentElement.dataset;
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}
