// Checked by the compiler, never run: what our schemas let through is what Apple's requests accept.
import type { z } from 'zod';
import type { AppleCreateRequests, AppleUpdateRequests } from '@/lib/asc/apple-types';
import type { Catalogue } from '@/lib/asc/catalogue';
import type { CreateInput, TypesWith, UpdateInput } from '@/lib/asc/types';

type Output<T extends keyof Catalogue, K extends 'create' | 'update'> = Catalogue[T] extends {
  readonly [P in K]: infer S extends z.ZodType;
}
  ? z.output<S>
  : never;

/** `true` where ours is assignable to Apple's, else the type's own name. */
type Fits<Ours, Apples, T> = [Ours] extends [never] ? T : Ours extends Apples ? true : T;

type Creates = {
  [T in keyof AppleCreateRequests]: Fits<Output<T, 'create'>, Omit<CreateInput<T>, 'included'>, T>;
};
type Updates = { [T in keyof AppleUpdateRequests]: Fits<Output<T, 'update'>, UpdateInput<T>, T> };

// Whatever does not fit is named in the error.
export const createsThatDoNotFit: Exclude<Creates[keyof Creates], true>[] = [];
export const noCreateIsLeftOut: TypesWith<'create'> extends keyof AppleCreateRequests ? true : false = true;
export const noUpdateIsLeftOut: TypesWith<'update'> extends keyof AppleUpdateRequests ? true : false = true;
export const allCreatesFit: Creates[keyof Creates] extends true ? true : false = true;
export const allUpdatesFit: Updates[keyof Updates] extends true ? true : false = true;

// The inline localization is part of Apple's create request too.
type Inline = z.output<Catalogue['betaAppClipInvocations']['inlineCreate']>;
type ApplesInline = NonNullable<AppleCreateRequests['betaAppClipInvocations']['included']>[number];
export const inlineFits: Inline extends ApplesInline ? true : false = true;

// And the other way round: what is not Apple's is not ours. These two prove that the checks above can fail.
export const strange: Fits<{ attributes: { name: number } }, UpdateInput<'betaGroups'>, 'no'> = 'no';
// @ts-expect-error -- a number is not a name
export const alsoStrange: Fits<{ attributes: { name: number } }, UpdateInput<'betaGroups'>, 'no'> = true;
