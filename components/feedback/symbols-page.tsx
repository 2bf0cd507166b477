'use client';

import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay } from '@/components/shell/known';
import { Button } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { ErrorState } from '@/components/ui/late-error';
import { Name } from '@/components/ui/name';
import { onDemand } from '@/components/ui/on-demand';
import { Section } from '@/components/ui/section';
import { ListSkeleton } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import { toast, toastError } from '@/components/ui/toast';
import { bundlesOptions, removeSymbolsMutation, symbolsOptions } from '@/lib/browser/symbols';
import type { SymbolsPage as Page } from '@/lib/browser/types';
import { formatBytes, formatPlural } from '@/lib/format/numbers';
import { joinedPages } from '@/lib/format/symbol-pages';
import { SymbolsDrop } from './symbols-drop';

const DeleteSymbols = onDemand(() => import('./delete-symbols'));

/** Which symbols an app's crashes need, how to get them, and which are here. */
export function SymbolsPage({ appId }: { appId: string }) {
  const list = useInfiniteQuery(symbolsOptions(appId));
  const { data, error, refetch } = list;
  const maySend = useMay('symbols:write');
  if (error && !data)
    return (
      <ErrorState title="The symbols could not be loaded" error={error} onRetry={() => void refetch()} />
    );
  const [first, ...others] = data?.pages ?? [];
  if (!first) return <ListSkeleton rows={4} />;
  const page = joinedPages([first.data, ...others.map((one) => one.data)]);
  return (
    <div className="grid max-w-4xl gap-8">
      <Reader tool={page.tool} />
      {maySend ? (
        <SymbolsDrop appId={appId} />
      ) : (
        <p className="text-ink-soft text-sm">Whoever may triage can send symbols.</p>
      )}
      <Missing missing={page.missing} appId={appId} />
      <Stored stored={page.stored} maySend={maySend} />
      {list.hasNextPage ? (
        <div className="flex flex-wrap items-center gap-3">
          <p className="text-ink-soft text-sm">There is more in these lists than is shown.</p>
          <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            Show more
          </Button>
        </div>
      ) : null}
    </div>
  );
}

/** What stands in the way of reading symbols. */
function Reader({ tool }: { tool: Page['tool'] }) {
  if (tool === null || tool.isThere) return null;
  return (
    <div role="status" className="grid gap-1 rounded-md border px-3 py-2 text-sm">
      <p>
        {tool.why} Symbols are kept, and read once it is there: on the machine of the worker run{' '}
        <code className="font-mono">apt-get install llvm</code>, or set{' '}
        <code className="font-mono">FLIGHTDECK_SYMBOLIZER</code> to the program.
      </p>
    </div>
  );
}

