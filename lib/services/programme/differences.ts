import { alertDifferences } from './differences-alerts';
import { appClipDifferences } from './differences-app-clip';
import { groupDifferences } from './differences-groups';
import { textDifferences } from './differences-texts';
import type { ProgrammeFile } from './file';
import type { Operation } from './operation';
import type { Programme } from './programme';

/** What has to come before what: a name is free for a new group only once the other has given it up. */
const RANK: Readonly<Record<Operation['kind'], number>> = {
  create: 1,
  change: 2,
  later: 2,
  recreate: 2,
  blocked: 2,
  delete: 3,
};

const rankOf = ({ kind, step }: Operation) =>
  step?.type === 'betaGroups' && step.operation === 'update' && 'name' in step.attributes ? 0 : RANK[kind];

/**
 * All that differs between a file and a programme, in the order in which it is carried out: what is made comes before what
 * is deleted. What the file leaves out is left alone; of a list that it has, what the list does not name is deleted, but
 * only where that is wanted.
 */
export function differences(file: ProgrammeFile, programme: Programme, isPruned: boolean): Operation[] {
  return [
    ...groupDifferences(file, programme, isPruned),
    ...textDifferences(file, programme, isPruned),
    ...appClipDifferences(file, programme, isPruned),
    ...alertDifferences(file, programme, isPruned),
  ].toSorted((one, other) => rankOf(one) - rankOf(other));
}
