'use client';

import type { ReactNode } from 'react';
import { SaveBar } from '@/components/texts/save-bar';
import { useTextRows } from '@/components/texts/use-text-rows';
import { Section } from '@/components/ui/section';
import type { TextResource } from '@/lib/browser/texts';
import { type InformationField, rowOf } from './information-fields';
import { TextFields } from './text-fields';

/** Texts of the app itself that stand in no language: they exist already and are only changed. */
export function AppText({
  title,
  about,
  resource,
  appId,
  fields,
  draftKey,
  said,
  mayWrite,
  children,
}: {
  title: string;
  about: string;
  resource: TextResource & { readonly type: 'betaAppReviewDetails' | 'betaLicenseAgreements' };
  appId: string;
  fields: readonly InformationField[];
  draftKey: string;
  said: string;
  mayWrite: boolean;
  children?: ReactNode;
}) {
  const row = rowOf(resource, fields);
  const texts = useTextRows({
    type: resource.type,
    owner: { name: 'app', to: { type: 'apps', id: appId } },
    rows: [row],
    draftKey,
    said: () => said,
  });
  const [shown = row] = texts.rows;
  return (
    <Section title={title}>
      <p className="text-ink-soft text-sm">{about}</p>
      <TextFields row={shown} fields={fields} texts={texts} isDisabled={!mayWrite} />
      {children}
      {mayWrite ? (
        <SaveBar texts={texts} label="Save" problem={null} onSave={() => void texts.save()} />
      ) : null}
    </Section>
  );
}
