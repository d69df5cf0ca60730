FROM debian:12 AS build
RUN apt-get update && apt-get install -y --no-install-recommends openjdk-17-jdk-headless maven && rm -rf /var/lib/apt/lists/*
COPY . /src
RUN /src/scripts/build

FROM debian:12
RUN apt-get update && apt-get install -y --no-install-recommends openjdk-17-jre-headless fuse3 && rm -rf /var/lib/apt/lists/*
COPY --from=build /src/scripts /opt/jfs/scripts
COPY --from=build /src/cli/target/jfs /opt/jfs/cli/target/jfs
RUN ln -s /opt/jfs/scripts/jfs /usr/local/bin/jfs && ln -s /opt/jfs/scripts/mount.jfs /sbin/mount.jfs && /opt/jfs/scripts/archive
CMD ["jfs", "--help"]
