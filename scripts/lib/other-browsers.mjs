import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { ensureProgram } from './apt.mjs';

/** Where Debian puts programs that only other programs start, a folder for each kind of processor. */
const LIBRARIES = ['/usr/lib', '/usr/libexec'];

/**
 * The programs of each engine that Chromium's tests leave out: its browser and what drives it. What is missing is
 * installed when this user may.
 */
export const ENGINES = [
  {
    name: 'webkit',
    title: "Safari's engine",
    programs: [
      program('WebKitWebDriver', 'WEBKIT_DRIVER_PATH', 'webkit2gtk-driver'),
      {
        ...program('MiniBrowser', 'WEBKIT_BROWSER_PATH', 'webkit2gtk-driver'),
        find: () => miniBrowser(),
      },
      program('Xvfb', 'XVFB_PATH', 'xvfb'),
    ],
  },
  {
    name: 'firefox',
    title: 'Firefox',
    programs: [
      {
        ...program('Firefox', 'FIREFOX_PATH', 'firefox-esr'),
        find: () => ['firefox-esr', 'firefox'].map(onPath).find(Boolean),
      },
    ],
  },
];

function program(name, variable, debian) {
  return { name, variable, packages: [debian], find: () => onPath(name) };
}

const onPath = (name) =>
  (process.env.PATH ?? '')
    .split(path.delimiter)
    .map((folder) => path.join(folder, name))
    .find((place) => existsSync(place));

/** WebKitGTK's own little browser, beside its library. */
function miniBrowser() {
  const within = (folder) =>
    existsSync(folder) ? readdirSync(folder, { withFileTypes: true }).filter((one) => one.isDirectory()) : [];
  return LIBRARIES.flatMap((library) => [
    library,
    ...within(library).map(({ name }) => path.join(library, name)),
  ])
    .flatMap((folder) =>
      within(folder)
        .filter(({ name }) => /^webkit2?gtk-/.test(name))
        .map(({ name }) => path.join(folder, name, 'MiniBrowser')),
    )
    .find((place) => existsSync(place));
}

/** The environment in which an engine's tests find its programs, or why one of them cannot be had. */
export async function ensureEngine({ programs }) {
  const env = {};
  for (const wanted of programs) {
    const { path: found, why } = await ensureProgram(wanted);
    if (!found) return { why };
    env[wanted.variable] = found;
  }
  return { env };
}
