'use client';

import { type QueryClient, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import type { ListSpec, ListState } from '@/lib/browser/lists';
import { facetOptions } from '@/lib/browser/lookups';
import { askedFor, FilterLine, type Line, linesOf, useLater } from './filter-lines';
import { filterNamed, meant, shortcutOf, type Token, withValues, wordOf } from './tokens';
import type { FilterOption, FilterWords, Shortcuts } from './types';

/** How a value is compared: `>=412`. */
const COMPARED = /^(?:[<>]=?)\S/;
const MOST = 8;

interface Facts {
  readonly type: ListSpec['type'];
  readonly query: string;
  readonly filters: readonly FilterWords[];
  readonly shortcuts: Shortcuts;
  readonly state: ListState;
}

/** What is offered while a filter is typed: to write on, or to choose. */
export interface Suggestion {
  readonly line: Line;
  readonly writes?: string;
  readonly change?: Readonly<Record<string, readonly string[]>>;
}

interface Props extends Facts {
  id: string;
  token: Token;
  at: number;
  onOffered: (offered: readonly Suggestion[]) => void;
  onChoose: (suggestion: Suggestion) => void;
}

/** The filters, or the values of one, that begin with what is typed. */
export default function SearchSuggestions(props: Props) {
  const { id, token, at, type, query, filters, shortcuts, state, onOffered, onChoose } = props;
  const filter = token.value === null ? undefined : filterNamed(token.name, filters);
  const word = useLater(token.value ?? '');
  const { data, isPending } = useQuery({
    ...facetOptions(type, filter?.param ?? '', query, filter ? askedFor(filter, word) : ''),
    enabled: filter !== undefined && !filter.isTyped,
  });
  const offered = useMemo((): Suggestion[] => {
    const short = Object.keys(shortcuts).flatMap((name): Suggestion[] => {
      const whole = token.value === null ? token.name : `${token.name}:${token.value}`;
      const stands = shortcuts[name];
      const into = filters.find(({ param }) => param === stands?.param);
      if (!stands || !name.startsWith(whole)) return [];
      const option = { value: name, label: name };
      const line = { id: name, filter: into ?? { param: stands.param, label: 'Show' }, option };
      return [{ line, change: changeOf(stands.param, [stands.value], token.isNot, { filters, state }) }];
    });
    if (filter) {
      const values = filter.isTyped ? [] : linesOf(filter, data?.data, token.value ?? '');
      return [
        ...short,
        ...values.map((line) => ({
          line,
          change: changeOf(filter.param, line.option ? [line.option.value] : [], token.isNot, {
            filters,
            state,
          }),
        })),
      ].slice(0, MOST);
    }
    const named = filters
      .filter((each) => token.value === null && !each.isTyped)
      .filter((each) => [wordOf(each), each.label.toLowerCase()].some((name) => name.startsWith(token.name)))
      .map((each) => ({ line: { id: each.param, filter: each }, writes: `${wordOf(each)}:` }));
    return [...named, ...short].slice(0, MOST);
  }, [filter, filters, shortcuts, state, token.name, token.value, token.isNot, data]);
  useEffect(() => {
    onOffered(offered);
    return () => onOffered([]);
  }, [offered, onOffered]);
  if (offered.length === 0 && (!filter || filter.isTyped || isPending)) return null;
  return (
    <div className="absolute inset-x-0 top-full z-20 mt-1 rounded-md border bg-raised p-1 text-sm shadow-pop">
      <ul
        id={id}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the field above has the focus and the keys
        role="listbox"
        aria-label="Filters to choose from"
        // The field must not lose the focus before the press is over.
        onPointerDown={(event) => event.preventDefault()}
        className="max-h-72 overflow-y-auto"
      >
        {offered.map((suggestion, index) => (
          <FilterLine
            key={suggestion.line.id}
            id={`${id} ${index}`}
            line={suggestion.line}
            isActive={index === at}
            isChosen={false}
            showsFilter={!filter}
            onChoose={() => onChoose(suggestion)}
          />
        ))}
      </ul>
      <p role="status" className="px-2 text-ink-soft text-xs empty:hidden">
        {offered.length > 0 ? '' : `No ${filter?.label.toLowerCase() ?? 'filter'} is called so here.`}
      </p>
    </div>
  );
}

function changeOf(
  param: string,
  values: readonly string[],
  isNot: boolean,
  { filters, state }: { filters: readonly FilterWords[]; state: ListState },
) {
  // What stands in no filter are the tabs, of which one holds.
  const isTab = !filters.some((each) => each.param === param);
  return withValues(state.filters, { param, values, isNot }, isTab);
}

/** What written filters mean; the server is asked what it alone knows. */
export async function readTokens(
  tokens: readonly Token[],
  { client, type, query, filters, shortcuts, state }: Facts & { client: QueryClient },
) {
  const read: Token[] = [];
  const unread: Token[] = [];
  let change: Readonly<Record<string, readonly string[]>> = {};
  for (const token of tokens) {
    const short = shortcutOf(token, shortcuts);
    const compared = COMPARED.test(token.value ?? '')
      ? filters.find(({ isTyped, words }) => isTyped && words?.includes(token.name))
      : undefined;
    const filter = compared ?? filterNamed(token.name, filters);
    const param = short?.param ?? filter?.param;
    const values = short
      ? [short.value]
      : compared
        ? [token.value ?? '']
        : filter
          ? (await meantBy(token.value ?? '', filter)).map(({ value }) => value)
          : [];
    const isTab = param !== undefined && !filters.some((each) => each.param === param);
    if (param === undefined || values.length === 0 || (isTab && token.isNot)) {
      unread.push(token);
      continue;
    }
    const chosen = { ...state, filters: { ...state.filters, ...change } };
    change = { ...change, ...changeOf(param, values, token.isNot, { filters, state: chosen }) };
    read.push(token);
  }
  return { change, read, unread };

  async function meantBy(typed: string, filter: FilterWords): Promise<readonly FilterOption[]> {
    if (filter.options) return meant(filter.options, typed);
    const late = await filter.lateLabel?.();
    const asked = facetOptions(type, filter.param, query, askedFor(filter, typed));
    const { data } = await client.fetchQuery(asked);
    const lines = linesOf(late ? { ...filter, valueLabel: late } : filter, data, '');
    return meant(
      lines.flatMap(({ option }) => option ?? []),
      typed,
    );
  }
}