function Missing({ missing, appId }: { missing: Page['missing']; appId: string }) {
  return (
    <Section title="Missing">
      {missing.length === 0 ? (
        <p className="text-ink-soft text-sm">
          No symbols are missing: every crash that is here has names, or its symbols are here.
        </p>
      ) : (
        <ul className="grid gap-5">
          {missing.map(({ buildId, build, images }) => (
            <li key={buildId ?? ''} className="grid gap-2">
              <h3 className="font-medium text-sm">{build ?? 'A build that is not known here'}</h3>
              <ul className="grid divide-y border-y text-sm">
                {images.map(({ uuid, name, arch, reports }) => (
                  <li key={uuid} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-2">
                    <span className="min-w-0">
                      <Name className="font-medium">{name}</Name>
                      {arch ? ` (${arch})` : ''} · {formatPlural(reports, 'crash report')}
                      <br />
                      <code className="wrap-anywhere font-mono text-ink-soft text-xs">{uuid}</code>
                    </span>
                    <CopyButton text={uuid}>Copy the UUID</CopyButton>
                  </li>
                ))}
              </ul>
              <HowToGet buildId={buildId} build={build} appId={appId} />
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function HowToGet({
  buildId,
  build,
  appId,
}: {
  buildId: string | null;
  build: string | null;
  appId: string;
}) {
  const [isOpen, setOpen] = useState(false);
  const mayAsk = useMay('apple:read');
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="w-fit cursor-pointer rounded-sm text-sm hover:text-accent-ink">
        How to get them
      </summary>
      <ul className="mt-2 grid list-disc gap-1 pl-5 text-ink-soft text-sm">
        <li>
          In Xcode: Window, Organizer, Archives. Show the archive of {build ?? 'the build'} in Finder, then
          its package contents, and drop the folder dSYMs here.
        </li>
        <li>
          On the build machine:{' '}
          <code className="font-mono">npm run flightdeck -- symbols upload PATH --app {appId}</code> with a
          token for symbols.
        </li>
        {isOpen && buildId && mayAsk ? <AtApple buildId={buildId} /> : null}
        <li>
          Of a framework that somebody else built: its maker ships the dSYM beside it, in an .xcframework
          under dSYMs.
        </li>
      </ul>
    </details>
  );
}

/** What App Store Connect has of a build's symbols. */
function AtApple({ buildId }: { buildId: string }) {
  const { data } = useQuery(bundlesOptions(buildId));
  const bundles = (data?.included ?? []).flatMap(({ attributes }) => attributes ?? []);
  if (bundles.length === 0) return null;
  const url = bundles.map(({ dSYMUrl }) => dSYMUrl).find((one) => one?.startsWith('https://'));
  if (url)
    return (
      <li>
        <a href={url} rel="noreferrer" className="text-accent-ink underline">
          Download the dSYMs from App Store Connect
        </a>{' '}
        and drop the file here.
      </li>
    );
  return (
    <li>
      {bundles.some(({ includesSymbols }) => includesSymbols)
        ? 'App Store Connect was given symbols with this build but offers none to download.'
        : 'App Store Connect has none: this build was uploaded without its symbols.'}
    </li>
  );
}

function Stored({ stored, maySend }: { stored: Page['stored']; maySend: boolean }) {
  const remove = useMutation(removeSymbolsMutation());
  const [leaving, setLeaving] = useState<Page['stored'][number] | null>(null);
  return (
    <Section title="Here">
      {stored.length === 0 ? (
        <p className="text-ink-soft text-sm">No symbols are here yet.</p>
      ) : (
        <ul aria-label="Symbols that are here" className="grid divide-y border-y text-sm">
          {stored.map((one) => (
            <li key={one.uuid} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-2">
              <span className="min-w-0">
                <Name className="font-medium">{one.name}</Name> ({one.arch}) · {formatBytes(one.size)} ·{' '}
                {one.reports === 0
                  ? 'no crash report needs it'
                  : `for ${formatPlural(one.reports, 'crash report')}`}
                <br />
                <code className="wrap-anywhere font-mono text-ink-soft text-xs">{one.uuid}</code>
                <span className="text-ink-soft">
                  {' · '}
                  <Time at={one.createdAt} /> by <Name>{one.sentBy}</Name>
                </span>
                {one.trouble ? (
                  <span className="block">{one.trouble} It is tried again by itself.</span>
                ) : null}
              </span>
              {maySend ? (
                <Button
                  variant="ghost"
                  size="sm"
                  aria-label={`Delete the symbols of ${one.name} (${one.arch})`}
                  onClick={() => setLeaving(one)}
                >
                  Delete
                </Button>
              ) : null}
            </li>
          ))}
        </ul>
      )}
      {leaving ? (
        <DeleteSymbols
          symbols={leaving}
          busy={remove.isPending}
          onClose={() => setLeaving(null)}
          onDelete={() =>
            remove.mutate(leaving.uuid, {
              onSuccess: () => void toast({ title: `The symbols of “${leaving.name}” were deleted` }),
              onError: (failure) => void toastError('The symbols were not deleted', failure),
              onSettled: () => setLeaving(null),
            })
          }
        />
      ) : null}
    </Section>
  );
}
