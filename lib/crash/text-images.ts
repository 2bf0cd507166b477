import { fileNameOf, uuidOf } from './images';
import type { BinaryImage } from './report';

const IMAGE = /^[ \t]*(0x[0-9a-fA-F]{1,16})[ \t]*-[ \t]*(0x[0-9a-fA-F]{1,16}|\?\?\?)[ \t]+(\S.*)$/;
const ARCH = /^(.*?)[ \t]+((?:arm|x86|i386|ppc|unknown)[\w-]*)$/;

/** Reads one line of "Binary Images"; null when it is none. */
export function imageIn(line: string): BinaryImage | null {
  if (line.length > 5000) return null;
  const [, base, last, rest] = IMAGE.exec(line.replace(/[ \t]+/g, ' ')) ?? [];
  if (base === undefined || last === undefined || rest === undefined) return null;
  const open = rest.indexOf('<');
  const close = rest.indexOf('>', open);
  const isTagged = open >= 0 && close > open && /^[0-9A-Fa-f-]*$/.test(rest.slice(open + 1, close));
  const slash = isTagged ? -1 : rest.indexOf(' /');
  const before = isTagged ? rest.slice(0, open) : slash < 0 ? rest : rest.slice(0, slash);
  const path = (isTagged ? rest.slice(close + 1) : slash < 0 ? '' : rest.slice(slash + 1)).trim();
  const { name, arch, version } = named(before.trim().replace(/^[+*?][ \t]*(?=\S)/, ''));
  const size = last === '???' ? null : BigInt(last) - BigInt(base) + 1n;
  return {
    name: (fileNameOf(path) ?? name) || '???',
    path: path === '' || path === '???' ? null : path,
    uuid: isTagged ? uuidOf(rest.slice(open + 1, close)) : null,
    arch,
    base: `0x${BigInt(base).toString(16)}`,
    size: size === null || size < 0n || size > BigInt(Number.MAX_SAFE_INTEGER) ? null : Number(size),
    // A bundle stands in the list by its identifier, everything else by its name.
    bundleId: /^[\w-]+(?:\.[\w-]+){2,}$/.test(name) && !/\.dylib$/.test(name) ? name : null,
    version,
  };
}

/** `Name arm64`, `com.example.app (1.2 - 3)`, `Name arm64 (1.2)`: taken apart from behind. */
function named(text: string): { name: string; arch: string | null; version: string | null } {
  let name = text;
  let version: string | null = null;
  let arch: string | null = null;
  const brackets = /[ \t]*\(([^()]*)\)$/.exec(name);
  if (brackets) {
    name = name.slice(0, brackets.index);
    version = brackets[1]?.trim() || null;
  }
  const machine = ARCH.exec(name);
  if (machine?.[1]) {
    name = machine[1];
    arch = machine[2] === 'unknown-arch' ? null : (machine[2] ?? null);
  }
  return { name: name.trim(), arch, version };
}
