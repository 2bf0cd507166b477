'use client';

import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay } from '@/components/shell/known';
import { Button } from '@/components/ui/button';
import { onDemand } from '@/components/ui/on-demand';
import { Section } from '@/components/ui/section';
import { Time } from '@/components/ui/time';
import { toast, toastError } from '@/components/ui/toast';
import {
  drawingAddress,
  pictureAddress,
  type ReportPage,
  removeDrawingMutation,
} from '@/lib/browser/feedback';

const DrawingDialog = onDemand(() => import('./drawing-dialog'));
const RemoveDialog = onDemand(() => import('@/components/ui/remove-dialog'));

const STATES: Readonly<Record<string, string>> = {
  wanted: 'The picture is still to be fetched from App Store Connect.',
  failed: 'The picture could not be fetched yet and is tried again.',
  refused: 'The picture cannot be kept.',
};
const SHOWN = 'max-h-[30rem] w-auto rounded-md border';

type Drawing = ReportPage['drawings'][number];

/** The pictures of a report as they came, and beside each what the team has drawn on copies of it. */
export function ReportPictures({ page: { report, pictures, drawings } }: { page: ReportPage }) {
  const mayDraw = useMay('feedback:write');
  const [drawn, setDrawn] = useState<number | null>(null);
  const [removing, setRemoving] = useState<Drawing | null>(null);
  const remove = useMutation(removeDrawingMutation());
  if (pictures.length === 0) return null;
  const place = { id: report.id, accountId: report.meta?.accountId ?? '' };
  const address = (position: number) => pictureAddress(place.id, place.accountId, position);
  return (
    <Section title={pictures.length === 1 ? 'Screenshot' : 'Screenshots'}>
      <ul className="flex flex-wrap gap-4">
        {pictures.map(({ position, state, trouble, width, height }) => (
          <li key={position} className="flex max-w-full flex-wrap gap-4">
            {state === 'stored' ? (
              <div className="grid content-start gap-2">
                <a href={address(position)} target="_blank" rel="noreferrer">
                  {/* biome-ignore lint/performance/noImgElement: served by ourselves from the archive */}
                  <img
                    src={address(position)}
                    alt={`Screenshot ${position + 1}`}
                    width={width ?? undefined}
                    height={height ?? undefined}
                    className={SHOWN}
                  />
                </a>
                {mayDraw ? (
                  <p>
                    <Button
                      size="sm"
                      onClick={() => setDrawn(position)}
                      aria-label={`Draw on a copy of screenshot ${position + 1}`}
                    >
                      Draw on a copy…
                    </Button>
                  </p>
                ) : null}
              </div>
            ) : (
              <p className="grid h-40 w-56 place-items-center rounded-md border border-dashed p-4 text-center text-ink-soft text-sm">
                {trouble ?? STATES[state] ?? 'The picture is not here.'}
              </p>
            )}
            {drawings
              .filter((drawing) => drawing.position === position)
              .map((drawing) => (
                <figure key={drawing.id} className="grid content-start gap-2">
                  <a
                    href={drawingAddress(place.id, place.accountId, drawing.id)}
                    target="_blank"
                    rel="noreferrer"
                  >
                    {/* biome-ignore lint/performance/noImgElement: served by ourselves from the archive */}
                    <img
                      src={drawingAddress(place.id, place.accountId, drawing.id)}
                      alt={`Screenshot ${position + 1} with a drawing by ${drawing.by}`}
                      width={drawing.width}
                      height={drawing.height}
                      className={SHOWN}
                    />
                  </a>
                  <figcaption className="flex flex-wrap items-center gap-x-3 gap-y-1 text-ink-soft text-sm">
                    <span>
                      Drawn by <bdi>{drawing.by}</bdi> · <Time at={drawing.at} />
                    </span>
                    {mayDraw ? (
                      <Button
                        size="sm"
                        variant="ghost"
                        onClick={() => setRemoving(drawing)}
                        aria-label={`Delete the drawing by ${drawing.by}`}
                      >
                        Delete
                      </Button>
                    ) : null}
                  </figcaption>
                </figure>
              ))}
          </li>
        ))}
      </ul>
      {drawn === null ? null : (
        <DrawingDialog {...place} position={drawn} src={address(drawn)} onClose={() => setDrawn(null)} />
      )}
      {removing ? (
        <RemoveDialog
          title="Delete this drawing?"
          description="The screenshot it was drawn on stays as it is."
          busy={remove.isPending}
          onClose={() => setRemoving(null)}
          onRemove={() =>
            remove.mutate(
              { ...place, drawing: removing.id },
              {
                onSuccess: () => void toast({ title: 'The drawing was deleted' }),
                onError: (failure) => void toastError('The drawing was not deleted', failure),
                onSettled: () => setRemoving(null),
              },
            )
          }
        />
      ) : null}
    </Section>
  );
}
