import { ControlError } from './call';

/** A number in a control request, or undefined when it is not given. */
export function optionalNumber(input: Record<string, unknown>, name: string): number | undefined {
  const value = input[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new ControlError(`${name} takes a number`);
  return value;
}

/** A text in a control request, or undefined when it is not given. */
export function optionalText(input: Record<string, unknown>, name: string): string | undefined {
  const value = input[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'string') throw new ControlError(`${name} takes a text`);
  return value;
}
