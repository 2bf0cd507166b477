/** By what a thing of ours is found again wherever it was made. */
export const markerOf = (id: string): string => `flightdeck:${id}`;

/** A body with its marker at the end, and short enough for whom it is for; what is cut says so. */
export function withMarker(body: string, id: string, most: number): string {
  const end = `\n\n${markerOf(id)}`;
  return `${clipped(body, most - end.length)}${end}`;
}

const CUT = '\n\n… (cut; the rest stands in Flightdeck)';

/** A text of at most so many UTF-16 units, cut between characters; a fence that is cut is closed. */
export function clipped(text: string, most: number): string {
  if (text.length <= most) return text;
  const head = text.slice(0, Math.max(0, most - CUT.length - 8)).replace(/[\ud800-\udbff]$/, '');
  const open = openFence(head);
  return `${head}${open === null ? '' : `\n${open}`}${CUT}`;
}

/** The fence that a text leaves open; null when none is. */
function openFence(text: string): string | null {
  let open: string | null = null;
  for (const [, fence = ''] of text.matchAll(/^(`{3,})/gm)) {
    if (open === null) open = fence;
    else if (fence.length >= open.length) open = null;
  }
  return open;
}

/** Pieces of Markdown as we write it: code as it is, all else line by line. */
interface Piece {
  readonly isCode: boolean;
  readonly text: string;
}

function piecesOf(markdown: string): Piece[] {
  const pieces: Piece[] = [];
  let fence: string | null = null;
  let lines: string[] = [];
  const end = (isCode: boolean) => {
    if (lines.length > 0) pieces.push({ isCode, text: lines.join('\n') });
    lines = [];
  };
  for (const line of markdown.split('\n')) {
    const [, found] = /^(`{3,})\s*$/.exec(line) ?? [];
    if (fence === null && found !== undefined) {
      end(false);
      fence = found;
    } else if (fence !== null && found !== undefined && found.length >= fence.length) {
      end(true);
      fence = null;
    } else lines.push(line);
  }
  end(fence !== null);
  return pieces;
}

/** What another kind of markup says for what ours says. */
interface Markup {
  code(text: string): string;
  heading(text: string): string;
  bold(text: string): string;
  link(words: string, url: string): string;
  quote(lines: readonly string[]): string;
  /** A letter that would mean something. */
  plain(text: string): string;
}

/** Markdown as we write it, in another markup. What is not ours goes through as plain words. */
function translated(markdown: string, markup: Markup): string {
  return piecesOf(markdown)
    .map(({ isCode, text }) => (isCode ? markup.code(text) : lines(text, markup)))
    .join('\n');
}

function lines(text: string, markup: Markup): string {
  const out: string[] = [];
  let quote: string[] = [];
  const end = () => {
    if (quote.length > 0) out.push(markup.quote(quote));
    quote = [];
  };
  for (const line of text.split('\n')) {
    const [, quoted] = /^> ?(.*)$/.exec(line) ?? [];
    if (quoted !== undefined) {
      quote.push(spans(quoted, markup));
      continue;
    }
    end();
    const [, heading] = /^#{1,6} +(.*)$/.exec(line) ?? [];
    out.push(heading === undefined ? spans(line, markup) : markup.heading(spans(heading, markup)));
  }
  end();
  return out.join('\n');
}

const SPAN =
  /\\([!-/:-@[-`{-~])|\*\*((?:\\.|[^*\\])+)\*\*|\[((?:\\.|[^\]\\])*)\]\(<?(https?:\/\/[^)>\s]+)>?\)/g;

function spans(text: string, markup: Markup): string {
  let out = '';
  let at = 0;
  for (const match of text.matchAll(SPAN)) {
    out += markup.plain(text.slice(at, match.index));
    const [whole, escaped, bold, words, url] = match;
    if (escaped !== undefined) out += markup.plain(escaped);
    else if (bold !== undefined) out += markup.bold(spans(bold, markup));
    else out += markup.link(spans(words ?? '', markup), url ?? '');
    at = match.index + whole.length;
  }
  return out + markup.plain(text.slice(at));
}

/** As Jira's text fields take it: https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa (from memory, 2026-11-29). */
export function asJira(markdown: string): string {
  return translated(markdown, {
    code: (text) => `{noformat}\n${text.replaceAll('{noformat}', '{ noformat}')}\n{noformat}`,
    heading: (text) => `h2. ${text}`,
    bold: (text) => `*${text}*`,
    link: (words, url) => `[${words}|${url.replaceAll('|', '%7C').replaceAll(']', '%5D')}]`,
    quote: (quoted) => `{quote}\n${quoted.join('\n')}\n{quote}`,
    plain: (text) => text.replace(/[\\{}[\]|*_^~+!]/g, '\\$&'),
  });
}

/** As Slack takes it: https://docs.slack.dev/messaging/formatting-message-text (from memory, 2026-11-29). */
export function asSlack(markdown: string): string {
  const entities = (text: string) =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  // A letter of no width keeps stars and the like from pairing.
  const plain = (text: string) => entities(text).replace(/[*_~`]/g, '$&\u200b');
  return translated(markdown, {
    code: (text) => `\`\`\`\n${entities(text).replaceAll('```', "'''")}\n\`\`\``,
    heading: (text) => `*${text}*`,
    bold: (text) => `*${text}*`,
    link: (words, url) => `<${entities(url).replaceAll('|', '%7C')}|${words.replaceAll('|', '¦')}>`,
    quote: (quoted) => quoted.map((line) => `> ${line}`).join('\n'),
    plain,
  });
}

/** As cards of Teams take it, which know bold words, lists and links, and no code. */
export function asCard(markdown: string): string {
  const plain = (text: string) => text.replace(/[\\*_[\]~`]/g, '\\$&');
  return translated(markdown, {
    code: (text) =>
      text
        .split('\n')
        .map((line) => plain(line))
        .join('\n\n'),
    heading: (text) => `**${text}**`,
    bold: (text) => `**${text}**`,
    link: (words, url) => `[${words}](${url.replaceAll(')', '%29')})`,
    quote: (quoted) => quoted.map((line) => `_${line === '' ? ' ' : line}_`).join('\n\n'),
    plain,
  });
}
