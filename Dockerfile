# Built in one stage, run in another that holds the program, the certificate authorities and nothing else.
FROM rust:1.95-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
COPY graphql graphql
COPY config config
COPY src src
RUN cargo build --locked --profile dist --bin vigie

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /src/target/dist/vigie /usr/local/bin/vigie
COPY config/choices.toml /etc/vigie/choices.toml
USER nonroot
WORKDIR /var/lib/vigie
ENV VIGIE_CONFIG=/etc/vigie/vigie.toml
ENTRYPOINT ["/usr/local/bin/vigie"]
CMD ["run"]
