/** @type {import('next').NextConfig} */
export default {
  poweredByHeader: false,
  compress: true,
  reactStrictMode: true,
  // Native modules and those that read files beside themselves stay outside the bundle.
  serverExternalPackages: [
    '@node-rs/argon2',
    '@prisma/adapter-better-sqlite3',
    '@prisma/adapter-pg',
    '@prisma/client',
    '@prisma/schema-engine-wasm',
    'better-sqlite3',
    'pg',
    'pino',
  ],
  // The gate runs tsc over the whole repository; a second run here would only cost time.
  typescript: { ignoreBuildErrors: true },
  // A lockfile in a folder above would make that folder the root, and everything in it would be looked through.
  turbopack: { root: import.meta.dirname },
  allowedDevOrigins: ['127.0.0.1', 'localhost'],
  devIndicators: false,
  // The proxy sees what is asked as it came: requests for a part of a page get their 404 there.
  skipProxyUrlNormalize: true,
  // Few large scripts compress better than many small ones; what pages share is fetched once and kept.
  experimental: {
    // Each of some forty route handlers carries a copy of what they share: loaded at once, they cost 60 MB and a second.
    preloadEntriesOnStart: false,
    turbopackChunking: {
      firstPageLoadPriority: 1,
      requestCost: 2_000_000,
      minChunkSize: 200_000,
      maxMergeChunkSize: 2_000_000,
    },
  },
};
