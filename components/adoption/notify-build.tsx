'use client';

import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { BUILD_QUERY } from '@/components/builds/builds-spec';
import NotifyDialog from '@/components/builds/notify-dialog';
import { toastError } from '@/components/ui/toast';
import type { BuildRef } from '@/lib/browser/adoption';
import { oneOptions } from '@/lib/browser/lists';
import type { BuildResource } from '@/lib/browser/types';
import { buildWords } from '@/lib/format/builds';

/** Tells everybody who can install a build, after saying how many that are. */
export default function NotifyBuild({
  build,
  appId,
  onClose,
}: {
  build: BuildRef;
  appId: string;
  onClose: () => void;
}) {
  const { data, error } = useQuery(oneOptions<BuildResource>('builds', build.id, BUILD_QUERY));
  useEffect(() => {
    if (!error) return;
    void toastError(`${buildWords(build)} could not be read`, error);
    onClose();
  }, [error, build, onClose]);
  if (!data) return null;
  const detailId = data.included?.find(({ type }) => type === 'buildBetaDetails')?.id;
  return <NotifyDialog build={data.data} appId={appId} detailId={detailId} onClose={onClose} />;
}
