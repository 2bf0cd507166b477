'use client';

import { type FormEvent, useId, useState } from 'react';
import { Segments } from '@/components/links/segments';
import { Button } from '@/components/ui/button';
import { useUrlState } from '@/components/ui/use-url-state';
import type { Metrics } from '@/lib/browser/metrics';
import { LENGTHS } from '@/lib/browser/metrics';

const OWN = 'own';

/** Which days are shown: the last so many, or from one to another. What is chosen stands in the address. */
export function RangePicker({ range }: { range: Metrics['range'] | undefined }) {
  const { values, set } = useUrlState();
  const [isOpen, setOpen] = useState(false);
  const isOwn = values.from !== undefined;
  const length = LENGTHS.find((one) => one === values.days) ?? '30';
  const choose = (to: (typeof LENGTHS)[number] | typeof OWN) => {
    setOpen(to === OWN);
    if (to !== OWN) set({ days: to === '30' ? null : to, from: null, to: null }, 'push');
  };
  return (
    <div className="flex flex-wrap items-end gap-2">
      <Segments
        label="Days shown"
        value={isOwn || isOpen ? OWN : length}
        options={[
          ...LENGTHS.map((value) => ({ value, label: `${value} days` })),
          { value: OWN, label: 'From … to' },
        ]}
        onChange={choose}
      />
      {isOwn || isOpen ? (
        <OwnRange
          key={`${range?.from} ${range?.to}`}
          from={values.from ?? range?.from ?? ''}
          to={values.to ?? range?.to ?? ''}
          onChoose={(from, to) => {
            setOpen(false);
            set({ from, to, days: null }, 'push');
          }}
        />
      ) : null}
    </div>
  );
}

function OwnRange({
  from,
  to,
  onChoose,
}: {
  from: string;
  to: string;
  onChoose: (from: string, to: string) => void;
}) {
  const id = useId();
  const [isWrong, setWrong] = useState(false);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [first, last] = [String(form.get('from')), String(form.get('to'))];
    setWrong(first > last);
    if (first <= last) onChoose(first, last);
  };
  const field = 'field h-8 px-2 text-sm max-sm:h-9';
  return (
    <form onSubmit={submit} className="flex flex-wrap items-center gap-2">
      <label htmlFor={`${id}-from`} className="text-ink-soft text-sm">
        From
      </label>
      <input id={`${id}-from`} name="from" type="date" required defaultValue={from} className={field} />
      <label htmlFor={`${id}-to`} className="text-ink-soft text-sm">
        to
      </label>
      <input id={`${id}-to`} name="to" type="date" required defaultValue={to} className={field} />
      <Button size="sm" type="submit">
        Show
      </Button>
      {isWrong ? (
        <p role="alert" className="text-bad text-sm">
          The last day is before the first.
        </p>
      ) : null}
    </form>
  );
}
