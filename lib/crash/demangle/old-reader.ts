import { giveUp, type Node, type } from './node';
import { Reader } from './reader';

const DEEPEST = 100;

/** What entities need of types, which are made of entities. */
export interface OldGrammar {
  readonly type: (r: OldReader) => Node;
  readonly signature: (r: OldReader) => Node;
}

/** The text of a name from before Swift 4, whose operators stand before what they take. */
export class OldReader extends Reader {
  private depth = 0;

  constructor(
    text: string,
    private readonly grammar: OldGrammar,
  ) {
    super(text, true);
  }

  /** A type, which may stand within anything. */
  readType(): Node {
    return type(this.deeper(() => this.grammar.type(this)));
  }

  readSignature(): Node {
    return this.grammar.signature(this);
  }

  /** Reads something within something; a name that goes too deep is given up. */
  deeper<T>(read: () => T): T {
    if (++this.depth > DEEPEST) giveUp();
    const found = read();
    this.depth--;
    return found;
  }
}
