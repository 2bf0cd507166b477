'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { type KeyboardEvent, useRef, useState } from 'react';
import { buttonClass } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { Dialog } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { TextArea, TextField } from '@/components/ui/field';
import { ListSkeleton } from '@/components/ui/skeleton';
import { toastError } from '@/components/ui/toast';
import { noteReplyMutation, type ReplyTo, replyToOptions } from '@/lib/browser/replies';
import { formatCount } from '@/lib/format/numbers';
import { filledReply, MOST_MAILTO, mailtoOf } from '@/lib/format/reply';

interface Report {
  readonly id: string;
  readonly accountId: string;
}

/** Answers the tester of a report in the mail program of whoever answers: App Store Connect has no way to. */
export default function ReplyDialog({ report, onClose }: { report: Report; onClose: () => void }) {
  const { data, error } = useQuery(replyToOptions(report.id, report.accountId));
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title="Reply to the tester"
      description="App Store Connect cannot answer testers, so this opens your mail program."
    >
      <Refusal error={error} />
      {data ? <Reply report={report} to={data.data} /> : error ? null : <ListSkeleton rows={3} />}
    </Dialog>
  );
}

function Reply({ report, to: { address, values, replies } }: { report: Report; to: ReplyTo }) {
  const { mutate: note } = useMutation(noteReplyMutation());
  const [typed, setTyped] = useState('');
  const [text, setText] = useState<{
    readonly replyId: string | null;
    readonly subject: string;
    readonly body: string;
  } | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const wanted = typed.trim().toLowerCase();
  const found = replies.filter(({ name, body }) => `${name}\n${body}`.toLowerCase().includes(wanted));
  const choose = (reply: ReplyTo['replies'][number] | undefined) => {
    if (!reply) return;
    setText({
      replyId: reply.id,
      subject: filledReply(reply.subject, values),
      body: filledReply(reply.body, values),
    });
  };
  const move = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    const buttons = [...(list.current?.querySelectorAll('button') ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    buttons[Math.max(0, Math.min(buttons.length - 1, at + step))]?.focus();
    event.preventDefault();
  };
  const { subject, body } = text ?? { subject: '', body: '' };
  const whole = address === null ? '' : mailtoOf(address, subject, body);
  const isLong = whole.length > MOST_MAILTO;
  const link = isLong && address !== null ? mailtoOf(address, subject.slice(0, 200), '') : whole;
  return (
    <div className="grid gap-4">
      <p className="text-sm wrap-anywhere">
        {address === null ? (
          <>
            App Store Connect tells no address of this tester: people who come by a public link stay anonymous
            there. You can still copy the text and send it another way.
          </>
        ) : (
          <>
            To <bdi className="font-medium">{address}</bdi>
          </>
        )}
      </p>
      {replies.length === 0 ? (
        <p className="text-ink-soft text-sm">
          There are no saved replies yet.{' '}
          <Link href="/settings/replies?do=add" className="text-accent-ink underline">
            Add one
          </Link>
        </p>
      ) : (
        <search className="grid gap-2" onKeyDown={move}>
          <input
            type="search"
            aria-label="Find a saved reply"
            placeholder="Find a saved reply"
            value={typed}
            onChange={({ target }) => setTyped(target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return;
              event.preventDefault();
              choose(found[0]);
            }}
            className="field h-9 w-full px-2.5 text-sm"
          />
          <ul
            ref={list}
            aria-label="Saved replies"
            className="max-h-[24vh] divide-y overflow-y-auto rounded-md border"
          >
            {found.map((reply) => (
              <li key={reply.id}>
                <button
                  type="button"
                  aria-pressed={text?.replyId === reply.id}
                  onClick={() => choose(reply)}
                  className="flex min-h-9 w-full items-center px-3 py-1.5 text-left text-sm hover:bg-hover focus-visible:bg-hover aria-pressed:bg-active max-sm:min-h-11"
                >
                  <bdi dir="auto">{reply.name}</bdi>
                </button>
              </li>
            ))}
            {found.length === 0 ? (
              <li className="p-4 text-center text-ink-soft text-sm">No saved reply matches.</li>
            ) : null}
          </ul>
        </search>
      )}
      <TextField
        label="Subject"
        value={subject}
        autoComplete="off"
        onChange={({ target }) => setText({ replyId: text?.replyId ?? null, body, subject: target.value })}
      />
      <TextArea
        label="Text"
        rows={8}
        dir="auto"
        value={body}
        onChange={({ target }) => setText({ replyId: text?.replyId ?? null, subject, body: target.value })}
      />
      {isLong ? (
        <p role="status" className="text-sm">
          This makes a link of {formatCount(whole.length)} characters; mail programs take about{' '}
          {formatCount(MOST_MAILTO)}. Copy the text, then open your mail program with the address and the
          subject and paste it there.
        </p>
      ) : null}
      <div className="dialog-actions flex-wrap">
        <CopyButton text={body}>Copy the text</CopyButton>
        {address === null ? null : (
          <a
            href={link}
            className={buttonClass('primary')}
            onClick={() =>
              note(
                { ...report, replyId: text?.replyId ?? null },
                { onError: (failure) => void toastError('Not noted in the history', failure) },
              )
            }
          >
            {isLong ? 'Open the mail program without the text' : 'Open in the mail program'}
          </a>
        )}
      </div>
    </div>
  );
}
