import { giveUp, type Node } from './node';
import type { Printer } from './printer';
import { FLAGS, SPECIAL } from './specializations';

/** Writes what a function was made special for, or only that it was. */
export function printSpecialization(p: Printer, node: Node): void {
  if (p.style.simplified) {
    if (!p.specialized) p.add('specialized ');
    p.specialized = true;
    return;
  }
  if (node.children[0]?.text === 'representation changed') {
    p.add('representation changed of ');
    return;
  }
  p.add(`${node.text} <`);
  let separator = '';
  let argument = 0;
  const item = (words: string): void => {
    p.add(separator + words);
    separator = ', ';
  };
  for (const one of node.children) {
    if (one.kind === 'SpecNote' && one.text === 'serialized') {
      item('serialized');
      continue;
    }
    if (one.children.length > 0) {
      if (one.kind === 'GenericParam') printGenericParam(p, one, item);
      else {
        item(one.kind === 'SpecReturn' ? 'Return = ' : `Arg[${argument}] = `);
        printKinds(p, one);
      }
    }
    argument++;
  }
  p.add('> of ');
}

function printGenericParam(p: Printer, node: Node, item: (words: string) => void): void {
  item(node.text);
  const [of, ...conformances] = node.children;
  p.print(of ?? giveUp());
  conformances.forEach((one, at) => {
    p.add(at === 0 ? ' with ' : ' and ');
    p.print(one);
  });
}

const WORDS: Readonly<Record<number, string>> = {
  [SPECIAL.function]: 'Constant Propagated Function',
  [SPECIAL.global]: 'Constant Propagated Global',
  [SPECIAL.integer]: 'Constant Propagated Integer',
  [SPECIAL.float]: 'Constant Propagated Float',
  [SPECIAL.string]: 'Constant Propagated String',
  [SPECIAL.closure]: 'Closure Propagated',
  [SPECIAL.boxToValue]: 'Value Promoted from Box',
  [SPECIAL.boxToStack]: 'Stack Promoted from Box',
  [SPECIAL.inOutToOut]: 'InOut Converted to Out',
  [SPECIAL.keyPath]: 'Constant Propagated KeyPath',
  [SPECIAL.struct]: 'Constant Propagated Struct',
  [SPECIAL.sameClosure]: 'Same As Argument',
};

const FLAG_WORDS: readonly (readonly [number, string])[] = [
  [FLAGS.toGeneric, 'Existential To Protocol Constrained Generic'],
  [FLAGS.dead, 'Dead'],
  [FLAGS.toGuaranteed, 'Owned To Guaranteed'],
  [FLAGS.toOwned, 'Guaranteed To Owned'],
  [FLAGS.exploded, 'Exploded'],
];

function wordsOf(kind: Node): string {
  const flags = FLAG_WORDS.filter(([flag]) => (kind.index & flag) !== 0).map(([, words]) => words);
  return flags.length > 0 ? flags.join(' and ') : (WORDS[kind.index] ?? giveUp());
}

/** The kinds of a parameter stand first, then what they are about, in the same order. */
function printKinds(p: Printer, param: Node): void {
  const kinds = param.children.filter((one) => one.kind === 'SpecKind');
  const about = param.children.slice(kinds.length);
  const next = (): Node => about.shift() ?? giveUp();
  for (const kind of kinds) {
    const words = wordsOf(kind);
    switch (kind.index) {
      case SPECIAL.function:
      case SPECIAL.global:
        p.add(`[${words} : ${p.style.nested(next().text)}]`);
        break;
      case SPECIAL.integer:
      case SPECIAL.float:
        p.add(`[${words} : ${kind.text}]`);
        break;
      case SPECIAL.string:
        p.add(`[${words} : ${kind.text}'${next().text.replace(/^_/, '')}']`);
        break;
      case SPECIAL.keyPath: {
        p.add(`[${words} : ${next().text}<`);
        p.print(next());
        p.add(',');
        p.print(next());
        p.add('>]');
        break;
      }
      case SPECIAL.struct:
        p.add(`[${words} : `);
        p.print(next());
        p.add(']');
        break;
      case SPECIAL.closure:
        p.add(`[${words} : ${p.style.nested(next().text)}, Argument Types : [`);
        while (about.length > 0) p.print(next());
        p.add(']');
        break;
      case SPECIAL.sameClosure:
        p.add(`[${words} ${kind.text}]`);
        break;
      default:
        p.add(words);
    }
  }
}
