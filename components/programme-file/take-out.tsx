'use client';

import { useMutation } from '@tanstack/react-query';
import { Copy, Download, FileText } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '@/components/shell/known';
import { Button } from '@/components/ui/button';
import { onDemand } from '@/components/ui/on-demand';
import { Section } from '@/components/ui/section';
import { toast, toastError } from '@/components/ui/toast';
import { exportFileMutation } from '@/lib/browser/programme-file';

const CloneDialog = onDemand(() => import('./clone-dialog'));

/** The programme as a file: downloaded, put into the editor or over what stands there, or taken to another app. */
export function TakeOut({
  appId,
  appName,
  text,
  onText,
}: {
  appId: string;
  appName: string;
  text: string;
  onText: (text: string) => void;
}) {
  const mayExport = useMay('export:run');
  const [hasPersonalData, setPersonal] = useState(false);
  const [isCloning, setCloning] = useState(false);
  const take = useMutation(exportFileMutation(appId));
  const failed = (error: unknown) => void toastError('The file was not written', error);
  const wish = hasPersonalData ? { hasPersonalData: true as const } : {};
  const isOver = text.trim() !== '';
  return (
    <Section title="Take out">
      <p className="text-ink-soft text-sm">
        What App Store Connect has at this moment. Testers are not in it, nor is the password of the demo
        account.
      </p>
      {mayExport ? (
        <label className="flex items-start gap-2 text-sm">
          <input
            type="checkbox"
            checked={hasPersonalData}
            onChange={(event) => setPersonal(event.target.checked)}
            className="mt-0.5 size-4 accent-accent"
          />
          <span>
            With the contact for beta review
            <span className="block text-ink-soft">
              Name, telephone number and e-mail address of a person. That it was taken out stands in Activity.
            </span>
          </span>
        </label>
      ) : null}
      <div className="flex flex-wrap gap-2">
        <Button
          icon={<Download size={14} aria-hidden />}
          busy={take.isPending}
          onClick={() =>
            take.mutate(wish, {
              onSuccess: ({ data }) => download(data.text, `${appName}.testflight.yaml`),
              onError: failed,
            })
          }
        >
          Download
        </Button>
        <Button
          icon={<FileText size={14} aria-hidden />}
          disabled={take.isPending}
          onClick={() =>
            take.mutate(isOver ? { ...wish, over: text } : wish, {
              onSuccess({ data }) {
                onText(data.text);
                void toast({
                  title: isOver ? 'The file says what is there now' : 'The programme is in the editor',
                });
              },
              onError: failed,
            })
          }
        >
          {isOver ? 'Write it over the file below' : 'Put it below'}
        </Button>
        <Button icon={<Copy size={14} aria-hidden />} onClick={() => setCloning(true)}>
          Clone to another app…
        </Button>
      </div>
      {isCloning ? <CloneDialog appId={appId} onClose={() => setCloning(false)} /> : null}
    </Section>
  );
}

function download(text: string, name: string): void {
  const href = URL.createObjectURL(new Blob([text], { type: 'application/yaml' }));
  const link = document.createElement('a');
  link.href = href;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
}
