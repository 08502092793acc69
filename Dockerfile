# matrixsim for a team: the app, and the workers of a Dask cluster. All is fetched and compiled while this is built;
# a container needs nothing from outside. docs/how-to/run-for-a-team.md says how to run it.
FROM python:3.11-slim AS built
# Byte code is made here: the container's user may not write it, and would compile a thousand modules at each start.
ENV UV_PROJECT_ENVIRONMENT=/opt/matrixsim UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_NO_CACHE=1 UV_COMPILE_BYTECODE=1
RUN pip install --no-cache-dir uv
WORKDIR /source
COPY . .
# Without development tools, at the releases that the tests pass with; the package itself too, not a link to its source.
RUN uv sync --no-default-groups --extra cluster --extra pictures --no-editable

FROM python:3.11-slim
# Chinese letters, and the browser that draws figures for slides.
RUN apt-get update \
    && apt-get install -y --no-install-recommends chromium fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 matrixsim \
    && install -d -o matrixsim /data /opt/compiled
COPY --from=built /opt/matrixsim /opt/matrixsim
ENV PATH=/opt/matrixsim/bin:$PATH LANG=C.UTF-8 \
    MATRIXSIM_DATA=/data/kept MATRIXSIM_CACHE=/data/cache STREAMLIT_SERVER_HEADLESS=true
USER matrixsim
WORKDIR /data
# Machine code for processors like the builder's; others make it anew at the first run, half a minute.
RUN MATRIXSIM_CACHE=/opt/compiled python -c "from sim.warm import warm; warm()"
VOLUME /data
EXPOSE 8501
# A volume may be older than the image: it is given this image's machine code, and keeps what else it holds.
ENTRYPOINT ["sh", "-c", "mkdir -p \"$MATRIXSIM_CACHE\" && cp -R -n /opt/compiled/. \"$MATRIXSIM_CACHE\" && exec \"$@\"", "--"]
CMD ["matrixsim", "app", "--address", "0.0.0.0", "--port", "8501"]
