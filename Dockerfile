# syntax=docker/dockerfile:1
# From a release's file, which runs without any dependency (SHA256: of SHA256SUMS of the release, or of `node scripts/bundle.mjs`):
#   docker build --build-arg SHA256=... -t vpnctl .
#   docker run --rm --read-only -v "$PWD/vpn:/work:ro" -e IONOS_TOKEN vpnctl plan
#
# To pin the base image, append @sha256: and the digest that `docker buildx imagetools inspect node:24-slim` prints.
# renovate: datasource=docker depName=node versioning=docker
ARG NODE_IMAGE=node:24-slim
FROM $NODE_IMAGE AS bundle
ARG SHA256
COPY vpnctl-*.tgz /bundle.tgz
RUN echo "$SHA256  /bundle.tgz" | sha256sum --check --strict \
  && mkdir /app && tar -xzf /bundle.tgz -C /app --strip-components=1 --no-same-owner

# The command line is one bundle: nothing of node_modules is in the image.
FROM $NODE_IMAGE
ENV NODE_ENV=production
COPY --from=bundle /app/package.json /app/package.json
COPY --from=bundle /app/dist/cli /app/dist/cli
RUN ln -s /app/dist/cli/bin.js /usr/local/bin/vpnctl
WORKDIR /work
# The image's own user without a name to log in with; by number, so that Kubernetes can check that it is not root.
USER 1000:1000
ENTRYPOINT ["vpnctl"]
CMD ["--help"]
