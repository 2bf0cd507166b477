const SYSTEMS = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const PROCESSORS = [
  'arm64',
  'arm',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'wasm32',
  'x64',
];

/** The optional packages that others name and the lockfile does not hold, as entries for it. */
export function missingPlatforms({ packages }) {
  const found = {};
  for (const [owner, { optionalDependencies = {}, dev, devOptional }] of Object.entries(packages)) {
    for (const [name, range] of Object.entries(optionalDependencies)) {
      if (resolves(packages, owner, name)) continue;
      const version = range.replace(/^[\^~]/, '');
      const top = found[`node_modules/${name}`];
      const at = top && top.version !== version ? `${owner}/node_modules/${name}` : `node_modules/${name}`;
      found[at] = {
        version,
        ...platformOf(name),
        ...(dev || devOptional ? { dev: true } : {}),
        license: packages[owner].license ?? 'MIT',
        optional: true,
      };
    }
  }
  return found;
}

/** Node's own way of looking: beside the package, then in every folder above. */
function resolves(packages, owner, name) {
  for (
    let at = owner;
    ;
    at = at.includes('/node_modules/') ? at.slice(0, at.lastIndexOf('/node_modules/')) : ''
  ) {
    if (packages[at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`]) return true;
    if (at === '') return false;
  }
}

/** What such a package says of itself, read from its name: `@next/swc-linux-x64-musl`. */
function platformOf(name) {
  const words = name
    .replace(/^@[^/]+\//, '')
    .replace('linuxmusl', 'linux-musl')
    .split(/[-.]/);
  if (name === 'fsevents') return { os: ['darwin'] };
  const os = SYSTEMS.filter((system) => words.includes(system));
  const cpu = PROCESSORS.filter((processor) => words.includes(processor));
  const isMusl = words.some((word) => word.startsWith('musl'));
  const isGnu = words.some((word) => word.startsWith('gnu'));
  return {
    ...(os.length > 0 ? { os } : {}),
    ...(cpu.length > 0 ? { cpu } : {}),
    ...(isMusl || isGnu ? { libc: [isMusl ? 'musl' : 'glibc'] } : {}),
  };
}
