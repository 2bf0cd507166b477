'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { RotateCw } from 'lucide-react';
import { useApps, useMay } from '@/components/shell/known';
import { IconButton } from '@/components/ui/button';
import { ErrorState } from '@/components/ui/late-error';
import { ListSkeleton } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import { toastError } from '@/components/ui/toast';
import { appTextOptions, localizationsOptions, readTestInformationMutation } from '@/lib/browser/texts';
import { AppText } from './app-text';
import { DemoPassword, DemoSwitch } from './demo-account';
import { DEMO_FIELDS, LICENCE_FIELDS, REVIEW_FIELDS } from './information-fields';
import { Languages } from './languages';

/** A part of the test information. */
export type InformationPart = 'languages' | 'contact' | 'demo' | 'licence';

/** What testers and beta review are told of an app: by language, whom to call, how to sign in, the licence. */
export function TestInformationPage({
  appId,
  only,
}: {
  appId: string;
  /** One part of it alone, as in a panel. */
  only?: InformationPart;
}) {
  const isShown = (part: InformationPart) => only === undefined || only === part;
  const mayWrite = useMay('programme:write');
  const primaryLocale = useApps().find(({ id }) => id === appId)?.attributes?.primaryLocale ?? null;
  const localizations = useQuery(localizationsOptions(appId));
  const review = useQuery(appTextOptions('review', appId));
  const licence = useQuery(appTextOptions('licence', appId));
  const parts = [localizations, review, licence];
  const failed = parts.find(({ error, data }) => error && !data);
  if (failed)
    return (
      <ErrorState
        title="The test information could not be loaded"
        error={failed.error}
        onRetry={() => {
          for (const part of parts) void part.refetch();
        }}
      />
    );
  if (!localizations.data || !review.data || !licence.data) return <ListSkeleton />;
  const contact = review.data.data;
  const agreement = licence.data.data;
  return (
    <div className="grid max-w-4xl gap-10">
      <Age
        appId={appId}
        fetchedAt={localizations.data.meta?.fetchedAt}
        isStale={parts.some(({ data }) => data?.meta?.stale === true)}
      />
      {isShown('languages') ? (
        <Languages
          appId={appId}
          localizations={localizations.data.data}
          primaryLocale={primaryLocale}
          mayWrite={mayWrite}
        />
      ) : null}
      {contact && isShown('contact') ? (
        <AppText
          title="Contact for beta review"
          about="Whom App Store Connect calls when the review has a question. Testers do not see it."
          resource={{ ...contact, type: 'betaAppReviewDetails' }}
          appId={appId}
          fields={REVIEW_FIELDS}
          draftKey={`review-contact/${appId}`}
          said="Contact for beta review saved"
          mayWrite={mayWrite}
        />
      ) : null}
      {contact && isShown('demo') ? (
        <AppText
          title="Demo account"
          about="With it reviewers sign in to the app."
          resource={{ ...contact, type: 'betaAppReviewDetails' }}
          appId={appId}
          fields={DEMO_FIELDS}
          draftKey={`demo-account/${appId}`}
          said="Demo account saved"
          mayWrite={mayWrite}
        >
          <DemoSwitch resource={contact} mayWrite={mayWrite} />
          {mayWrite ? <DemoPassword resource={contact} /> : null}
        </AppText>
      ) : null}
      {agreement && isShown('licence') ? (
        <AppText
          title="Licence"
          about="What external testers agree to before they test."
          resource={{ ...agreement, type: 'betaLicenseAgreements' }}
          appId={appId}
          fields={LICENCE_FIELDS}
          draftKey={`licence/${appId}`}
          said="Licence agreement saved"
          mayWrite={mayWrite}
        />
      ) : null}
    </div>
  );
}

function Age({
  appId,
  fetchedAt,
  isStale,
}: {
  appId: string;
  fetchedAt: string | null | undefined;
  isStale: boolean;
}) {
  const read = useMutation(readTestInformationMutation(appId));
  const mayAsk = useMay('apple:read');
  return (
    <p role="status" className="flex flex-wrap items-center gap-1 text-ink-soft text-sm">
      <span>
        From App Store Connect, <Time at={fetchedAt} />
        {isStale ? (
          <span className="text-attention">. It cannot be asked now: this is the last that is known</span>
        ) : null}
      </span>
      {mayAsk ? (
        <IconButton
          label="Read the test information again"
          disabled={read.isPending}
          onClick={() =>
            read.mutate(undefined, { onError: (error) => void toastError('Could not be read again', error) })
          }
        >
          <RotateCw size={13} aria-hidden className={read.isPending ? 'animate-spin' : undefined} />
        </IconButton>
      ) : null}
    </p>
  );
}
