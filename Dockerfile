# One image for both processes; which of them a container runs is its command's choice (see docker-compose.yml).
#
# Debian slim and not alpine: the tests run on glibc, and the npm package `node`, which puts Node 24 first for the
# build's npm scripts, is a glibc binary.
FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# No install script is needed to compile: the image brings Node itself, and no PostgreSQL is embedded here.
RUN npm ci --ignore-scripts
COPY nest-cli.json tsconfig.json ./
COPY apps apps
COPY libs libs
RUN npx nest build api && npx nest build dispatcher

FROM node:24-slim AS run
ENV NODE_ENV=production
WORKDIR /app
COPY package.json package-lock.json ./
# Optional packages are the embedded PostgreSQL of every platform, 60 MB of which nothing would be used; the data of
# the demonstration, 40 MB, is for `npm start` alone.
RUN npm ci --omit=dev --omit=optional --ignore-scripts && rm -rf node_modules/vega-datasets && npm cache clean --force
COPY --from=build /app/dist dist
# The image's own user, without a password and without a shell of root's.
USER node
# Inside a container loopback is the container itself; what is published is the operator's choice.
ENV HOST=0.0.0.0
EXPOSE 3000 3001
# A dispatcher overrides this with its own port, as docker-compose.yml does. Run with an init (`--init`, `init: true`):
# Node as process 1 would not die of a signal it has no handler for yet.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 3000) + '/health/ready').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/apps/api/apps/api/src/main.js"]
