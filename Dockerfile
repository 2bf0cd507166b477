# Flightdeck: web process and worker in one image. Started by nothing but `docker compose up`; see docs/operate.md.
ARG NODE_IMAGE=docker.io/library/node:22-bookworm-slim

FROM ${NODE_IMAGE} AS build
# Where no prebuilt SQLite driver can be had it is compiled, against the headers that came with Node.
RUN apt-get update \
  && apt-get install -y --no-install-recommends python3 make g++ ca-certificates \
  && rm -rf /var/lib/apt/lists/*
ENV NEXT_TELEMETRY_DISABLED=1 npm_config_nodedir=/usr/local
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund --loglevel=error
COPY . .
# What runs needs neither sources nor what only a build, a debugger or an editor reads.
RUN node scripts/build.mjs \
  && node scripts/lib/slim.mjs \
  && rm -rf .next/cache app components lib node_modules/better-sqlite3/deps \
  && find .build .next node_modules -name '*.map' -delete \
  && find node_modules \( -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete \
  && find node_modules/@prisma/client/runtime \( -name '*mysql*' -o -name '*sqlserver*' -o -name '*cockroachdb*' \) -delete

FROM ${NODE_IMAGE}
# Such as `llvm`, whose llvm-symbolizer reads dSYMs.
ARG PACKAGES=
RUN if [ -n "${PACKAGES}" ]; then \
    apt-get update && apt-get install -y --no-install-recommends ${PACKAGES} && rm -rf /var/lib/apt/lists/*; \
  fi \
  && install -d -o node -g node -m 0700 /data
WORKDIR /app
COPY --from=build /app ./
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
# Nothing of the image is written: its root may be read-only. What is kept lies in /data.
USER node
VOLUME /data
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "scripts/container.mjs", "--check"]
ENTRYPOINT ["node", "scripts/container.mjs"]
