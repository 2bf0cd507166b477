'use client';

import { Dialog } from '@/components/ui/dialog';
import { Kbd } from '@/components/ui/kbd';
import { useOpenPlaces } from './known';
import { APP_PLACES } from './nav';

const GROUPS: readonly { title: string; keys: readonly (readonly [keys: string, does: string])[] }[] = [
  {
    title: 'Everywhere',
    keys: [
      ['⌘ K', 'Go to, do, find a tester'],
      ['⌘ 1–9', 'Switch to an app'],
      ['?', 'This sheet'],
    ],
  },
  {
    title: 'In every list',
    keys: [
      ['/', 'Search, where there is one; ↓ or ↵ goes into the results'],
      ['j', 'Next row'],
      ['k', 'Previous row'],
      ['↵', 'Open or unfold'],
      ['x', 'Select, where rows can be selected'],
      ['esc', 'Leave the search; clear the selection; clear the search'],
    ],
  },
  {
    title: 'In lists of testers, groups, builds and feedback',
    keys: [
      ['␣', 'Peek at the row; j and k move the peek'],
      ['⇧ j', 'Select the next row too'],
      ['⇧ x', 'Select up to here'],
      ['←', 'Close the version a build stands under; with ⇧ all of them'],
      ['→', 'Open it; with ⇧ all of them'],
    ],
  },
  {
    title: 'In a tester, a group, a build, a report or a crash issue',
    keys: [
      ['j', 'Next one of the list'],
      ['k', 'Previous one of the list'],
      ['e', 'Rename the group; edit What to Test of the build'],
      ['esc', 'Back to the list'],
    ],
  },
  {
    title: 'On the health page',
    keys: [
      ['j', 'Next light, then next app'],
      ['↵', 'Do what the light says'],
      ['s', 'Snooze it for the team…'],
    ],
  },
  {
    title: 'Deciding about feedback: what is selected, the row, or the one that is open',
    keys: [
      ['t', 'Triaged'],
      ['i', 'In progress'],
      ['r', 'Resolved in a build…'],
      ['w', 'Won’t fix'],
      ['d', 'Duplicate of…'],
      ['m', 'Assign to me'],
      ['a', 'Assign to…'],
      ['p', 'Priority…'],
      ['l', 'Label…'],
      ['s', 'Snooze until the next build'],
      ['h', 'Snooze until a date…'],
      ['n', 'Write a note, where one is open'],
      ['z', 'Take the last decision back'],
    ],
  },
];

/** All shortcuts on one sheet. */
export default function ShortcutsSheet({ onClose }: { onClose: () => void }) {
  const all = useOpenPlaces();
  const places = [
    ...APP_PLACES.map(({ key, label }) => [`g ${key}`, `${label} of the app`] as const),
    ...all.map(({ key, label }) => [`g ${key}`, label] as const),
  ];
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Keyboard shortcuts" wide>
      <div className="gap-x-10 sm:columns-2">
        {[...GROUPS, { title: 'Go to', keys: places }].map((group) => (
          <section key={group.title} className="mb-6 break-inside-avoid last:mb-0">
            <h3 className="mb-2 font-medium text-ink-soft text-xs">{group.title}</h3>
            <dl className="grid gap-1.5 text-sm">
              {group.keys.map(([keys, does]) => (
                <div key={keys + does} className="flex items-center justify-between gap-4">
                  <dt>{does}</dt>
                  <dd className="flex gap-1">
                    {keys.split(' ').map((key) => (
                      <Kbd key={key}>{key}</Kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
