# First whatever it takes to build the wheel; then Python, the installed wheel and one volume: no Node, no compiler, no checkout.
# `make fresh-machine` runs these same commands in a bare Debian tree.
FROM python:3.11-slim-bookworm AS build
RUN apt-get update && apt-get install --yes --no-install-recommends make && rm -rf /var/lib/apt/lists/*
WORKDIR /studio
COPY . .
RUN make dist
RUN make install TO=/opt/pixelstudio

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin studio \
    && install --directory --owner=studio --group=studio --mode=700 /data
COPY --from=build /opt/pixelstudio /opt/pixelstudio
ENV PATH=/opt/pixelstudio/bin:$PATH DATA_DIR=/data
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 3000
HEALTHCHECK --start-period=30s --interval=30s --timeout=5s CMD ["python", "-c", "import http.client, os, sys; asked = http.client.HTTPConnection('127.0.0.1', int(os.environ.get('PORT', '3000')), timeout=4); asked.request('GET', '/healthz'); sys.exit(asked.getresponse().status != 200)"]
ENTRYPOINT ["pixelstudio"]
CMD ["serve"]
