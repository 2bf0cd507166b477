'use client';

import { Dialog } from '@base-ui/react/dialog';
import { Command as List } from 'cmdk';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { AppTile, iconOf } from '@/components/programme/app-tile';
import { Name } from '@/components/ui/name';
import { appWords } from '@/lib/format/app-address';
import { useApps } from './known';
import { lastHref } from './last-page';
import { Found } from './palette-found';
import { GROUP, ITEM } from './palette-style';
import { type Command, useAsked, usePlaces, useVerbs } from './palette-verbs';
import { useOpened } from './use-opened';
import { remember, useRecent } from './use-recent';

/** More come up when one types. */
const MOST_ASKED = 3;

/** Go to, do, and find: what was done last, what this page is for, places, apps, and whatever the search knows. */
export default function Palette({ onClose, onShortcuts }: { onClose: () => void; onShortcuts: () => void }) {
  const [words, setWords] = useState('');
  const [chosen, setChosen] = useState('');
  const router = useRouter();
  const go = (href: string) => {
    onClose();
    router.push(href);
  };
  const here = {
    path: location.pathname,
    search: location.search,
    go,
    openShortcuts: onShortcuts,
  };
  const { page, everywhere } = useVerbs(here);
  const places = usePlaces(here);
  const asked = useAsked(here);
  const recent = useRecent();
  const opened = useOpened(here);
  const all = new Map([...page, ...everywhere, ...places].map((command) => [command.id, command]));
  const onPage = new Set(page.map(({ id }) => id));
  const again = [...recent.flatMap((id) => (onPage.has(id) ? [] : (all.get(id) ?? []))), ...opened];
  const shown = new Set(words === '' ? again.map(({ id }) => id) : []);
  const others = (commands: readonly Command[]) => commands.filter(({ id }) => !shown.has(id));
  const choose = (command: Command) => {
    // What is a thing, not a way to do one, is remembered when it is opened.
    if (all.has(command.id)) remember(command.id);
    onClose();
    command.run();
  };
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-[#0b0d12]/45" />
        <Dialog.Popup className="fixed top-[10vh] left-1/2 z-50 w-[min(38rem,calc(100vw-1.5rem))] -translate-x-1/2 overflow-hidden rounded-lg border bg-raised shadow-pop">
          <Dialog.Title className="sr-only">Go to, do or find</Dialog.Title>
          <List
            label="Go to, do or find"
            loop
            value={chosen}
            onValueChange={setChosen}
            filter={(_, asked, names) => (holds(names, asked) ? 1 : 0)}
          >
            <List.Input
              value={words}
              onValueChange={setWords}
              placeholder="Go to, do, or find a tester by e-mail"
              className="h-12 w-full border-b bg-transparent px-4 text-base outline-none"
            />
            <List.List className="max-h-[60vh] overflow-y-auto overscroll-contain">
              <Found words={words} onGo={go} onFound={setChosen} />
              <Commands heading="On this page" commands={lastFirst(page, recent)} onChoose={choose} />
              <Commands heading="Recent" commands={words === '' ? again : opened} onChoose={choose} />
              <Commands
                heading="Needs attention"
                commands={words === '' ? asked.slice(0, MOST_ASKED) : asked}
                onChoose={choose}
              />
              <Apps onGo={go} />
              <Commands heading="Go to" commands={others(places)} onChoose={choose} />
              <Commands heading="Do" commands={others(everywhere)} onChoose={choose} />
            </List.List>
          </List>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** What was chosen last comes first; the rest keep their order. */
function lastFirst(commands: readonly Command[], recent: readonly string[]): readonly Command[] {
  const rank = ({ id }: Command) => (recent.includes(id) ? recent.indexOf(id) : recent.length);
  return commands.toSorted((a, b) => rank(a) - rank(b));
}

/** Every word typed stands in the names; a match of scattered letters would put apps before people. */
function holds(names: readonly string[] = [], asked: string): boolean {
  const text = names.join(' ').toLowerCase();
  return asked
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function Commands({
  heading,
  commands,
  onChoose,
}: {
  heading: string;
  commands: readonly Command[];
  onChoose: (command: Command) => void;
}) {
  if (commands.length === 0) return null;
  return (
    <List.Group heading={heading} className={GROUP}>
      {commands.map((command) => (
        <List.Item
          key={command.id}
          value={`${heading} ${command.id}`}
          keywords={[command.label, command.also ?? '']}
          onSelect={() => onChoose(command)}
          className={ITEM}
        >
          <command.icon size={15} aria-hidden className="shrink-0 text-ink-soft" />
          <span className="min-w-0 truncate">{command.label}</span>
        </List.Item>
      ))}
    </List.Group>
  );
}

function Apps({ onGo }: { onGo: (href: string) => void }) {
  const apps = useApps();
  if (apps.length === 0) return null;
  return (
    <List.Group heading="Apps" className={GROUP}>
      {apps.map(({ id, attributes, meta }, index) => (
        <List.Item
          key={`${meta?.accountId} ${id}`}
          value={`app ${meta?.accountId} ${id}`}
          keywords={[attributes?.name ?? '', attributes?.bundleId ?? '', meta?.accountName ?? '']}
          onSelect={() => apps[index] && onGo(lastHref(apps[index]))}
          className={ITEM}
        >
          <AppTile name={attributes?.name} icon={iconOf(id, meta)} size="sm" />
          <Name className="truncate">{appWords(attributes?.name ?? '', meta?.accountName)}</Name>
        </List.Item>
      ))}
    </List.Group>
  );
}
