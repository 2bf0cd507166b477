import { openContext } from '@/lib/context';
import { ShiftRefusedError, shiftProgramme } from '@/lib/services/programme-time';
import { shellCtx } from './shell';

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const AMOUNT = /^([+-]?\d{1,6})([mhd])$/;

/** Moves the time of a simulated programme; `ahead` is such as 7d, 36h, -30m or 0. Gives the exit code. */
export async function clockCommand(source: NodeJS.ProcessEnv, ahead: string): Promise<number> {
  const [, amount, unit] = AMOUNT.exec(ahead) ?? [];
  if (ahead !== '0' && (amount === undefined || unit === undefined)) {
    process.stderr.write('Say how far ahead: 7d, 36h, -30m or 0.\n');
    return 2;
  }
  const ms = ahead === '0' ? 0 : Number(amount) * UNITS[unit as keyof typeof UNITS];
  const context = await openContext('worker', source);
  try {
    await shiftProgramme(shellCtx(context), ms);
    process.stdout.write(
      `The programme's time is ${ahead === '0' ? "the machine's" : `${ahead} ahead of the machine's`}.\n`,
    );
    return 0;
  } catch (error) {
    if (!(error instanceof ShiftRefusedError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  } finally {
    await context.close();
  }
}
