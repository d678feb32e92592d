# scx_quanta on Debian. Scheduling the host needs its kernel: docker run --privileged --pid=host quanta
# Without privileges it simulates: docker run quanta run --config configs/interactive.yaml --env sim
FROM debian:bookworm-slim AS build
WORKDIR /quanta
COPY tools/setup tools/packages tools/debian_source tools/
RUN tools/setup build
COPY . .
RUN tools/build release scx_quanta && tools/runtime_packages build/release > build/runtime_packages

FROM debian:bookworm-slim
WORKDIR /quanta
COPY tools/setup tools/packages tools/debian_source tools/
COPY --from=build /quanta/build/runtime_packages build/
RUN tools/setup runtime && rm -rf /var/lib/apt/lists/*
COPY LICENSE README.md ./
COPY configs configs
COPY checkpoints checkpoints
COPY --from=build /quanta/build/release/bin build/release/bin
COPY --from=build /quanta/build/release/lib build/release/lib
ENTRYPOINT ["build/release/bin/scx_quanta"]
CMD ["run", "--config", "configs/interactive.yaml", "--env", "auto"]
