import { child, giveUp, type Kind, type Node } from './node';

const LONGEST = 200_000;

/** How much of a name is said. */
export interface Style {
  readonly simplified: boolean;
  /** Whether optionals, arrays and dictionaries are written as in source. */
  readonly sugar: boolean;
  /** The text of a symbol that stands within this one. */
  readonly nested: (symbol: string) => string;
}

/** Writes one kind of node. */
export type Write = (p: Printer, node: Node) => void;

/** Writes an entity; a context that cannot stand before its name is given back for the end. */
export type WriteEntity = (p: Printer, node: Node, asPrefix: boolean) => Node | undefined;

/** How each kind is written that is not a phrase. */
export interface Writers {
  readonly plain: Readonly<Partial<Record<Kind, Write>>>;
  readonly entities: Readonly<Partial<Record<Kind, WriteEntity>>>;
}

/** Writes the tree of a name down. */
export class Printer {
  text = '';
  /** A simplified name says once that it is specialized. */
  specialized = false;

  constructor(
    readonly style: Style,
    private readonly writers: Writers,
  ) {}

  add(text: string): void {
    this.text += text;
    if (this.text.length > LONGEST) giveUp();
  }

  /** Writes a node, and gives back what could not stand before a name. */
  print(node: Node, asPrefix = false): Node | undefined {
    const entity = this.writers.entities[node.kind];
    if (entity) return entity(this, node, asPrefix);
    const plain = this.writers.plain[node.kind];
    if (plain) plain(this, node);
    else this.phrase(node);
    return undefined;
  }

  printAll(nodes: readonly Node[], separator = ''): void {
    nodes.forEach((one, at) => {
      if (at > 0) this.add(separator);
      this.print(one);
    });
  }

  /** %0 … %9 stand for children, %, and %. and %* for all of them. */
  phrase(node: Node): void {
    const { text } = node;
    let from = 0;
    for (let at = text.indexOf('%'); at >= 0; at = text.indexOf('%', from)) {
      this.add(text.slice(from, at));
      const mark = text.charAt(at + 1);
      if (mark === ',') this.printAll(node.children, ', ');
      else if (mark === '.') this.printAll(node.children, '.');
      else if (mark === '*') this.printAll(node.children);
      else if (mark === 'v') this.add(this.style.simplified ? '' : ' value witness');
      else this.print(child(node, Number(mark)));
      from = at + 2;
    }
    this.add(from === 0 ? text : text.slice(from));
  }
}

/** The letters of a generic parameter count like the columns of a sheet, the lowest first. */
export function nameOfParam(depth: number, index: number): string {
  let name = '';
  let rest = index;
  do {
    name += String.fromCharCode(65 + (rest % 26));
    rest = Math.floor(rest / 26);
  } while (rest > 0);
  return depth === 0 ? name : name + depth;
}

/** Whether a space stands between a name and its type. */
export function needsSpace(typed: Node): boolean {
  if (typed.kind === 'Type') return needsSpace(child(typed, 0));
  if (typed.kind === 'Generic') return false;
  return typed.kind !== 'FunctionType' || !['', 'noescape', 'uncurried'].includes(typed.text);
}
