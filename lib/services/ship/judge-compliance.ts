import { updateCall } from '@/lib/asc/calls';
import { answerOf } from '../builds/compliance-answer';
import type { BuildFacts } from './facts';
import type { ShipStep } from './steps';
import { failed, so, type Verdict, wait } from './verdict';

/** The declaration that a build answers by, null where it has none; undefined where nobody has asked. */
type Attached = string | null | undefined;

const isMissing = ({ internal, external }: BuildFacts): boolean =>
  [internal, external].includes('MISSING_EXPORT_COMPLIANCE');

/** Whether a step cannot be judged without the declaration that the build answers by. */
export function wantsDeclaration(step: ShipStep, build: BuildFacts): boolean {
  if (build.usesNonExemptEncryption !== true) return false;
  return step.step === 'compliance' ? step.declarationId !== null : step.step === 'ready' && isMissing(build);
}

/** Judges the answer to export compliance: it can be given once, but be covered by another declaration later. */
export function compliance(build: BuildFacts, declarationId: string | null, attached: Attached): Verdict {
  const held = build.usesNonExemptEncryption;
  if (held !== null && held !== (declarationId !== null))
    return failed(
      'ANSWERED',
      `Export compliance was answered as ${held ? 'not exempt' : 'exempt'} already, and App Store Connect lets nobody change it. Ship the build once more by that answer, or upload another one.`,
    );
  if (held !== null && (declarationId === null || attached === declarationId))
    return so('Export compliance was answered so already.');
  const answered = held === null ? null : { attached: attached ?? null };
  const { input, before, requested } = answerOf(declarationId, answered);
  return {
    is: 'send',
    call: updateCall('builds', build.id, input),
    entry: { label: build.name, before, requested },
  };
}

/** Judges whether the build can be given to testers. */
export function ready(build: BuildFacts, attached: Attached): Verdict {
  const both = [build.internal, build.external];
  if (isMissing(build)) {
    if (build.usesNonExemptEncryption === null)
      return failed(
        'COMPLIANCE',
        'Export compliance of the build is not answered, and nobody can test it until then. Answer it on the build’s page, then go on here.',
      );
    if (build.usesNonExemptEncryption && attached === null)
      return failed(
        'COMPLIANCE',
        'The build uses encryption that is not exempt, and no declaration covers it: nobody can test it until then. Choose a declaration on the build’s page, then go on here.',
      );
    return wait('App Store Connect has not taken up the answer to export compliance yet.');
  }
  if (both.includes('IN_EXPORT_COMPLIANCE_REVIEW'))
    return wait('Apple is reviewing the encryption declaration.');
  if (both.includes('PROCESSING'))
    return wait('App Store Connect takes the build through processing once more.');
  return { is: 'there', words: 'The build can be given to testers.' };
}
