# The proxy with its name model inside; nothing is downloaded at start. Runs with a read-only root file system:
#   docker run --read-only --tmpfs /tmp --volume deckname:/var/lib/deckname ...

FROM python:3.11-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src
RUN python -m venv /opt/deckname
COPY requirements/runtime.txt requirements/runtime.txt
# The lock is complete, so pip need not look for dependencies.
RUN /opt/deckname/bin/python -m pip install --require-hashes --no-deps -r requirements/runtime.txt
COPY . .
RUN /opt/deckname/bin/python -m pip install --no-deps --no-build-isolation . \
 && /opt/deckname/bin/deckname version

FROM python:3.11-slim-bookworm
LABEL org.opencontainers.image.title="Deckname" \
      org.opencontainers.image.description="A pseudonymisation proxy in front of LLM APIs" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN groupadd --gid 10001 deckname \
 && useradd --uid 10001 --gid deckname --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin deckname \
 && install --directory --mode=0700 --owner=deckname --group=deckname /var/lib/deckname
COPY --from=build /opt/deckname /opt/deckname
ENV PATH=/opt/deckname/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DECKNAME_LISTEN=0.0.0.0:8080 \
    DECKNAME_ADMIN_LISTEN=127.0.0.1:8081 \
    DECKNAME_DATA_DIR=/var/lib/deckname \
    DECKNAME_LOG_FORMAT=json
USER 10001:10001
WORKDIR /var/lib/deckname
VOLUME /var/lib/deckname
EXPOSE 8080
STOPSIGNAL SIGTERM
# Ready means: the store answers and cannot evict, the detector answers, the keys are there.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8081/readyz', timeout=4)"]
ENTRYPOINT ["deckname"]
CMD ["serve"]
