import { useMutation } from '@tanstack/react-query';
import { useMay } from '@/components/shell/known';
import { Button } from '@/components/ui/button';
import { toast, toastError } from '@/components/ui/toast';
import { undoTriageMutation } from '@/lib/browser/feedback';
import { applyRuleMutation, type RuleMatch, type RuleView } from '@/lib/browser/rules';
import { formatCount, formatPlural } from '@/lib/format/numbers';

/** What a rule matches of what is open now, and the button that applies it to those. */
export function RuleTried({ rule, match }: { rule: RuleView; match: RuleMatch | undefined }) {
  const mayDecide = useMay('feedback:write');
  const apply = useMutation(applyRuleMutation());
  const { mutateAsync: takeBack } = useMutation(undoTriageMutation());
  if (!match) return <p className="text-ink-soft text-sm">Counting what it matches…</p>;
  const { matching, changing } = match;
  return (
    <div role="status" className="flex flex-wrap items-center gap-x-4 gap-y-2 text-sm">
      <p>
        Matches {formatPlural(matching, 'open issue')}
        {matching === 0
          ? '.'
          : changing === 0
            ? '; there is nothing to change about them.'
            : `, and would change ${formatCount(changing)}.`}
      </p>
      {mayDecide && changing > 0 ? (
        <Button
          size="sm"
          busy={apply.isPending}
          onClick={() =>
            apply.mutate(rule, {
              onSuccess({ data: { changed, auditId } }) {
                if (auditId === null) return void toast({ title: 'It is so already' });
                void toast({
                  title: `“${rule.name}” applied to ${formatPlural(changed, 'issue')}`,
                  undo: () => takeBack(auditId),
                });
              },
              onError: (failure) => void toastError('Not applied', failure),
            })
          }
          aria-label={`Apply ${rule.name} to ${formatPlural(changing, 'issue')}`}
        >
          Apply to {formatCount(changing)}
        </Button>
      ) : null}
    </div>
  );
}
