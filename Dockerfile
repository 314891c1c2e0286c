# syntax=docker/dockerfile:1
# docker build -t vpnctl . && docker run --rm --read-only -v "$PWD/vpn:/work:ro" -e IONOS_TOKEN vpnctl plan
FROM node:22-slim AS build
WORKDIR /source
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY build.mjs ./
COPY build ./build
COPY src ./src
RUN node build.mjs --cli

# The command line is one bundle: nothing of node_modules is in the image.
FROM node:22-slim
ENV NODE_ENV=production
COPY --from=build /source/package.json /app/package.json
COPY --from=build /source/dist/cli /app/dist/cli
RUN ln -s /app/dist/cli/bin.js /usr/local/bin/vpnctl
WORKDIR /work
# The image's own user without a name to log in with; by number, so that Kubernetes can check that it is not root.
USER 1000:1000
ENTRYPOINT ["vpnctl"]
CMD ["--help"]
