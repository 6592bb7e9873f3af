# What runs needs no compiler: packages, build and runtime are three stages.
FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY console/package.json console/
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY console/package.json console/
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build

FROM node:24-bookworm-slim
LABEL org.opencontainers.image.title="statecart" \
  org.opencontainers.image.description="Orders and products as XState actors" \
  org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production \
  NODE_OPTIONS="--enable-source-maps" \
  HOST=0.0.0.0 \
  PORT=4000 \
  DATA_DIR=/data
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/console/dist console/dist
# Development mode serves GraphiQL from the browser builds of three development packages.
COPY --from=build \
  /app/node_modules/graphiql/package.json /app/node_modules/graphiql/graphiql.min.* \
  node_modules/graphiql/
COPY --from=build /app/node_modules/react/package.json node_modules/react/
COPY --from=build /app/node_modules/react/umd/react.production.min.js node_modules/react/umd/
COPY --from=build /app/node_modules/react-dom/package.json node_modules/react-dom/
COPY --from=build /app/node_modules/react-dom/umd/react-dom.production.min.js \
  node_modules/react-dom/umd/
COPY package.json LICENSE ./
RUN mkdir /data && chown node:node /data
USER node
EXPOSE 4000
# /livez asks whether the process answers; whether it may serve is /readyz, which compose asks.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=6 CMD ["node", "-e", \
  "fetch(`http://127.0.0.1:${process.env.PORT}/livez`) \
  .then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Node itself, never npm: signals must reach the process that drains.
CMD ["node", "dist/main.js"]
