import type { AppContext } from '@/lib/context';
import { checkTrail } from '@/lib/services/activity';
import { shellCtx } from './shell';

/** Recomputes every hash of the audit trail; exit code 1 when one does not fit. */
export async function verifyAuditCommand(context: AppContext, isJson: boolean): Promise<number> {
  const report = await checkTrail(shellCtx(context));
  const { isWhole, checked, redacted, broken } = report;
  if (isJson) process.stdout.write(`${JSON.stringify(report)}\n`);
  else if (isWhole)
    process.stdout.write(
      `The trail is whole: ${checked} entries.${redacted > 0 ? ` A person was taken out of ${redacted} of them, as the trail itself says.` : ''}\n`,
    );
  else
    process.stdout.write(
      `The trail is broken at entry ${broken?.seq} (${broken?.id}) after ${checked} good ones: ${broken?.reason}\n`,
    );
  return isWhole ? 0 : 1;
}
