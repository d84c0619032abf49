# Builds the service with its watchlist compiled. docs/container.md says how it was tried.
ARG BASE=python:3.11-slim-bookworm

FROM ${BASE} AS build
WORKDIR /srv/precursor-watch
COPY requirements.lock ./
RUN python3 -m venv .venv \
    && .venv/bin/python -m pip install --no-cache-dir --no-deps --require-hashes -r requirements.lock
COPY LICENSE README.md pyproject.toml ./
COPY migrations migrations
COPY watchlists watchlists
COPY app app
RUN .venv/bin/python -m pip install --no-cache-dir --no-index --no-deps --no-build-isolation --editable . \
    && .venv/bin/python -m compileall -q app migrations \
    && .venv/bin/precursor-watch watchlist compile \
    && chmod -R a+rX var

FROM ${BASE}
LABEL org.opencontainers.image.title="precursor-watch" \
      org.opencontainers.image.description="Screens shipment and export records for controlled drug precursors." \
      org.opencontainers.image.licenses="Apache-2.0"
# RDKit's drawing of structures is linked to these; no wheel brings them.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libx11-6 libxext6 libxrender1 \
    && rm -rf /var/lib/apt/lists/* \
    && mkdir /var/lib/precursor-watch \
    && chown 10001:10001 /var/lib/precursor-watch
WORKDIR /srv/precursor-watch
COPY --from=build /srv/precursor-watch /srv/precursor-watch
# Listening on loopback alone would reach nobody from outside; on all addresses it asks for keys, and does not start before
# one was made: `docker run … precursor-watch keys create …` with the same volume or database.
ENV PATH=/srv/precursor-watch/.venv/bin:${PATH} \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PW_DRAIN_SECONDS=5 \
    PW_DATABASE_URL=sqlite:////var/lib/precursor-watch/precursor-watch.db \
    PW_HOST=0.0.0.0 \
    PW_PORT=8000 \
    PW_SPOOL=/var/lib/precursor-watch/spool
USER 10001:10001
VOLUME /var/lib/precursor-watch
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import os, urllib.request as web; web.urlopen(f'http://127.0.0.1:{os.environ[\"PW_PORT\"]}/healthz', timeout=4)"]
CMD ["precursor-watch", "serve"]
