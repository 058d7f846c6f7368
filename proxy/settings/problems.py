"""What can be wrong with a configuration, said so that a person knows what to do.

A problem names the setting, where it was set, what is wrong and what to do; it never quotes a secret. The rules here
are about settings in company: each looks at parsed settings and yields problems, and none stops at the first.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from proxy.clients import ClientKeys, ClientsFileError
from proxy.settings.model import Settings
from proxy.vault.access import Role


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: the settings it is about, what it is, and the remedy."""

    names: tuple[str, ...]
    what: str
    remedy: str


# The schemes of a store's URL; those that ``proxy.vault.connect`` reads.
STORES: Final = frozenset(
    {"redis", "rediss", "unix", "redis+sentinel", "rediss+sentinel", "redis+cluster", "rediss+cluster"}
)

UPSTREAMS: Final = ("upstream", "upstream_anthropic", "upstream_azure", "upstream_ollama")

Rule = Callable[[Settings], Iterator[Problem]]


class SettingsError(Exception):
    """The configuration cannot be used; ``problems`` has all that is wrong with it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(f"{len(problems)} problem(s) in the configuration")
        self.problems = problems


def _durations(settings: Settings) -> Iterator[Problem]:
    if settings.ttl > settings.ttl_max:
        yield Problem(("ttl", "ttl_max"), "ttl is longer than ttl_max.", "Make ttl shorter or ttl_max longer.")


def _store(settings: Settings) -> Iterator[Problem]:
    urls = {name: secret.get_secret_value() for name in ("redis_url", "dek_url") if (secret := getattr(settings, name))}
    for name, url in urls.items():
        if urlsplit(url).scheme not in STORES:
            yield Problem((name,), f"It begins with none of {', '.join(sorted(STORES))}, followed by ://.",
                          "Write for example rediss://:PASSWORD@HOST:6380/0.")
    url = urls.get("redis_url", "")
    if settings.redis_ca_file and not any(url.startswith("rediss") for url in urls.values()):
        yield Problem(("redis_ca_file",), "It has no effect without a redis_url that begins with rediss.",
                      "Leave it out, or connect with TLS.")
    for name in ("redis_password", "redis_replicas"):
        if getattr(settings, name) and not url:
            yield Problem((name,), "It has no effect without redis_url.", "Set redis_url, too, or leave it out.")
    if settings.redis_unsaved != "warn" and not urls:
        yield Problem(("redis_unsaved",), "It has no effect without redis_url.", "Set redis_url, too, or leave it out.")
    if settings.redis_password and urlsplit(url).password:
        yield Problem(("redis_password", "redis_url"), "There are two passwords.", "Take the one in redis_url out.")


def _files(settings: Settings) -> Iterator[Problem]:
    lists = [(f"deny_lists.{kind}", path) for kind, path in settings.deny_lists.items()]
    single = [(name, getattr(settings, name)) for name in ("clients_file", "redis_ca_file", "transit_token_file")]
    for name, path in [*single, *(("recognizer_files", path) for path in settings.recognizer_files), *lists]:
        if isinstance(path, Path) and not path.is_file():
            yield Problem((name.partition(".")[0],), f"There is no file {path}.", "Correct the path or leave it out.")


def _trust(settings: Settings) -> Iterator[Problem]:
    if "user_headers" in settings.model_fields_set and not settings.trusted_peers:
        yield Problem(("user_headers", "trusted_peers"), "user_headers has no effect while trusted_peers is empty.",
                      "Name the addresses whose headers are to be believed, or leave user_headers out.")


def _upstreams(settings: Settings) -> Iterator[Problem]:
    if not any(getattr(settings, name) for name in (*UPSTREAMS, "upstream_by_model")):
        yield Problem(("upstream",), "There is no API to stand in front of.",
                      "Set upstream or upstream_anthropic, for example --upstream https://api.openai.com/v1.")


def _listeners(settings: Settings) -> Iterator[Problem]:
    if settings.listen == settings.admin_listen and settings.listen.port:
        yield Problem(("admin_listen",), "It is the same address as listen.", "Choose another port.")
    if not settings.admin_listen.is_loopback and not settings.admin_token:
        yield Problem(("admin_listen", "admin_token"), "The administration would be open to the network.",
                      "Set admin_token, or listen on 127.0.0.1.")


def _clients(settings: Settings) -> Iterator[Problem]:
    try:
        clients = len(ClientKeys(settings.clients_path))
    except ClientsFileError as error:
        yield Problem(("clients_file",), f"{error}.", "Restore it, or remove it and add the clients anew.")
        return
    if not clients and not settings.listen.is_loopback:
        yield Problem(("listen",), f"Other machines can reach {settings.listen}, and there are no client keys.",
                      "Create one with `deckname clients add NAME`, or listen on 127.0.0.1.")
    for name in ("upstream", "upstream_anthropic", "upstream_azure"):
        if clients and getattr(settings, name) and not getattr(settings, f"{name}_key"):
            yield Problem((f"{name}_key",), f"With client keys Deckname needs a key of its own for {name}.",
                          f"Set DECKNAME_{name.upper()}_KEY.")


def _keys(settings: Settings) -> Iterator[Problem]:
    for name in UPSTREAMS:
        if getattr(settings, f"{name}_key") and not getattr(settings, name):
            yield Problem((f"{name}_key",), f"It has no effect without {name}.", f"Set {name}, too, or leave it out.")
    for pattern in settings.upstream_by_model_keys.keys() - settings.upstream_by_model.keys():
        yield Problem(("upstream_by_model_keys",), f"There is no {pattern} in upstream_by_model.",
                      "Write the same pattern in both.")


def _operators(settings: Settings) -> Iterator[Problem]:
    for name in settings.operators.keys() ^ settings.operator_tokens.keys():
        yield Problem(("operators", "operator_tokens"), f"{name} stands in one of them only.",
                      "Name each operator in both.")
    for name, roles in settings.operators.items():
        if unknown := set(roles.split("+")) - set(Role):
            yield Problem(("operators",), f"{name} has the role {', '.join(sorted(unknown))}, which there is not.",
                          f"The roles are {', '.join(Role)}.")


def _transit(settings: Settings) -> Iterator[Problem]:
    if (settings.transit_url is None) is not (settings.transit_token_file is None):
        yield Problem(("transit_url", "transit_token_file"), "One has no effect without the other.", "Set both.")


ALWAYS: Final[tuple[Rule, ...]] = (_durations, _store, _files, _trust, _operators, _transit)
SERVING: Final[tuple[Rule, ...]] = (_upstreams, _keys, _listeners, _clients)


def conflicts(settings: Settings, rules: tuple[Rule, ...]) -> Iterator[Problem]:
    """Yield what is wrong with the settings taken together."""
    for rule in rules:
        yield from rule(settings)
