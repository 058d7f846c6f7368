"""Every setting Deckname has, with its meaning, its section and its default.

A setting has one name: ``read_timeout`` here, ``DECKNAME_READ_TIMEOUT`` in the environment, ``read_timeout`` under
``[upstream]`` in the TOML file. The README's table is written from these descriptions, so they are for its reader.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr

from proxy.settings.forms import (
    Address,
    BaseUrl,
    ByKind,
    Headers,
    Kind,
    Kinds,
    Listen,
    Names,
    Networks,
    Paths,
    PathsByKind,
    Seconds,
    ServerUrl,
    Size,
    UrlsByModel,
    table,
)

Score = Annotated[float, Field(ge=0, le=1)]
ModelData = Literal["leave", "report", "mask"]

SECTIONS: Final = {
    "server": "Where Deckname listens, and how it stops",
    "upstream": "The APIs it stands in front of",
    "clients": "Who may use it",
    "store": "Where sealed values are kept, and how long",
    "keys": "Where the key ring comes from",
    "scope": "Within which bounds one value keeps one token",
    "policy": "What happens to what is found",
    "detection": "What is looked for",
    "limits": "When a request is refused rather than risked",
    "log": "What is written about the running",
}


def setting(section: str, description: str, default: Any, *, example: str, **checks: Any) -> Any:
    """Declare one setting of ``section``; ``example`` is what a person might write for it."""
    extra: dict[str, Any] = {"section": section, "example": example}
    if callable(default):
        return Field(default_factory=default, description=description, json_schema_extra=extra, **checks)
    return Field(default=default, description=description, json_schema_extra=extra, **checks)


class Settings(BaseModel):
    """The whole configuration: parsed once, frozen, secrets hidden in its repr.

    Constructing it checks each setting by itself. What settings mean for each other is checked by
    ``proxy.settings.problems``, and ``proxy.settings.load`` does both and reports everything at once.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, arbitrary_types_allowed=True)

    # server
    listen: Listen = setting(
        "server", "Address of the API. On loopback and without client keys Deckname runs in local mode: one tenant, no "
        "key needed.", Address("127.0.0.1", 8080), example="127.0.0.1:8080")
    admin_listen: Listen = setting(
        "server", "Address of `/healthz`, `/readyz`, `/metrics` and the administration.", Address("127.0.0.1", 8081),
        example="127.0.0.1:8081")
    admin_token: SecretStr | None = setting(
        "server", "Bearer token that `/metrics` and the administration ask for. Needed unless `admin_listen` is on "
        "loopback.", None, example="a long random string")
    data_dir: Path = setting(
        "server", "Folder for the key file, the client keys and the embedded store. Created with mode 0700.",
        Path("data"), example="/var/lib/deckname")
    keepalive_seconds: Seconds = setting(
        "server", "A stream that is silent this long gets an SSE comment, so that nothing in between gives up on it.",
        15.0, example="15", gt=0)
    drain_seconds: Seconds = setting(
        "server", "How long running replies may take to finish after SIGTERM.", 30.0, example="30", ge=0)

    # upstream
    upstream: BaseUrl | None = setting(
        "upstream", "Base URL of the OpenAI-compatible API; ends in `/v1`.", None, example="https://api.openai.com/v1")
    upstream_anthropic: BaseUrl | None = setting(
        "upstream", "Base URL of the Anthropic API, for `/v1/messages`; ends in `/v1`.", None,
        example="https://api.anthropic.com/v1")
    upstream_azure: ServerUrl | None = setting(
        "upstream", "Address of the Azure OpenAI resource, for `/openai/...`.", None,
        example="https://NAME.openai.azure.com")
    upstream_ollama: ServerUrl | None = setting(
        "upstream", "Address of the Ollama server, for `/api/...`.", None, example="http://127.0.0.1:11434")
    upstream_by_model: UrlsByModel = setting(
        "upstream", "Other OpenAI-compatible APIs for some models, by the pattern of the model's name; the first that "
        "matches counts. What a provider stores, such as files, is asked for at `upstream` only.", dict,
        example="mistral-*=https://api.mistral.ai/v1,llama-*=http://127.0.0.1:8000/v1")
    upstream_key: SecretStr | None = setting(
        "upstream", "The API key Deckname itself uses for `upstream`. Needed with client keys; without it, in local "
        "mode, the client's own key goes through.", None, example="sk-...")
    upstream_anthropic_key: SecretStr | None = setting(
        "upstream", "The same for `upstream_anthropic`.", None, example="sk-ant-...")
    upstream_azure_key: SecretStr | None = setting(
        "upstream", "The same for `upstream_azure`.", None, example="a key of the resource")
    upstream_ollama_key: SecretStr | None = setting(
        "upstream", "The key of an Ollama server that asks for one. A client's own key is never sent to it.", None,
        example="a long random string")
    upstream_by_model_keys: Annotated[Mapping[str, SecretStr], BeforeValidator(table)] = setting(
        "upstream", "The keys of those in `upstream_by_model` that ask for one, by the same patterns. A client's own "
        "key is never sent to them.", dict, example="mistral-*=KEY")
    connect_timeout: Seconds = setting(
        "upstream", "How long connecting to an upstream may take.", 10.0, example="10", gt=0)
    read_timeout: Seconds = setting(
        "upstream", "How long an upstream may be silent within a reply.", 600.0, example="600", gt=0)

    # clients
    clients_file: Path | None = setting(
        "clients", "File of hashed client keys, written by `deckname clients`. Default: `clients.json` in `data_dir`.",
        None, example="/etc/deckname/clients.json")

    operators: Annotated[Mapping[str, str], BeforeValidator(table)] = setting(
        "clients", "Who may use `/admin/find`, `/admin/forget` and `/admin/detokenise` on the admin listener: names "
        "and their roles (`find`, `forget`, `detokenise`), joined by `+`.", dict, example="dpo=find+forget")
    operator_tokens: Annotated[Mapping[str, SecretStr], BeforeValidator(table)] = setting(
        "clients", "The tokens of the `operators`, sent as `X-Operator-Token`.", dict, example="dpo=TOKEN")

    # store
    redis_url: SecretStr | None = setting(
        "store", "Redis or Valkey, version 7 or newer: `redis://`, `rediss://` (TLS) or `unix://`, with Sentinel "
        "`redis+sentinel://HOST,HOST/0?service=NAME`, a cluster `redis+cluster://HOST,HOST` (with TLS `rediss+…`). "
        "Also read from `REDIS_URL`. Without it Deckname runs a Valkey of its own in `data_dir`.", None,
        example="rediss://:password@redis.internal:6380/0")
    redis_password: SecretStr | None = setting(
        "store", "Its password, for those who keep it apart from the URL.", None, example="a long random string")
    redis_ca_file: Path | None = setting(
        "store", "Certificate authority that signed the certificates of a server reached by `rediss`.", None,
        example="/etc/deckname/redis-ca.pem")
    redis_replicas: int = setting(
        "store", "How many replicas must hold a new token before it is used, so that a failover cannot lose it.", 0,
        example="1", ge=0)
    redis_unsaved: Literal["warn", "refuse", "accept"] = setting(
        "store", "What to do about a Redis without an append-only file, where no `redis_replicas` have to hold a token "
        "either: `warn` in the log, `refuse` to be ready, or `accept` it.", "warn", example="refuse")
    dek_url: SecretStr | None = setting(
        "store", "A second store, apart and not backed up, for the scopes' keys: erasing a scope there makes it "
        "unreadable in every backup of the first.", None, example="rediss://:password@redis-keys.internal:6380/0")
    ttl: Seconds = setting(
        "store", "A scope unused for this long is forgotten.", 30 * 86400.0, example="30d", gt=0)
    ttl_max: Seconds = setting(
        "store", "A scope this old is forgotten even if it is in use.", 180 * 86400.0, example="180d", gt=0)

    # keys
    key_source: str = setting(
        "keys", "The key ring: the path of a file (created with mode 0600 on first start), `env:NAME` or "
        "`command:PROGRAM ARG ...`. Default: `keys.json` in `data_dir`.", "", example="env:DECKNAME_KEY_RING")

    transit_url: str | None = setting(
        "keys", "Address of a HashiCorp Vault or OpenBao whose transit engine wraps the scopes' keys in the key ring's "
        "place. The ring then only derives identifiers.", None, example="https://vault.internal:8200")
    transit_key: str = setting("keys", "Name of the key in the transit engine.", "deckname", example="deckname")
    transit_token_file: Path | None = setting(
        "keys", "File with the token for it, read anew for each request, so that an agent may renew it.", None,
        example="/run/vault/token")

    # scope
    linkability: Literal["request", "conversation", "user", "tenant"] = setting(
        "scope", "Where one value keeps one token: `request`, `conversation`, `user` or `tenant`. Wider means more "
        "can be linked by whoever sees the upstream's traffic.", "conversation", example="conversation")
    conversation_headers: Headers = setting(
        "scope", "Request headers that name the conversation, the first one present counts.",
        ("x-conversation-id", "x-openwebui-chat-id"), example="X-Conversation-Id,X-OpenWebUI-Chat-Id")
    user_headers: Headers = setting(
        "scope", "Request headers that name the user; believed only from `trusted_peers`.",
        ("x-user-id", "x-openwebui-user-id"), example="X-User-Id")
    trusted_peers: Networks = setting(
        "scope", "Addresses whose `user_headers` are believed.", (), example="10.0.0.0/8,127.0.0.1")
    openwebui_jwt_secret: SecretStr | None = setting(
        "scope", "Open WebUI's `FORWARD_USER_INFO_HEADER_JWT_SECRET`: the user is then read from its signed header.",
        None, example="a long random string")

    # policy
    actions: ByKind = setting(
        "policy", "What to do with each kind: `pseudonymise` (the default), `mask`, `redact`, `hash`, `block`, "
        "`allow`, or the dotted path of a Presidio `Operator`.", dict, example="IBAN=mask,CARD=block")
    default_action: str = setting(
        "policy", "What to do with the kinds that `actions` does not name.", "pseudonymise", example="pseudonymise")
    thresholds: Annotated[Mapping[Kind, Score], BeforeValidator(table)] = setting(
        "policy", "Scores in 0..1 below which a finding of the kind is left alone. None are set: what is found counts.",
        dict, example="PERSON=0.5")
    attachments: Literal["refuse", "pass", "drop"] = setting(
        "policy", "Images, sound and files, which Deckname cannot look into: `refuse` the request, `pass` them on "
        "unseen, or `drop` them.", "refuse", example="refuse")
    tool_arguments: Annotated[
        Mapping[str, Literal["restore", "keep", "block"]], BeforeValidator(table)
    ] = setting(
        "policy", "What the arguments of a tool get, by the pattern of its name: `restore` puts values back (the "
        "default), `keep` leaves tokens in, `block` ends a reply that wants to hand the tool personal data.", dict,
        example="search_*=keep,post_publicly=block")
    model_data: ModelData = setting(
        "policy", "What becomes of personal data that a model writes by itself, because it remembered or invented it: "
        "`leave` it, `report` it (counted by kind, and a line in the audit trail), or `mask` it with a mark such as "
        "`[PERSON]`. What the caller sent or gets back is never masked. With `mask`, a stream lags two sentences "
        "behind, and `logprobs` are left out.", "leave", example="mask")
    model_data_by_client: Annotated[Mapping[str, ModelData], BeforeValidator(table)] = setting(
        "policy", "The same for single clients, by the names given to `deckname clients add`.", dict,
        example="intern=leave,web=mask")
    guard_urls: bool = setting(
        "policy", "Restore no value into a URL of a host that the request did not contain, so that a model cannot be "
        "talked into sending it there.", True, example="true")

    # detection
    languages: Names = setting(
        "detection", "Languages of the texts.", ("de", "en", "fr", "es", "it", "nl", "pl"), example="de,en")
    name_model: str = setting(
        "detection", "What finds names: `bundled`, or the name of an installed spaCy pipeline.", "bundled",
        example="bundled")
    recognizers: Names = setting(
        "detection", "Further recognizers: dotted paths of Presidio `EntityRecognizer` classes.", (),
        example="acme.recognizers.ContractNumber")
    recognizer_files: Paths = setting(
        "detection", "Further recognizers in Presidio's YAML form.", (), example="/etc/deckname/recognizers.yaml")
    deny_lists: PathsByKind = setting(
        "detection", "Files of words, one a line, that are always of the kind.", dict,
        example="PROJECT=/etc/deckname/projects.txt")
    disabled_kinds: Kinds = setting("detection", "Kinds not looked for at all.", (), example="IP,MAC")
    detector_workers: int = setting(
        "detection", "Processes that look for personal data. Default: one for each core.",
        lambda: os.cpu_count() or 1, example="2", ge=1)
    detector_memory: Size = setting(
        "detection", "Memory at which a process that looks for personal data is replaced by a fresh one.", 1 << 30,
        example="1GiB", gt=0)
    findings_cache: Size = setting(
        "detection", "Memory for what was found in the texts seen last, so that a chat's resent history is not read "
        "again. Holds fingerprints, offsets, kinds and hashes of words, no text.", 64 << 20, example="64MiB", ge=0)
    findings_ttl: Seconds = setting(
        "detection", "How long the same is kept in the store, too, sealed, so that replicas read no text that another "
        "one has read. `0s`: not at all.", 0.0, example="1h", ge=0)

    # limits
    body_limit: Size = setting(
        "limits", "Largest request body, after decompression.", 32 << 20, example="32MiB", gt=0)
    depth_limit: int = setting("limits", "Deepest nesting of a JSON body.", 64, example="64", ge=8, le=256)
    queue_limit: int = setting(
        "limits", "Requests that may wait for the detector; one more is answered 503 with `Retry-After`.", 64,
        example="64", ge=1)
    detect_deadline: Seconds = setting(
        "limits", "How long finding personal data in one request may take; longer is answered 503.", 30.0,
        example="30", gt=0)

    # log
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(lambda v: str(v).lower())] = (
        setting("log", "`debug`, `info`, `warning` or `error`. No level writes personal data.", "info",
                example="info"))
    log_format: Literal["text", "json"] = setting(
        "log", "`text` for people, `json` for collectors, one object a line.", "text", example="json")

    @property
    def clients_path(self) -> Path:
        """The file that holds the hashed client keys."""
        return self.clients_file or self.data_dir / "clients.json"

    @property
    def key_ring(self) -> str:
        """Where the key ring comes from, as ``keys.sources`` reads it."""
        return self.key_source or str(self.data_dir / "keys.json")

