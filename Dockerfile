# Built in one stage, run in another that holds the program, the certificate authorities and what its health check takes.
# To pin both images by digest: docs/installation.md.
FROM rust:1.95-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev busybox-static \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
# rust-toolchain.toml stays out: the image is the compiler.
COPY Cargo.toml Cargo.lock ./
COPY .cargo .cargo
COPY graphql graphql
COPY config config
COPY crates crates
COPY src src
# `vigie init` writes it.
COPY packaging/systemd/vigie.service packaging/systemd/
# Named in Cargo.toml: without them it is refused.
COPY benches benches
RUN cargo build --locked --profile dist --bin vigie && mkdir /data

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /src/target/dist/vigie /usr/local/bin/vigie
COPY config/choices.toml /etc/vigie/choices.toml
# Static: the rest of this image has no shell and no HTTP client.
COPY --from=build /bin/busybox /usr/local/bin/wget
# The base lives in a volume of the program's own user; the configuration is mounted read-only.
COPY --from=build --chown=nonroot:nonroot /data /var/lib/vigie
USER 65532:65532
WORKDIR /var/lib/vigie
VOLUME /var/lib/vigie
ENV VIGIE_CONFIG=/etc/vigie/vigie.toml VIGIE_STORE__URL=sqlite:/var/lib/vigie/vigie.db
# The process answers; whether it reads the platform is for the alerts. Where web.listen has another port, change it here.
HEALTHCHECK --interval=30s --timeout=5s --start-period=5m --retries=4 \
    CMD ["/usr/local/bin/wget", "-q", "-Y", "off", "-O", "/dev/null", "http://127.0.0.1:8080/healthz"]
ENTRYPOINT ["/usr/local/bin/vigie"]
CMD ["run"]
