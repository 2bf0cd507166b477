import { uuidOf } from '../ids';
import { osBuild, type Platform } from '../people/devices';
import { hashWords, mix } from '../prng';

/** A binary that was loaded when a process died. */
export interface BinaryImage {
  name: string;
  path: string;
  uuid: string;
  base: number;
  size: number;
  arch: 'arm64' | 'arm64e';
  /** `P` for what belongs to the process, `S` for what comes from the shared cache. */
  source: 'P' | 'S';
  bundleId: string | null;
}

const framework = (name: string) => `/System/Library/Frameworks/${name}.framework/${name}`;
const privateFramework = (name: string) => `/System/Library/PrivateFrameworks/${name}.framework/${name}`;
const library = (name: string) => `/usr/lib/${name}`;
const systemLibrary = (name: string) => `/usr/lib/system/${name}`;

/** Path, distance from the shared cache's start, and size of the system's binaries. */
const SYSTEM: Record<string, readonly [path: string, offset: number, size: number]> = {
  dyld: [library('dyld'), 0x0a3a000, 0x9f34c],
  'libobjc.A.dylib': [library('libobjc.A.dylib'), 0x0210000, 0x53f1c],
  Foundation: [framework('Foundation'), 0x1081000, 0xe46ca0],
  CoreFoundation: [framework('CoreFoundation'), 0x3a47000, 0x586740],
  SwiftUICore: [framework('SwiftUICore'), 0x51a2000, 0xa8d2e0],
  SwiftUI: [framework('SwiftUI'), 0x6a10000, 0x14c01a0],
  UIKitCore: [privateFramework('UIKitCore'), 0x9476000, 0x245f9c0],
  AppKit: [framework('AppKit'), 0x9476000, 0x16f2480],
  QuartzCore: [framework('QuartzCore'), 0xbd10000, 0x3c2a80],
  'libsystem_c.dylib': [systemLibrary('libsystem_c.dylib'), 0xf371000, 0x805b0],
  'libc++abi.dylib': [library('libc++abi.dylib'), 0x12e60000, 0x1b7fc],
  'libswiftCore.dylib': [library('swift/libswiftCore.dylib'), 0x13b40000, 0x60a5c0],
  'libsystem_malloc.dylib': [systemLibrary('libsystem_malloc.dylib'), 0x17b38000, 0x4a9c4],
  CFNetwork: [framework('CFNetwork'), 0x1a1c0000, 0x3f1a60],
  'libdispatch.dylib': [systemLibrary('libdispatch.dylib'), 0x3c76f000, 0x46220],
  'libswiftDispatch.dylib': [library('swift/libswiftDispatch.dylib'), 0x3d9d2000, 0x19a4],
  GraphicsServices: [privateFramework('GraphicsServices'), 0x48400000, 0x8800],
  'libsystem_kernel.dylib': [systemLibrary('libsystem_kernel.dylib'), 0x515de000, 0x3ad2c],
  'libsystem_pthread.dylib': [systemLibrary('libsystem_pthread.dylib'), 0x605bc000, 0xc460],
  'libswift_Concurrency.dylib': [library('swift/libswift_Concurrency.dylib'), 0x5b8a0000, 0x8f6c0],
  'libsqlite3.dylib': [library('libsqlite3.dylib'), 0x1d40a000, 0x1cf9e0],
  CoreData: [framework('CoreData'), 0x1bd5f000, 0x38eb40],
};

/** Whether a frame's binary is one of the system's. */
export function isSystemImage(name: string): boolean {
  return name in SYSTEM;
}

/** The same key gives the same id: a binary's UUID changes with the system's or the app's build only. */
export function imageUuid(key: string): string {
  const [a, b, c, d] = hashWords(key);
  return uuidOf(a, b, c, d);
}

/** A system binary as loaded on a device whose shared cache starts at `cacheBase`. */
export function systemImage(
  name: string,
  platform: Platform,
  osVersion: string,
  cacheBase: number,
): BinaryImage {
  const [path, offset, size] = SYSTEM[name] ?? [systemLibrary(name), 0x70000000, 0x8000];
  const build = osBuild(platform, osVersion);
  return {
    name,
    path,
    uuid: imageUuid(`${build}/${name}`),
    base: cacheBase + offset + (mix(hashWords(build)[0], 7) % 0x400) * 0x4000,
    size,
    arch: 'arm64e',
    source: 'S',
    bundleId: null,
  };
}

/** Where a call in a function of the system's stands. */
export function systemPlace(
  { uuid, size }: BinaryImage,
  symbol: string,
): { offset: number; location: number } {
  const location = 4 * (2 + (hashWords(`${uuid}+${symbol}`)[0] % 190));
  return { offset: symbolOffset(uuid, symbol, size) + location, location };
}

/** Where a function lies inside its binary, in bytes: fixed by the binary's build and the function's name. */
export function symbolOffset(imageUuidText: string, symbol: string, size: number): number {
  const [word] = hashWords(`${imageUuidText}/${symbol}`);
  return 0x1000 + (word % Math.max(0x1000, size - 0x3000)) - (word % 4);
}
