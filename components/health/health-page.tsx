'use client';

import { useQuery } from '@tanstack/react-query';
import clsx from 'clsx';
import { NothingYet } from '@/components/shell/nothing-yet';
import { PageHeader } from '@/components/shell/page-header';
import { AsOf } from '@/components/ui/as-of';
import { ErrorState } from '@/components/ui/late-error';
import { Name } from '@/components/ui/name';
import { Section } from '@/components/ui/section';
import { ListSkeleton } from '@/components/ui/skeleton';
import { Dot } from '@/components/ui/status';
import { useUrlText } from '@/components/ui/use-url-state';
import { type AppHealth, type Health, type Light, programmeHealthOptions } from '@/lib/browser/lights';
import { appWords } from '@/lib/format/app-address';
import { formatPlural } from '@/lib/format/numbers';
import { ourTone } from '@/lib/format/tones';
import { AppRow } from './app-row';
import { LightGroups } from './light-groups';
import { SnoozedLights } from './snoozed';
import { useSnooze } from './use-snooze';

/** All apps of all accounts: what wants somebody, then how each app stands. */
export function HealthPage() {
  const [account, setAccount] = useUrlText('account');
  const { data, error, refetch } = useQuery(programmeHealthOptions(account));
  const nameOf = ({ accountId, appId }: Light) => {
    const app = data?.data.apps.find((one) => one.appId === appId && one.accountId === accountId);
    return app && appWords(app.name ?? '', app.accountName);
  };
  const { ask, dialog } = useSnooze(nameOf);
  if (error && !data)
    return (
      <ErrorState title="The health page could not be loaded" error={error} onRetry={() => void refetch()} />
    );
  if (!data) return <ListSkeleton />;
  const { apps, groups, snoozed, testers, accounts } = data.data;
  return (
    <>
      <PageHeader title="Health">
        {formatPlural(apps.length, 'app')} · {formatPlural(testers, 'tester')}
        <div>
          <AsOf view={{ of: 'overview', ...(account ? { account } : {}) }} />
        </div>
      </PageHeader>
      {accounts.length > 1 ? <Accounts all={accounts} chosen={account} onChoose={setAccount} /> : null}
      {apps.length === 0 && groups.length === 0 ? (
        <NothingYet title="No apps yet">
          The team has no app in App Store Connect, or the key may not see one. It appears here with the next
          sync.
        </NothingYet>
      ) : (
        <div className="grid gap-8">
          <Section title="Needs attention">
            {groups.length > 0 ? (
              <LightGroups {...{ groups, apps, account }} onSnooze={ask} />
            ) : (
              <p className="flex items-center gap-3 text-ink-soft text-sm">
                <Dot tone={ourTone('ready.ready')} />
                Nothing: no rule finds anything in {formatPlural(apps.length, 'app')}.
              </p>
            )}
            <SnoozedLights count={snoozed} which={{ account }} appName={nameOf} />
            {dialog}
          </Section>
          {apps.length > 0 ? (
            <Section title="Apps">
              <AppsTable apps={apps} />
            </Section>
          ) : null}
        </div>
      )}
    </>
  );
}

function Accounts({
  all,
  chosen,
  onChoose,
}: {
  all: Health['accounts'];
  chosen: string | null;
  onChoose: (id: string | null) => void;
}) {
  const choices = [{ id: null, name: 'All accounts' }, ...all];
  return (
    <fieldset className="mb-5 flex flex-wrap gap-1.5">
      <legend className="sr-only">Account</legend>
      {choices.map(({ id, name }) => (
        <button
          key={id ?? ''}
          type="button"
          aria-pressed={id === chosen}
          onClick={() => onChoose(id)}
          className={clsx(
            'h-7 max-w-60 truncate rounded-md border px-2.5 text-sm max-sm:h-9',
            id === chosen ? 'border-accent-ink font-medium text-accent-ink' : 'text-ink-soft hover:bg-hover',
          )}
        >
          <Name>{name}</Name>
        </button>
      ))}
    </fieldset>
  );
}

const COLUMNS = [
  ['App', 'w-[15%]'],
  ['Newest build', 'w-[15%]'],
  ['Expires', 'w-[13%]'],
  ['In review', 'w-[11%]'],
  ['Link places', 'w-[13%]'],
  ['Unread', 'w-[8%]'],
  ['Crash-free', 'w-[8%]'],
  ['Adoption', 'w-[7%]'],
  ['Read', 'w-[10%]'],
] as const;

function AppsTable({ apps }: { apps: readonly AppHealth[] }) {
  return (
    <table className="w-full table-fixed border-collapse text-sm max-lg:block">
      <thead className="max-lg:sr-only">
        <tr className="h-9 border-b text-left text-ink-soft text-xs *:px-2 *:font-medium">
          {COLUMNS.map(([title, width]) => (
            <th key={title} scope="col" className={width}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody data-list="" className="max-lg:block">
        {apps.map((app) => (
          <AppRow key={`${app.accountId} ${app.appId}`} app={app} />
        ))}
      </tbody>
    </table>
  );
}
