import { buildSync } from 'esbuild';
import type { Action } from './actions';

/** One tab of a browser: all that the two protocols must be able to do. What a person does with it stands in visit.ts. */
export interface Tab {
  /** Begins to go to an address. */
  go(url: string): Promise<void>;
  /** Evaluates a script in the page that is there, and gives its value, which must be one of JSON's. */
  run(expression: string): Promise<unknown>;
  /** Presses, types, turns the wheel, as the browser gets it from a keyboard or a mouse. */
  act(actions: readonly Action[]): Promise<void>;
  /** Makes the part of the window that shows the page so large. */
  resize(width: number, height: number): Promise<void>;
  /** A PNG file. */
  picture(): Promise<Buffer>;
  /** Whether its keys and its manners are those of a Mac. */
  readonly isMac: boolean;
  /** Where files that are downloaded arrive. */
  readonly downloads: string;
  close(): Promise<void>;
}

/** The name under which `in-page.ts` stands in each page. */
export const IN_PAGE = 'smokeTest';

/** A script that prepares a page that was not yet. */
export function preparation({ isMac }: Pick<Tab, 'isMac'>): string {
  const { outputFiles } = buildSync({
    entryPoints: ['tests/browsers/setup/in-page.ts'],
    ...{ bundle: true, write: false, format: 'iife', globalName: IN_PAGE, target: 'es2022' },
  });
  const [{ text } = { text: '' }] = outputFiles;
  return `if (!globalThis.${IN_PAGE}) { ${text}; globalThis.${IN_PAGE} = ${IN_PAGE}; ${IN_PAGE}.prepare(${isMac}); }`;
}
