import { escapedHtml as escaped } from '@/lib/format/html';
import type { Digest, Line } from './compose';

const MARK: Readonly<Record<Line['level'], string>> = { red: 'RED', amber: 'AMBER', out: 'over' };

/** A digest as plain text. */
export function digestText({ intro, sections, columns, apps, foot }: Digest): string {
  const parts = [
    intro.join('\n'),
    ...sections.map(({ title, lines, more }) =>
      [
        title.toUpperCase(),
        ...lines.map(
          ({ level, text, link }) =>
            `- [${MARK[level]}] ${text}${link ? `\n  ${link.label}: ${link.href}` : ''}`,
        ),
        ...(more > 0 ? [`… and ${more} more on the health page.`] : []),
      ].join('\n'),
    ),
    ...(apps.length === 0
      ? []
      : [
          [
            'APPS',
            ...apps.map(({ cells: [name, ...figures] }) =>
              [name, ...figures.map((figure, at) => `  ${columns[at + 1]}: ${figure}`)].join('\n'),
            ),
          ].join('\n'),
        ]),
    foot.map(({ text, href }) => (href ? `${text}: ${href}` : text)).join('\n'),
  ];
  return `${parts.join('\n\n')}\n`;
}

// Readable on white and on black, for mail clients turn colours as they like.
const COLOURS: Readonly<Record<Line['level'], string>> = { red: '#d92d20', amber: '#b97509', out: '#2e8b57' };
const SOFT = 'color:#767b86';
const FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const RULE = 'border-bottom:1px solid #9aa0ab55';

const link = (href: string, text: string) =>
  `<a href="${escaped(href)}" style="color:#5b6ee1">${escaped(text)}</a>`;
const bdi = (text: string) => `<bdi>${escaped(text)}</bdi>`;

/** A digest as HTML that needs neither pictures nor a style sheet; tables alone, for mail programs know little else. */
export function digestHtml({ subject, intro, sections, columns, apps, foot }: Digest): string {
  const body = [
    ...intro.map((text) => `<p style="margin:0 0 12px">${escaped(text)}</p>`),
    ...sections.map(sectionHtml),
    appsHtml(columns, apps),
    `<p style="margin:24px 0 0;font-size:13px;${SOFT}">${foot
      .map(({ text, href }) => (href ? link(href, text) : escaped(text)))
      .join(' · ')}</p>`,
  ].join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escaped(subject)}</title>
</head>
<body style="margin:0;padding:16px;${FONT};font-size:15px;line-height:1.45">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:720px">
<tr><td>
${body}
</td></tr>
</table>
</body>
</html>
`;
}

function sectionHtml({ title, lines, more }: Digest['sections'][number]): string {
  const rows = lines.map(
    ({ level, text, link: to }) => `<tr>
<td style="padding:8px 12px 8px 0;vertical-align:top;white-space:nowrap;font-size:12px;font-weight:600;color:${COLOURS[level]};${RULE}">${MARK[level]}</td>
<td style="padding:8px 0;vertical-align:top;${RULE}">${bdi(text)}${to ? `<br>${link(to.href, to.label)}` : ''}</td>
</tr>`,
  );
  return `<h2 style="margin:24px 0 8px;font-size:16px">${escaped(title)}</h2>
<table width="100%" cellpadding="0" cellspacing="0" style="border-collapse:collapse;font-size:14px">
${rows.join('\n')}
</table>${more > 0 ? `\n<p style="margin:8px 0 0;font-size:13px;${SOFT}">… and ${more} more on the health page.</p>` : ''}`;
}

/** Each app in a line of figures that breaks where it must: a table of six columns is wider than a phone. */
function appsHtml(columns: Digest['columns'], apps: Digest['apps']): string {
  if (apps.length === 0) return '';
  const figure = (text: string, at: number) =>
    `<span style="white-space:nowrap"><span style="${SOFT}">${escaped(columns[at + 1] ?? '')}</span> ${bdi(text)}</span>`;
  const rows = apps.map(
    ({ href, cells: [name = '', ...figures] }) => `<tr>
<td style="padding:8px 0;vertical-align:top;${RULE}"><strong>${link(href, name)}</strong><br>${figures.map(figure).join(' &#183; ')}</td>
</tr>`,
  );
  return `<h2 style="margin:24px 0 8px;font-size:16px">Apps</h2>
<table width="100%" cellpadding="0" cellspacing="0" style="border-collapse:collapse;font-size:14px">
${rows.join('\n')}
</table>`;
}
