import { DEVICE_NAMES } from './device-names';

/** Apple writes "iPhone17,1" in most places and "iPhone17_1" in some; this gives the comma spelling. */
export function hardwareIdentifier(model: string): string {
  return model.replace(/^([A-Za-z]+\d+)_(\d+)$/, '$1,$2');
}

/** "iPhone17,1" → "iPhone 16 Pro"; a model we do not know is given back as it came. */
export function deviceName(model: string): string {
  const identifier = hardwareIdentifier(model);
  return (Object.hasOwn(DEVICE_NAMES, identifier) && DEVICE_NAMES[identifier]) || model;
}
