'use client';

import { useQueryClient } from '@tanstack/react-query';
import { Search } from 'lucide-react';
import { type KeyboardEvent, type RefObject, useEffect, useId, useState } from 'react';
import type { ListSpec, ListState } from '@/lib/browser/lists';
import type { ResourceObject } from '@/lib/browser/types';
import { onDemand } from '../on-demand';
import type { Suggestion } from './search-suggestions';
import { filterNamed, shortcutOf, type Token, tokensIn, withoutTokens } from './tokens';
import type { FilterWords, ListWords, Shortcuts } from './types';

const loadSuggestions = () => import('./search-suggestions');
const Suggestions = onDemand(loadSuggestions);

const SEARCH_DEBOUNCE_MS = 180;
const NO_SHORTCUTS: Shortcuts = {};
/** So many letters of a filter's name offer it. */
const SHORTEST = 3;

interface Props<Row extends ResourceObject> {
  type: ListSpec['type'];
  /** The list's whole query string. */
  query: string;
  words: Pick<ListWords<Row>, 'searchLabel' | 'filters' | 'shortcuts'>;
  state: ListState;
  field: RefObject<HTMLInputElement | null>;
  onChange: (value: string) => void;
  /** Leaves the field for the results of these words. */
  onResults: (value: string) => void;
  onFilter: (change: Readonly<Record<string, readonly string[]>>) => void;
}

/**
 * A search field that tells its words when typing pauses. A filter that is written into it (`status:new`) is completed
 * while it is typed and becomes one of the filters in force.
 */
export function SearchField<Row extends ResourceObject>(props: Props<Row>) {
  const { type, query, words, state, field, onChange, onResults, onFilter } = props;
  const { filters, shortcuts = NO_SHORTCUTS, searchLabel: label } = words;
  const value = state.q;
  const client = useQueryClient();
  const listId = useId();
  const [typed, setTyped] = useState(value);
  const [told, setTold] = useState(value);
  const [seen, setSeen] = useState(value);
  // What no filter has, by its text: it is searched for as it stands.
  const [plain, setPlain] = useState<readonly string[]>([]);
  const [offered, setOffered] = useState<readonly Suggestion[]>([]);
  const [at, setAt] = useState(-1);
  const [isOpen, setOpen] = useState(false);
  // Back, or "clear": the address bar has the last word, unless it says what was just told.
  if (seen !== value) {
    setSeen(value);
    if (value !== told) {
      setTold(value);
      setTyped(value);
    }
  }
  const tokens = tokensIn(typed).filter((token) => !plain.includes(textOf(typed, token)));
  const meantTokens = tokens.filter((token) => isFilter(token, filters, shortcuts));
  const rest = withoutTokens(typed, meantTokens);
  const last = tokens.at(-1);
  const current = last?.end === typed.length && isOpen ? last : undefined;
  const offers = current !== undefined && (current.value !== null || current.name.length >= SHORTEST);

  const tell = (text: string) => {
    setTold(text);
    onChange(text);
  };
  useEffect(() => {
    if (rest.trim() === value.trim()) return;
    const timer = setTimeout(() => {
      setTold(rest);
      onChange(rest);
    }, SEARCH_DEBOUNCE_MS);
    return () => clearTimeout(timer);
  });
  const cut = (written: readonly Token[]) =>
    setTyped((now) =>
      written.reduce((text, token) => text.replace(textOf(typed, token), ''), now).trimStart(),
    );
  /** Makes filters of what is written; what no filter has stays as words. Gives the words that are left. */
  const resolve = async (): Promise<string> => {
    const { readTokens } = await loadSuggestions();
    const written = meantTokens.filter((token) => !token.isOpen && token.value !== '');
    const { change, read, unread } = await readTokens(written, {
      client,
      type,
      query,
      filters,
      shortcuts,
      state,
    });
    if (read.length > 0) {
      cut(read);
      onFilter(change);
    }
    if (unread.length > 0) setPlain((before) => [...before, ...unread.map((token) => textOf(typed, token))]);
    return withoutTokens(typed, read);
  };
  const choose = (suggestion: Suggestion) => {
    if (!current) return;
    setAt(-1);
    if (suggestion.writes !== undefined) {
      setTyped(`${typed.slice(0, current.start)}${current.isNot ? '-' : ''}${suggestion.writes}`);
    } else if (suggestion.change) {
      setOpen(false);
      cut([current]);
      onFilter(suggestion.change);
    }
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return;
    const input = event.currentTarget;
    const isListed = offers && offered.length > 0;
    // A lone word may as well be what is looked for: its offers are reached only where nothing else is typed.
    const mayWalk = isListed && (current?.value !== null || typed.trim() === current.name || at >= 0);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && mayWalk) {
      event.preventDefault();
      setAt(Math.max(-1, Math.min(offered.length - 1, at + step)));
      return;
    }
    const active = isListed ? offered[at] : undefined;
    if (event.key === 'Enter' && active) {
      event.preventDefault();
      choose(active);
      return;
    }
    if (event.key === 'Escape' && isListed) {
      event.preventDefault();
      event.stopPropagation();
      setOpen(false);
      setAt(-1);
      return;
    }
    const isOn = event.key === 'Enter' || event.key === 'ArrowDown';
    if (!isOn && event.key !== 'Escape') return;
    // A browser would clear the field on escape; here it is left first.
    event.preventDefault();
    input.blur();
    if (meantTokens.length > 0 && isOn) {
      void resolve().then((text) => {
        tell(text);
        onResults(text);
      });
      return;
    }
    if (rest !== value) tell(rest);
    if (isOn) onResults(rest);
  };
  return (
    <div className="relative flex-1 max-sm:basis-full sm:min-w-60 sm:max-w-80">
      <Search
        size={14}
        aria-hidden
        className="pointer-events-none absolute top-1/2 left-2.5 -translate-y-1/2 text-ink-faint"
      />
      <input
        ref={field}
        type="search"
        value={typed}
        aria-label={label}
        aria-autocomplete="list"
        aria-controls={offers ? listId : undefined}
        aria-activedescendant={offers && at >= 0 ? `${listId} ${at}` : undefined}
        autoComplete="off"
        placeholder={label}
        data-tip={words.shortcuts ? `${label}; or filter, as with status:new` : label}
        data-keys="/"
        onChange={(event) => {
          const text = event.target.value;
          setTyped(text);
          setOpen(true);
          setAt(-1);
          // A blank behind a filter ends it.
          if (
            /\s$/.test(text) &&
            text.length > typed.length &&
            meantTokens.some((token) => token.end === typed.length)
          )
            void resolve();
        }}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
        className="field h-8 w-full pr-2 pl-8 text-sm max-sm:h-9 [&::-webkit-search-cancel-button]:hidden"
      />
      {offers ? (
        <Suggestions
          id={listId}
          token={current}
          {...{ type, query, filters, shortcuts, state, at }}
          onOffered={setOffered}
          onChoose={choose}
        />
      ) : null}
    </div>
  );
}

const textOf = (text: string, { start, end }: Token) => text.slice(start, end);

const isFilter = (token: Token, filters: readonly FilterWords[], shortcuts: Shortcuts): boolean =>
  shortcutOf(token, shortcuts) !== undefined ||
  (token.value !== null && filterNamed(token.name, filters) !== undefined);
