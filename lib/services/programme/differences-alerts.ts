import { alertSentence } from '@/lib/format/alerts';
import { isolated } from '@/lib/format/isolated';
import type { AlertInFile, ProgrammeFile } from './file';
import { KEPT, type Operation, operation } from './operation';
import type { LiveAlert, Programme } from './programme';
import { type ProgrammeStep, step } from './step';

type Alerts = NonNullable<Programme['alerts']>;

/** What differs in the alerts of whoever compares; nothing where nobody does, as with a token. */
export function alertDifferences(
  { alerts: wanted }: ProgrammeFile,
  { alerts }: Programme,
  isPruned: boolean,
): Operation[] {
  if (!wanted || !alerts) return [];
  const { found, left } = matched(wanted, alerts.rules);
  return [
    ...wanted.flatMap((one) => compared(one, found.get(one) ?? null, alerts)),
    ...left.map((one) => deletion(one, isPruned)),
  ];
}

const keyOf = ({ kind, threshold, least }: AlertInFile | LiveAlert) =>
  JSON.stringify([kind, threshold ?? null, least ?? null]);

/** By what an alert says; where one of its kind is left on either side, it is that one with another figure. */
function matched(wanted: readonly AlertInFile[], rules: readonly LiveAlert[]) {
  const found = new Map<AlertInFile, LiveAlert>();
  const left = new Set(rules);
  const take = (one: AlertInFile, isMeant: (rule: LiveAlert) => boolean) => {
    const rule = [...left].find(isMeant);
    if (!rule) return;
    left.delete(rule);
    found.set(one, rule);
  };
  for (const one of wanted) take(one, (rule) => keyOf(rule) === keyOf(one));
  for (const one of wanted) {
    const alike = <Row extends { readonly kind: string }>(rows: Iterable<Row>) =>
      [...rows].filter(({ kind }) => kind === one.kind);
    const isAlone = alike(wanted.filter((each) => !found.has(each))).length === 1 && alike(left).length === 1;
    if (!found.has(one) && isAlone) take(one, ({ kind }) => kind === one.kind);
  }
  return { found, left: [...left] };
}

const called = ({ kind, threshold = null, least = null }: AlertInFile | LiveAlert) =>
  `the alert “${alertSentence({ kind, threshold, least })}”`;

function compared(wanted: AlertInFile, live: LiveAlert | null, { channels }: Alerts): Operation[] {
  const { kind, threshold = null, least = null, isEnabled = true } = wanted;
  const resolved = wanted.channels.map((word) => ({
    word,
    all: channels.filter((one) => one.word === word),
  }));
  const unclear = resolved.find(({ all }) => all.length !== 1);
  const says = live ? `Change ${called(live)}` : `Add ${called(wanted)}`;
  if (unclear)
    return [
      operation('blocked', says, {
        reason:
          unclear.all.length === 0
            ? `There is no channel “${isolated(unclear.word)}” that you may have alerts sent to. Write bell, mail or the name of a messenger.`
            : `Several channels are called “${isolated(unclear.word)}”. Give them different names under Settings, Connectors.`,
      }),
    ];
  const ids = resolved.flatMap(({ all }) => all.map(({ channel }) => channel)).toSorted();
  const attributes: ProgrammeStep['attributes'] = { kind, threshold, least, channels: ids, isEnabled };
  if (!live)
    return [
      operation('create', says, {
        changes: [{ label: 'Told by', from: null, to: wanted.channels.join(', ') }],
        step: step('create', 'alertRules', { attributes }),
      }),
    ];
  const changes = [
    { label: 'Says', from: alertSentence(live), to: alertSentence({ kind, threshold, least }) },
    { label: 'Told by', from: live.channels.join(', '), to: wanted.channels.toSorted().join(', ') },
    { label: 'Switched', from: live.isEnabled ? 'on' : 'off', to: isEnabled ? 'on' : 'off' },
  ].filter(({ from, to }) => from !== to);
  if (changes.length === 0) return [];
  return [
    operation('change', says, {
      changes,
      step: step('update', 'alertRules', { id: live.id, attributes, expect: { version: live.version } }),
    }),
  ];
}

function deletion(live: LiveAlert, isPruned: boolean): Operation {
  const says = `Delete ${called(live)}`;
  if (!isPruned) return operation('delete', says, { reason: KEPT });
  const { id, version } = live;
  return operation('delete', says, { step: step('delete', 'alertRules', { id, expect: { version } }) });
}
