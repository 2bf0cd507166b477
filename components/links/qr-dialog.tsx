'use client';

import { Download } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { toastError } from '@/components/ui/toast';
import { qrCells, qrPath, qrPng, qrSvg } from './qr-drawing';

/** The public link as a picture to scan, and as files for slides and print. */
export default function QrDialog({
  link,
  name,
  onClose,
}: {
  link: string;
  name: string;
  onClose: () => void;
}) {
  const { size, data } = qrCells(link);
  const file = `${fileName(name)}-testflight-link`;
  const savePng = async () => {
    try {
      save(await qrPng(link), `${file}.png`);
    } catch (error) {
      void toastError('The PNG file was not made', error);
    }
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="QR code of the public link">
      <div className="grid justify-items-center gap-4">
        <svg
          role="img"
          aria-label={`QR code for ${link}`}
          viewBox={`0 0 ${size} ${size}`}
          shapeRendering="crispEdges"
          className="w-64 max-w-full rounded-md border"
        >
          <rect width={size} height={size} fill="#fff" />
          <path d={qrPath(data)} fill="#000" />
        </svg>
        <p className="max-w-full break-all text-ink-soft text-sm">{link}</p>
        <div className="flex flex-wrap justify-center gap-2">
          <Button
            icon={<Download size={14} aria-hidden />}
            onClick={() => save(new Blob([qrSvg(link)], { type: 'image/svg+xml' }), `${file}.svg`)}
          >
            Download SVG
          </Button>
          <Button icon={<Download size={14} aria-hidden />} onClick={() => void savePng()}>
            Download PNG
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

function save(blob: Blob, name: string): void {
  const href = URL.createObjectURL(blob);
  const anchor = document.createElement('a');
  anchor.href = href;
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
}

function fileName(name: string): string {
  return (
    name
      .normalize('NFKD')
      .replace(/[^\p{Letter}\p{Number}]+/gu, '-')
      .replace(/^-+|-+$/g, '')
      .toLowerCase()
      .slice(0, 60) || 'group'
  );
}
