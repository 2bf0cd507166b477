import path from 'node:path';
import { shortened, type Unpacking, unpack } from './archives';
import { partOf, withFile } from './file';
import { readMachO, type Slice } from './mach-o';
import { SymbolsError } from './words';

/** The symbols of one build of one binary, in a file of their own. */
export interface TakenIn {
  /** Of the binary: "TrailMate". */
  readonly name: string;
  readonly uuid: string;
  readonly arch: string;
  readonly file: string;
  readonly size: number;
  /** SHA-256 of the file, hexadecimal. */
  readonly hash: string;
  /** Where `__TEXT` was linked to. */
  readonly text: { readonly address: bigint; readonly size: bigint };
}

/** A binary that gives no symbols, and why not. */
export interface PassedOver {
  readonly name: string;
  readonly words: string;
}

/**
 * Takes the symbols out of a dSYM, however it was packed: one file for each architecture. @throws SymbolsError when there
 * are none in it, or it is nothing to be trusted
 */
export async function takeIn(
  file: string,
  name: string,
  how: Unpacking,
): Promise<{ readonly taken: readonly TakenIn[]; readonly passed: readonly PassedOver[] }> {
  const taken: TakenIn[] = [];
  const passed: PassedOver[] = [];
  const unpacked = await unpack(file, name, how);
  if (unpacked.length === 0)
    throw new SymbolsError('There is no binary in it. A dSYM holds one in Contents/Resources/DWARF.');
  for (const one of unpacked) {
    const shown = shortened(path.posix.basename(one.name.replaceAll('\\', '/'))) || 'binary';
    const slices = await slicesOf(one.file).catch((error: unknown) => {
      if (!(error instanceof SymbolsError)) throw error;
      return error.message;
    });
    if (typeof slices === 'string') {
      passed.push({ name: shown, words: slices });
      continue;
    }
    for (const slice of slices) {
      how.signal?.throwIfAborted();
      const { uuid, arch, text, size } = slice;
      const words = whyNot(slice);
      if (words !== null || uuid === null || text === null) {
        passed.push({ name: slices.length > 1 ? `${shown} (${arch})` : shown, words: words ?? NO_TEXT });
        continue;
      }
      const into = path.join(how.folder, `taken-${taken.length}`);
      const hash = await partOf(one.file, slice, into, how.signal);
      taken.push({ name: shown.replace(/\.dSYM$/i, ''), uuid, arch, text, file: into, size, hash });
    }
  }
  const [only] = passed;
  if (taken.length > 0 || only === undefined) return { taken, passed };
  throw new SymbolsError(
    passed.length === 1
      ? only.words
      : `None of its ${passed.length} binaries has symbols: ${[...new Set(passed.map(({ words }) => words))].join(' ')}`,
  );
}

const slicesOf = (file: string): Promise<Slice[]> => withFile(file, readMachO);

const NO_TEXT = 'It does not say where its code lies.';

function whyNot({ hasDwarf, uuid, text }: Slice): string | null {
  if (!hasDwarf)
    return 'It is a binary without debug information. Send its dSYM; Xcode makes one where Debug Information Format is “DWARF with dSYM File”.';
  if (uuid === null) return 'It has no UUID, so no crash can be told to be of it.';
  return text === null ? NO_TEXT : null;
}
