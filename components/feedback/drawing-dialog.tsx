'use client';

import { useMutation } from '@tanstack/react-query';
import { Undo2 } from 'lucide-react';
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { TextField } from '@/components/ui/field';
import { toast } from '@/components/ui/toast';
import { addDrawingMutation } from '@/lib/browser/feedback';
import {
  COLOURS,
  type Colour,
  drawnOn,
  FONT,
  inTheMiddle,
  isSpeck,
  KIND_WORDS,
  KINDS,
  type Kind,
  type Mark,
  movedBy,
  pathOf,
  reaching,
  type Size,
  weights,
} from './drawing-marks';

/** A little less than the server takes, bytes. */
const MOST_BYTES = 8_500_000;

/** What a pointer does at the moment. */
interface Hold {
  readonly id: number;
  readonly isNew: boolean;
  readonly x: number;
  readonly y: number;
  readonly before: readonly Mark[];
}

/** Draws boxes, arrows and words on a copy of a picture, with a pointer or with keys alone. */
export default function DrawingDialog({
  id,
  accountId,
  position,
  src,
  onClose,
}: {
  id: string;
  accountId: string;
  position: number;
  src: string;
  onClose: () => void;
}) {
  const picture = useRef<HTMLImageElement>(null);
  const area = useRef<SVGSVGElement>(null);
  const hold = useRef<Hold | null>(null);
  const nextId = useRef(1);
  const [size, setSize] = useState<Size | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [isMaking, setMaking] = useState(false);
  const [kind, setKind] = useState<Kind>('box');
  const [colour, setColour] = useState<Colour>('red');
  const [marks, setMarks] = useState<readonly Mark[]>([]);
  const [past, setPast] = useState<readonly (readonly Mark[])[]>([]);
  const [chosen, setChosen] = useState<number | null>(null);
  const save = useMutation(addDrawingMutation());
  const one = marks.find((mark) => mark.id === chosen);

  // It may have been there before anybody listened.
  useEffect(() => {
    const there = picture.current;
    if (there?.complete && there.naturalWidth > 0) setSize(sizeOf(there));
  }, []);
  const change = (next: readonly Mark[], before = marks) => {
    setPast([...past, before]);
    setMarks(next);
  };
  const replaced = (mark: Mark) => marks.map((other) => (other.id === mark.id ? mark : other));
  const undo = () => {
    const before = past.at(-1);
    if (!before) return;
    setMarks(before);
    setPast(past.slice(0, -1));
    if (!before.some((mark) => mark.id === chosen)) setChosen(null);
  };
  const focus = (mark: number) =>
    requestAnimationFrame(() => area.current?.querySelector<SVGElement>(`[data-mark="${mark}"]`)?.focus());
  const add = () => {
    if (!size) return;
    const mark = inTheMiddle(kind, colour, nextId.current++, size);
    change([...marks, mark]);
    setChosen(mark.id);
    focus(mark.id);
  };
  const placeOf = ({ clientX, clientY }: PointerEvent) => {
    const box = area.current?.getBoundingClientRect();
    if (!box || !size) return { x: 0, y: 0 };
    return {
      x: ((clientX - box.left) / box.width) * size.width,
      y: ((clientY - box.top) / box.height) * size.height,
    };
  };
  const down = (event: PointerEvent, held?: Mark) => {
    if (!size || hold.current || event.button !== 0) return;
    event.stopPropagation();
    area.current?.setPointerCapture(event.pointerId);
    const { x, y } = placeOf(event);
    const fresh = { id: held?.id ?? nextId.current++, isNew: !held, x, y, before: marks };
    hold.current = fresh;
    setChosen(fresh.id);
    if (held) return;
    const [x1, y1] = [Math.round(x), Math.round(y)];
    const text = kind === 'word' ? 'Here' : '';
    setMarks([...marks, { id: fresh.id, kind, colour, x1, y1, x2: x1, y2: y1, text }]);
  };
  const move = (event: PointerEvent) => {
    const held = hold.current;
    if (!held || !size) return;
    const { x, y } = placeOf(event);
    setMarks((all) =>
      all.map((mark) => {
        if (mark.id !== held.id) return mark;
        if (held.isNew) return mark.kind === 'word' ? mark : reaching(mark, x, y, size);
        const start = held.before.find((other) => other.id === mark.id) ?? mark;
        return movedBy(start, x - held.x, y - held.y, size);
      }),
    );
  };
  const up = () => {
    const held = hold.current;
    hold.current = null;
    if (!held || !size) return;
    const mark = marks.find((other) => other.id === held.id);
    if (held.isNew && mark && isSpeck(mark, size)) {
      setMarks(held.before);
      setChosen(null);
      return;
    }
    if (JSON.stringify(held.before) !== JSON.stringify(marks)) setPast([...past, held.before]);
    focus(held.id);
  };
  const key = (event: KeyboardEvent, mark: Mark) => {
    if (!size) return;
    const step = Math.max(1, Math.round(Math.max(size.width, size.height) / 100));
    const [dx, dy] =
      { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[
        event.key
      ] ?? [];
    if (dx !== undefined && dy !== undefined) {
      const moved = event.shiftKey
        ? reaching(mark, mark.x2 + dx, mark.y2 + dy, size)
        : movedBy(mark, dx, dy, size);
      change(replaced(moved));
    } else if (event.key === 'Delete' || event.key === 'Backspace') {
      change(marks.filter((other) => other.id !== mark.id));
      setChosen(null);
    } else return;
    event.preventDefault();
  };
  const keep = async () => {
    if (!picture.current) return;
    setMaking(true);
    const file = await drawnOn(picture.current, marks, MOST_BYTES).catch(() => null);
    setMaking(false);
    if (file === null) return setTrouble('The browser could not make a picture of it.');
    save.mutate(
      { id, accountId, position, file },
      {
        onSuccess() {
          void toast({ title: 'The drawing was saved beside the screenshot' });
          onClose();
        },
      },
    );
  };
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title="Draw on a copy"
      description="The screenshot itself stays as it came. Drag on the picture, or add something and move it with the arrow keys; with Shift they change its size, Delete removes it."
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a key for everything in it */}
      <div
        className="grid gap-4"
        onKeyDown={(event) => {
          if (event.key.toLowerCase() !== 'z' || !(event.metaKey || event.ctrlKey)) return;
          if (event.target instanceof HTMLInputElement && event.target.type === 'text') return;
          event.preventDefault();
          undo();
        }}
      >
        <div className="flex flex-wrap items-center gap-x-5 gap-y-2">
          <Choice
            name="What"
            of={KINDS}
            words={(name) => KIND_WORDS[name]}
            value={kind}
            onChange={(name) => setKind(name)}
          />
          <Choice
            name="Colour"
            of={Object.keys(COLOURS) as Colour[]}
            words={(name) => COLOURS[name].words}
            value={one?.colour ?? colour}
            onChange={(name) => {
              setColour(name);
              if (one) change(replaced({ ...one, colour: name }));
            }}
          />
          <span className="flex gap-2">
            <Button size="sm" onClick={add} disabled={!size}>
              Add
            </Button>
            <Button
              size="sm"
              onClick={undo}
              disabled={past.length === 0}
              icon={<Undo2 size={14} aria-hidden />}
            >
              Undo
            </Button>
          </span>
        </div>
        {one?.kind === 'word' ? (
          <TextField
            label="Word"
            value={one.text}
            maxLength={80}
            autoComplete="off"
            onChange={({ target }) => change(replaced({ ...one, text: target.value }))}
          />
        ) : null}
        {trouble ? (
          <p role="alert" className="text-bad text-sm">
            {trouble}
          </p>
        ) : null}
        <div className="relative mx-auto w-fit max-w-full touch-none select-none">
          {/* biome-ignore lint/performance/noImgElement: served by ourselves from the archive */}
          <img
            ref={picture}
            src={src}
            alt=""
            draggable={false}
            onLoad={({ currentTarget }) => setSize(sizeOf(currentTarget))}
            onError={() =>
              setTrouble('This browser cannot show this picture, so nothing can be drawn on it.')
            }
            className="max-h-[52vh] w-auto max-w-full rounded-md border"
          />
          {size ? (
            // biome-ignore lint/a11y/useSemanticElements: a drawing is no HTML
            <svg
              ref={area}
              viewBox={`0 0 ${size.width} ${size.height}`}
              role="group"
              aria-label={`The picture, with ${marks.length} on it`}
              className="absolute inset-0 size-full cursor-crosshair"
              onPointerDown={(event) => down(event)}
              onPointerMove={move}
              onPointerUp={up}
              onPointerCancel={up}
            >
              {marks.map((mark, at) => (
                // biome-ignore lint/a11y/useSemanticElements: a part of a drawing is no HTML
                <g
                  key={mark.id}
                  data-mark={mark.id}
                  role="button"
                  tabIndex={0}
                  aria-pressed={mark.id === chosen}
                  aria-label={`${KIND_WORDS[mark.kind]} ${at + 1}${mark.text ? `: ${mark.text}` : ''}`}
                  onFocus={() => setChosen(mark.id)}
                  onKeyDown={(event) => key(event, mark)}
                  onPointerDown={(event) => down(event, mark)}
                  className="cursor-move"
                >
                  <Shape mark={mark} size={size} />
                </g>
              ))}
            </svg>
          ) : null}
        </div>
        <Refusal error={save.error} />
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            busy={save.isPending || isMaking}
            disabled={marks.length === 0}
            onClick={() => void keep()}
          >
            Save the copy
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

const sizeOf = ({ naturalWidth: width, naturalHeight: height }: HTMLImageElement): Size => ({
  width,
  height,
});

function Shape({ mark, size }: { mark: Mark; size: Size }) {
  const { line, rim, font } = weights(size);
  const { ink, rim: around } = COLOURS[mark.colour];
  if (mark.kind === 'word')
    return (
      <text
        x={mark.x1}
        y={mark.y1}
        fontFamily={FONT}
        fontSize={font}
        fontWeight={600}
        dominantBaseline="hanging"
        fill={ink}
        stroke={around}
        strokeWidth={rim}
        strokeLinejoin="round"
        paintOrder="stroke"
      >
        {mark.text}
      </text>
    );
  const lines = {
    d: pathOf(mark, size),
    fill: 'none',
    strokeLinejoin: 'round',
    strokeLinecap: 'round',
  } as const;
  return (
    <>
      <path {...lines} stroke={around} strokeWidth={line + rim} />
      <path {...lines} stroke={ink} strokeWidth={line} />
    </>
  );
}

/** One of a few, as radio buttons in a row. */
function Choice<Value extends string>({
  name,
  of,
  words,
  value,
  onChange,
}: {
  name: string;
  of: readonly Value[];
  words: (value: Value) => string;
  value: Value;
  onChange: (value: Value) => void;
}) {
  return (
    <fieldset className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
      <legend className="sr-only">{name}</legend>
      {of.map((each) => (
        <label key={each} className="inline-flex min-h-9 items-center gap-1.5">
          <input type="radio" name={name} checked={each === value} onChange={() => onChange(each)} />
          {words(each)}
        </label>
      ))}
    </fieldset>
  );
}
