import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { Name } from '@/components/ui/name';
import type { RuleView } from '@/lib/browser/rules';
import { priorityWord } from '@/lib/format/feedback';

/** A rule as a sentence. */
export function RuleTold({ rule, nth }: { rule: RuleView; nth: number }) {
  return (
    <div className="min-w-0">
      <p className="font-medium">
        {nth}. <Name>{rule.name}</Name>
      </p>
      <p className="text-ink-soft text-sm wrap-anywhere">
        When <Joined parts={conditions(rule)} />: <Joined parts={deeds(rule)} />
      </p>
    </div>
  );
}

function Joined({ parts }: { parts: readonly (readonly [string, ReactNode])[] }) {
  return parts.map(([key, part], at) => (
    <span key={key}>
      {at === 0 ? '' : ' and '}
      {part}
    </span>
  ));
}

function conditions({ app, label, frame }: RuleView): readonly (readonly [string, ReactNode])[] {
  const parts: (readonly [string, ReactNode])[] = [];
  if (app)
    parts.push([
      'app',
      <span key="app">
        the app is <Name>{app.name}</Name>
      </span>,
    ]);
  if (label)
    parts.push([
      'label',
      <span key="label">
        it is labelled <bdi>{label}</bdi>
      </span>,
    ]);
  if (frame)
    parts.push([
      'frame',
      <span key="frame">
        a call is{' '}
        <code className="font-mono">
          <bdi>{frame}</bdi>
        </code>
      </span>,
    ]);
  return parts.length > 0 ? parts : [['any', 'anything comes']];
}

function deeds({ assignee, priority, addLabel }: RuleView): readonly (readonly [string, ReactNode])[] {
  const parts: (readonly [string, ReactNode])[] = [];
  if (assignee)
    parts.push([
      'assignee',
      <span key="assignee">
        assign it to <bdi>{assignee.name}</bdi>
      </span>,
    ]);
  if (priority !== null)
    parts.push(['priority', `make its priority ${priorityWord(priority).toLowerCase()}`]);
  if (addLabel)
    parts.push([
      'add',
      <span key="add">
        label it <bdi>{addLabel}</bdi>
      </span>,
    ]);
  return parts;
}

/** A rule whose assignee works on feedback no more, with the next step. */
export function RuleTrouble({
  rule: { assignee },
  onChange,
}: {
  rule: RuleView;
  onChange: (() => void) | undefined;
}) {
  if (!assignee || assignee.mayWork) return null;
  return (
    <div role="alert" className="flex flex-wrap items-center gap-x-4 gap-y-2 text-sm">
      <p className="text-bad">
        <bdi>{assignee.name}</bdi> left or may not work on feedback any more, so this rule assigns nobody and
        the next one that matches does.
      </p>
      {onChange ? (
        <Button size="sm" onClick={onChange}>
          Choose somebody else
        </Button>
      ) : null}
    </div>
  );
}
