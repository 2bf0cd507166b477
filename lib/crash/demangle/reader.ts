import { giveUp, isContext, isName, isNominal, isProtocol, type Kind, make, type Node, type } from './node';

const HIGHEST_STACK = 20_000;
const MOST_WORDS = 26;

/** The text of a mangled name, and the stack that its operators push to and pop from. */
export class Reader {
  readonly words: string[] = [];
  private at = 0;
  private readonly stack: Node[] = [];
  private readonly substitutions: Node[] = [];

  constructor(
    private readonly text: string,
    /** Swift 4 wrote the labels of a function into the tuple of its parameters. */
    readonly labelsInTypes: boolean,
  ) {}

  get ended(): boolean {
    return this.at >= this.text.length;
  }

  peek(): string {
    return this.text.charAt(this.at);
  }

  next(): string {
    return this.text.charAt(this.at++);
  }

  back(): void {
    this.at--;
  }

  nextIf(wanted: string): boolean {
    if (!this.text.startsWith(wanted, this.at)) return false;
    this.at += wanted.length;
    return true;
  }

  slice(length: number): string {
    if (length <= 0 || this.at + length > this.text.length) giveUp();
    this.at += length;
    return this.text.slice(this.at - length, this.at);
  }

  rest(): string {
    return this.slice(this.text.length - this.at);
  }

  /** A decimal number, or -1 where none stands. */
  natural(): number {
    let value = -1;
    for (let digit = this.peek(); digit >= '0' && digit <= '9'; digit = this.peek()) {
      value = Math.max(value, 0) * 10 + Number(digit);
      if (value > 0x7fff_ffff) giveUp();
      this.at++;
    }
    return value;
  }

  /** An index: `_` is 0, `0_` is 1. */
  indexNumber(): number {
    if (this.nextIf('_')) return 0;
    const value = this.natural();
    return value >= 0 && this.nextIf('_') ? value + 1 : giveUp();
  }

  /** Remembers a word of an identifier for the names that repeat it. */
  remember(word: string): void {
    if (this.words.length < MOST_WORDS) this.words.push(word);
  }

  push(node: Node): void {
    if (this.stack.length >= HIGHEST_STACK) giveUp();
    this.stack.push(node);
  }

  pop(): Node | undefined {
    return this.stack.pop();
  }

  popKind(kind: Kind): Node | undefined {
    return this.stack.at(-1)?.kind === kind ? this.stack.pop() : undefined;
  }

  popIf(suits: (node: Node) => boolean): Node | undefined {
    const top = this.stack.at(-1);
    return top && suits(top) ? this.stack.pop() : undefined;
  }

  need(kind: Kind): Node {
    return this.popKind(kind) ?? giveUp();
  }

  needIf(suits: (node: Node) => boolean): Node {
    return this.popIf(suits) ?? giveUp();
  }

  /** The child of the type on top. */
  needBare(): Node {
    const [only, more] = this.need('Type').children;
    return only && !more ? only : giveUp();
  }

  /** Everything that is left, from below. */
  drain(): Node[] {
    return this.stack.splice(0);
  }

  substitutable(node: Node): Node {
    this.substitutions.push(node);
    return node;
  }

  /** What stood before is no longer known. */
  forget(): void {
    this.substitutions.length = 0;
  }

  substitution(at: number): Node {
    return this.substitutions[at] ?? giveUp();
  }

  popModule(): Node | undefined {
    const name = this.popKind('Identifier');
    return name ? make('Module', [], name.text) : this.popKind('Module');
  }

  needModule(): Node {
    return this.popModule() ?? giveUp();
  }

  needContext(): Node {
    const found = this.popModule();
    if (found) return found;
    if (this.stack.at(-1)?.kind !== 'Type') return this.needIf(isContext);
    const bare = this.needBare();
    return isContext(bare) ? bare : giveUp();
  }

  needNominal(): Node {
    const bare = this.needBare();
    return isNominal(bare) ? bare : giveUp();
  }

  needProtocol(): Node {
    const known = this.popKind('Type');
    if (known) return isProtocol(known) ? known : giveUp();
    const name = this.needIf(isName);
    return type(make('Protocol', [this.needContext(), name]));
  }

  /** A list written from a first-element mark to here; `item` pops one of them. */
  list(item: () => Node): Node[] {
    if (this.popKind('EmptyList')) return [];
    const items: Node[] = [];
    for (let first = false; !first; ) {
      first = this.popKind('FirstElement') !== undefined;
      items.push(item());
    }
    return items.reverse();
  }
}
