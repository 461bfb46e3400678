# syntax=docker/dockerfile:1
# One image for every process of the site. `docker build .`; compose.yaml runs it.
# Packages come from wherever npm and pip of the building machine are told to look (NPM_CONFIG_REGISTRY and PIP_INDEX_URL as
# build arguments, where it is not their default).

ARG PYTHON=3.13-slim-trixie
ARG NODE=22-slim

# --- third-party browser code, bundled by the lockfile ---
FROM node:${NODE} AS browser
ARG NPM_CONFIG_REGISTRY
WORKDIR /site
COPY package.json package-lock.json .npmrc build-vendor.mjs ./
RUN npm ci --no-audit --no-fund --loglevel error
RUN npm run --silent build

# --- Python packages, catalogues, static files ---
FROM python:${PYTHON} AS site
ARG PIP_INDEX_URL
# Another list for a site that sends traces: "requirements/base.txt requirements/telemetry.txt".
ARG REQUIREMENTS="requirements/base.txt"
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /site
RUN python -m venv /venv
COPY requirements requirements
RUN for list in ${REQUIREMENTS}; do set -- "$@" -r "$list"; done && /venv/bin/pip install --require-hashes "$@"
COPY manage.py ./
COPY accounts accounts
COPY chatweb chatweb
COPY locale locale
COPY templates templates
COPY static static
COPY --from=browser /site/static/vendor static/vendor
# The two secrets are needed to read the settings at all; these end with this line.
RUN /venv/bin/pybabel --quiet compile -d locale -D django \
    && /venv/bin/pybabel --quiet compile -d locale -D djangojs \
    && SECRET_KEY=for-the-build FIELD_ENCRYPTION_KEYS=for-the-build DATABASE_URL=sqlite://:memory: \
       /venv/bin/python manage.py collectstatic --no-input --verbosity 0 \
    && /venv/bin/python -m compileall -q accounts chatweb

# --- what runs ---
FROM python:${PYTHON}
# pg_dump and pg_restore for `manage.py backup` and `restore`; as new as the server, or newer.
RUN apt-get update \
    && apt-get install -y --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin chatweb \
    && install -d -o chatweb -g chatweb -m 0700 /data /data/files /data/backups
COPY --from=site /venv /venv
COPY --from=site /site /site
WORKDIR /site
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DATABASE_URL=sqlite:////data/db.sqlite3 FILES_FOLDER=/data/files PROCESS_LOCK=/data/chatweb.lock
USER chatweb
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["uvicorn", "chatweb.asgi:application", "--host", "0.0.0.0", "--port", "8000", "--backlog", "4096", \
     "--no-proxy-headers", "--no-access-log", "--ws-per-message-deflate", "false", "--timeout-graceful-shutdown", "20"]
