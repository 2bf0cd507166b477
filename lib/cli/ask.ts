import { createInterface } from 'node:readline/promises';

/** What is typed in; nothing where nobody can type. */
export async function ask(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await new Promise<string>((resolve) => {
      lines.once('close', () => resolve(''));
      void lines.question(question).then(resolve, () => resolve(''));
    });
  } finally {
    lines.close();
  }
}
