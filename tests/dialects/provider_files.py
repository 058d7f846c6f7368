"""A provider that keeps files and works batches, and the lines of a batch."""

import json
import re
import secrets
from typing import Any

from aiohttp import web

from tests.gateway.conftest import Deckname
from tests.upstream import Seen


class Store:
    """A provider that keeps files, and whose batches repeat what they were asked."""

    def __init__(self, deckname: Deckname) -> None:
        self.files: dict[str, bytes] = {}
        self.deckname = deckname
        self.mark = secrets.token_hex(8)  # no two stores give one name: all are behind the same proxy
        deckname.upstream.answer = self.answer

    def file(self, name: str) -> dict[str, Any]:
        return {"id": name, "object": "file", "bytes": len(self.files[name]), "created_at": 1, "filename": "f.jsonl",
                "purpose": "batch", "status": "processed"}

    async def answer(self, request: web.Request, seen: Seen) -> web.StreamResponse:
        path, name = request.path.removeprefix("/v1"), request.path.split("/")[3] if request.path.count("/") > 2 else ""
        if path == "/files" and request.method == "POST":
            content = re.search(rb'name="file".*?\r\n\r\n(.*)\r\n--', seen.raw, re.DOTALL)
            assert content
            self.files[f"file-{self.mark}"] = content[1]
            return web.json_response(self.file(f"file-{self.mark}"))
        if path.endswith("/content"):
            return web.Response(body=self.files[name], content_type="application/octet-stream")
        if path == "/batches":
            lines = self.files[seen.body["input_file_id"]].splitlines()
            self.files[f"out-{self.mark}"] = b"".join(map(self.worked, lines))
        batch = {"id": f"batch-{self.mark}", "object": "batch", "endpoint": "/v1/chat/completions", "created_at": 1,
                 "status": "completed", "completion_window": "24h", "input_file_id": f"file-{self.mark}",
                 "output_file_id": f"out-{self.mark}"}
        if request.method == "GET" and path == "/files":
            return web.json_response({"object": "list", "data": [*map(self.file, self.files)], "has_more": False})
        return web.json_response(batch)

    @staticmethod
    def worked(line: bytes) -> bytes:
        asked = json.loads(line)
        message = {"role": "assistant", "content": asked["body"]["messages"][-1]["content"]}
        body = {"id": "c", "object": "chat.completion", "choices": [{"index": 0, "message": message}]}
        reply = {"status_code": 200, "body": body}
        answer = {"id": "b", "custom_id": asked["custom_id"], "response": reply, "error": None}
        return json.dumps(answer).encode() + b"\n"


def asked(custom_id: str, text: str) -> dict[str, Any]:
    body = {"model": "m", "messages": [{"role": "user", "content": text}]}
    return {"custom_id": custom_id, "method": "POST", "url": "/v1/chat/completions", "body": body}


def jsonl(*lines: Any) -> bytes:
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()
