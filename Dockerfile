# syntax=docker/dockerfile:1

FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY . .
RUN mkdir /srv/gatehouse && deploy/image/build.sh /app /srv/gatehouse

# No compiler, no sources, no package cache; not root, and nothing to write but /data: the root may be read-only.
FROM node:22-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATABASE_URL=file:/data/gatehouse.db
WORKDIR /srv/gatehouse
COPY --from=build /srv/gatehouse ./
RUN ln -s /srv/gatehouse/node_modules/.bin/gatehouse /usr/local/bin/gatehouse && mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "node_modules/gatehouse/dist/main.js"]
