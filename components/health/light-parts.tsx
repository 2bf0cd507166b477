import { Fragment } from 'react';
import { Name } from '@/components/ui/name';
import { Time } from '@/components/ui/time';
import type { Light } from '@/lib/browser/lights';
import { lightWords } from '@/lib/format/light-words';

/** What a light says: names isolated, instants told by the reader's clock. */
export function LightParts({ light }: { light: Light }) {
  return lightWords(light).map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a sentence is never sorted or filtered
    <Fragment key={index}>
      {typeof part === 'string' ? (
        part
      ) : 'name' in part ? (
        <Name className="font-medium">{part.name}</Name>
      ) : (
        <Time at={part.at} isToCome={part.isToCome === true} isInDays />
      )}
    </Fragment>
  ));
}
