import type { BinaryImage, Frame } from './report';

/** A UUID in upper case with hyphens; null where it is none, or all zeros. */
export function uuidOf(text: string | null | undefined): string | null {
  const digits = text?.replaceAll('-', '').toUpperCase() ?? '';
  if (!/^[0-9A-F]{32}$/.test(digits) || /^0+$/.test(digits)) return null;
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Finds which image an address lies in; images are as the report lists them. */
function imageFinder(images: readonly BinaryImage[]): (address: string) => number | null {
  const spans = images
    .flatMap((image, index) => {
      if (image.base === null || image.size === null || image.size <= 0) return [];
      const start = BigInt(image.base);
      return [{ start, end: start + BigInt(image.size), index }];
    })
    .sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  return (address) => {
    const value = BigInt(address);
    let low = 0;
    let high = spans.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const span = spans[middle];
      if (span === undefined) return null;
      if (value < span.start) high = middle - 1;
      else if (value >= span.end) low = middle + 1;
      else return span.index;
    }
    return null;
  };
}

/** Bytes from the image's start to the address; null where that is no distance. */
function offsetIn(image: BinaryImage | undefined, address: string | null): number | null {
  if (image === undefined || image.base === null || address === null) return null;
  const distance = BigInt(address) - BigInt(image.base);
  return distance < 0n || distance > BigInt(Number.MAX_SAFE_INTEGER) ? null : Number(distance);
}

/** Puts frames into their image and says how far in: by address, else by name. Made once for all stacks of a report. */
export function placer(images: readonly BinaryImage[]): (frames: readonly Frame[]) => Frame[] {
  if (images.length === 0) return (frames) => [...frames];
  const find = imageFinder(images);
  const byName = new Map<string, number>();
  for (const [index, { name, bundleId }] of images.entries()) {
    if (bundleId !== null && !byName.has(bundleId)) byName.set(bundleId, index);
    if (!byName.has(name)) byName.set(name, index);
  }
  const placed = (frame: Frame): Frame => {
    const image =
      (frame.address === null ? null : find(frame.address)) ?? byName.get(frame.binary ?? '') ?? null;
    const of = image === null ? undefined : images[image];
    return {
      ...frame,
      binary: frame.binary ?? (of === undefined || of.name === '???' ? null : of.name),
      image,
      offset: frame.offset ?? offsetIn(of, frame.address),
    };
  };
  return (frames) => frames.map(placed);
}

/** The last part of a path. */
export function fileNameOf(path: string | null): string | null {
  return path?.split('/').findLast((part) => part !== '') ?? null;
}
