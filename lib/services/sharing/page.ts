import { languageTag } from '@/lib/format/feedback';
import { escapedHtml } from '@/lib/format/html';
import type { Fact } from '../hand-over/told';
import { visible } from '../hand-over/told';
import type { SharedPage } from './shares';

const html = (text: string) => escapedHtml(visible(text));

const STYLE = `
  :root { color-scheme: light dark; --ink: #1b1e26; --soft: #565c6b; --line: #d9dce3; --ground: #fff; --sunken: #f5f6f8; }
  @media (prefers-color-scheme: dark) { :root { --ink: #e8eaf0; --soft: #a4aab8; --line: #343945; --ground: #14161c; --sunken: #1c1f27; } }
  * { box-sizing: border-box; }
  body { margin: 0; background: var(--ground); color: var(--ink); font: 0.9375rem/1.5 system-ui, sans-serif; }
  main { max-width: 52rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
  h1 { font-size: 1.375rem; line-height: 1.3; margin: 0 0 0.25rem; overflow-wrap: anywhere; }
  h2 { font-size: 1.0625rem; margin: 2rem 0 0.5rem; }
  p { margin: 0 0 0.5rem; }
  .soft { color: var(--soft); font-size: 0.875rem; }
  blockquote { margin: 1.25rem 0 0; padding: 0.75rem 1rem; border: 1px solid var(--line); border-radius: 0.375rem; white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate; }
  dl { display: grid; grid-template-columns: 8.5rem minmax(0, 1fr); gap: 0.375rem 1rem; margin: 0; }
  dt { color: var(--soft); }
  dd { margin: 0; overflow-wrap: anywhere; }
  .calls { overflow-x: auto; border: 1px solid var(--line); border-radius: 0.375rem; background: var(--sunken); }
  pre { margin: 0; padding: 0.75rem; font: 0.75rem/1.6 ui-monospace, monospace; width: max-content; min-width: 100%; }
  .own { font-weight: 600; }
  img { display: block; max-width: 100%; max-height: 40rem; height: auto; margin: 0 0 1rem; border: 1px solid var(--line); border-radius: 0.375rem; }
`;

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow, noarchive">
<meta name="referrer" content="no-referrer">
<title>${html(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}

/** The page of a share link: everything in it, no script, nothing to be asked but its pictures. */
export function sharedHtml({ told, expiresAt }: SharedPage, token: string): string {
  const { title, comment, locale, crash, crashTrouble, pictures, drawings } = told;
  const until = `${new Date(expiresAt).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const language = languageTag(locale) ?? '';
  const shown = comment?.replace(/\s+/g, ' ').trim() === title ? null : comment;
  return page(
    title,
    [
      `<h1 dir="auto">${html(title)}</h1>`,
      `<p class="soft">Shared from Flightdeck until ${until}. E-mail addresses are masked.</p>`,
      shown === null || shown === undefined
        ? ''
        : `<blockquote dir="auto"${language === '' ? '' : ` lang="${html(language)}"`}>${html(shown)}</blockquote>`,
      pictures.length === 0
        ? ''
        : `<h2>${pictures.length === 1 ? 'Screenshot' : 'Screenshots'}</h2>\n${pictures.map((position) => [picture(token, position), ...drawn(token, position, drawings)].join('\n')).join('\n')}`,
      crash ? crashHtml(crash) : crashTrouble === null ? '' : `<h2>Crash</h2>\n<p>${html(crashTrouble)}</p>`,
      `<h2>Facts</h2>\n${facts(told.facts)}`,
    ]
      .filter((part) => part !== '')
      .join('\n'),
  );
}

const picture = (token: string, position: number) =>
  `<img src="/share/${encodeURIComponent(token)}/pictures/${position}" alt="Screenshot ${position + 1}" loading="lazy">`;

const drawn = (token: string, position: number, drawings: SharedPage['told']['drawings']) =>
  drawings
    .filter((one) => one.position === position)
    .map(
      ({ id }) =>
        `<img src="/share/${encodeURIComponent(token)}/drawings/${encodeURIComponent(id)}" alt="Screenshot ${position + 1} with a drawing on it" loading="lazy">`,
    );

function crashHtml({ why, thread, frames, own }: NonNullable<SharedPage['told']['crash']>): string {
  const mine = new Set(own);
  const lines = frames.map((frame) =>
    mine.has(frame) ? `<span class="own">${html(frame)}</span>` : html(frame),
  );
  const calls =
    lines.length === 0
      ? ''
      : `<h3 class="soft">${html(thread)}</h3>\n<div class="calls" role="region" aria-label="${html(thread)}" tabindex="0"><pre>${lines.join('\n')}</pre></div>`;
  return `<h2>Crash</h2>\n${facts(why)}\n${calls}`;
}

const facts = (given: readonly Fact[]) =>
  given.length === 0
    ? ''
    : `<dl>${given.map(([name, value]) => `<dt>${html(name)}</dt><dd dir="auto">${html(value)}</dd>`).join('')}</dl>`;

/** What a link answers that opens nothing, whatever the reason. */
export function overHtml(): string {
  return page(
    'This link is over',
    '<h1>This link is over</h1>\n<p>It has expired, was revoked, or never was. Ask whoever gave it to you for a new one.</p>',
  );
}
