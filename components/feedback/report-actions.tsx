'use client';

import { useState } from 'react';
import { useMay } from '@/components/shell/known';
import { Button } from '@/components/ui/button';
import { onDemand } from '@/components/ui/on-demand';
import type { FeedbackResource } from '@/lib/browser/feedback';
import { useTriage } from './use-triage';

const DecideDialog = onDemand(() => import('./decide-dialog'));
const ReplyDialog = onDemand(() => import('./reply-dialog'));

/** Answers the tester of a report, puts it to a crash that others share, or takes it out of one. */
export function ReportActions({ report: { id, meta } }: { report: FeedbackResource }) {
  const mayWrite = useMay('feedback:write');
  const mayIdentify = useMay('testers:identify');
  const { place, isBusy } = useTriage();
  const [isAttaching, setAttaching] = useState(false);
  const [isReplying, setReplying] = useState(false);
  const issue = meta?.issue;
  if (!mayWrite || !issue) return null;
  const { appId, accountId } = meta;
  const target = { reports: [{ id, ...(accountId ? { accountId } : {}) }] };
  const isShared = issue.kind === 'crash' && issue.reportCount > 1;
  return (
    <div className="flex flex-wrap gap-2">
      {mayIdentify ? (
        <Button size="sm" onClick={() => setReplying(true)}>
          Reply…
        </Button>
      ) : null}
      <Button size="sm" onClick={() => setAttaching(true)}>
        {issue.kind === 'crash' ? 'Attach to another crash issue…' : 'Attach to a crash issue…'}
      </Button>
      {isShared ? (
        <Button
          size="sm"
          busy={isBusy}
          onClick={() => void place({ do: 'takeOut', target }, () => 'Taken out of the crash issue')}
        >
          Take out of the crash issue
        </Button>
      ) : null}
      {isReplying ? (
        <ReplyDialog report={{ id, accountId: accountId ?? '' }} onClose={() => setReplying(false)} />
      ) : null}
      {isAttaching ? (
        <DecideDialog
          intent={{
            asks: 'attach',
            subject: {
              ...{ target, appId: appId ?? '', accountId, called: 'this report' },
              issueIds: issue.kind === 'crash' ? [issue.id] : [],
            },
          }}
          onClose={() => setAttaching(false)}
        />
      ) : null}
    </div>
  );
}
