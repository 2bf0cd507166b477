import type { CallNode, DiagnosticLog } from '@/lib/browser/diagnostics';

interface StackLine {
  /** Its place in the tree. */
  readonly key: string;
  readonly depth: number;
  readonly name: string;
  readonly place: string;
  readonly samples: number | undefined;
  readonly isBlame: boolean;
}

/** The most lines that are shown of one log. */
const MOST = 300;

/** The calls of a log as lines, the outermost first and what it called below, indented; as deep as the tree is. */
export function stackLines({ callStackTree }: DiagnosticLog): { lines: StackLine[]; hidden: number } {
  const roots = (callStackTree ?? [])
    .flatMap(({ callStacks }) => callStacks ?? [])
    .flatMap(({ callStackRootFrames }) => callStackRootFrames ?? []);
  const lines: StackLine[] = [];
  let hidden = 0;
  // No function that calls itself: a tree may be deeper than the stack.
  const waiting = roots.map((node, at) => ({ node, depth: 0, key: String(at) })).reverse();
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { node, depth, key } = next;
    if (lines.length < MOST) lines.push({ key, depth, ...lineOf(node) });
    else hidden += 1;
    const below = (node.subFrames ?? []).map((one, at) => ({
      node: one,
      depth: depth + 1,
      key: `${key}.${at}`,
    }));
    waiting.push(...below.reverse());
  }
  return { lines, hidden };
}

function lineOf({
  symbolName,
  rawFrame,
  binaryName,
  fileName,
  lineNumber,
  sampleCount,
  isBlameFrame,
}: CallNode) {
  const line = lineNumber && lineNumber !== '0' ? `:${lineNumber}` : '';
  return {
    name: symbolName || rawFrame || 'A call without a name',
    place: [binaryName, fileName ? `${fileName}${line}` : ''].filter(Boolean).join(' '),
    samples: sampleCount,
    isBlame: isBlameFrame === true,
  };
}
