"""Settings: every way to give one, every problem at once, no secret shown."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from proxy.clients import ClientKeys
from proxy.settings import Address, Problem, Settings, SettingsError, load
from proxy.settings.forms import address, seconds, size, written, written_seconds, written_size
from proxy.settings.load import example_of, is_secret, section_of
from proxy.settings.model import SECTIONS
from proxy.settings.problems import STORES
from proxy.settings.show import effective, markdown, report
from proxy.vault.connect import SCHEMES

NAMES = list(Settings.model_fields)
URL = "http://127.0.0.1:9/v1"


def attempt(**sources: Any) -> tuple[Settings | None, tuple[Problem, ...]]:
    """Return the settings, or what is wrong with them."""
    try:
        return load(**sources), ()
    except SettingsError as error:
        return None, error.problems


def problems(environ: dict[str, str], **options: object) -> dict[str, str]:
    """Load what must fail, and return the report's problems by the first setting they name."""
    with pytest.raises(SettingsError) as caught:
        load(options, environ=environ, serving=True)
    return {problem.names[0]: f"{problem.what} {problem.remedy}" for problem in caught.value.problems}


@given(st.integers(0, 10**9))
def test_a_written_duration_reads_back(value: int) -> None:
    assert seconds(written_seconds(float(value))) == pytest.approx(value)


@given(st.integers(0, 1 << 50))
def test_a_written_size_reads_back(value: int) -> None:
    assert size(written_size(value)) == value


@given(st.ip_addresses(), st.integers(0, 65535))
def test_a_written_address_reads_back(ip: object, port: int) -> None:
    assert address(str(Address(str(ip), port))) == Address(str(ip), port)


@given(st.text(max_size=40))
def test_any_text_is_a_setting_or_a_problem_in_plain_words(text: str) -> None:
    for name in NAMES:
        if not text or "\0" in text:
            continue
        settings, found = attempt(options={name: text}, environ={})
        assert bool(settings) != bool(found)
        assert all(problem.what and problem.remedy[-1] in ".?" for problem in found)


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_has_a_section_a_meaning_and_an_example_that_works(name: str, tmp_path: Path) -> None:
    assert section_of(name) in SECTIONS
    assert (Settings.model_fields[name].description or "").endswith(".")
    assert Settings.model_validate({name: example_of(name)})


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_can_come_from_environment_and_file(name: str, tmp_path: Path) -> None:
    expected = getattr(Settings.model_validate({name: example_of(name)}), name)
    environ = {f"DECKNAME_{name.upper()}": example_of(name)}
    file = tmp_path / "deckname.toml"
    file.write_text(f'[{section_of(name)}]\n{name} = "{example_of(name)}"\n')
    for sources in ({"environ": environ}, {"environ": {}, "config": file}):
        settings, found = attempt(**sources)
        # Where it is refused it was read, but needs company: a file that exists, another setting.
        assert all("no such" not in p.what and "example" not in p.remedy for p in found)
        assert settings is None or getattr(settings, name) == expected


def test_the_command_line_wins_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_text('[server]\nlisten = "127.0.0.1:1"\n[upstream]\nread_timeout = 1\nconnect_timeout = 1\n')
    environ = {"DECKNAME_LISTEN": "127.0.0.1:2", "DECKNAME_READ_TIMEOUT": "2", "DECKNAME_CONFIG": str(file)}
    settings = load({"listen": "127.0.0.1:3"}, environ=environ)
    assert (settings.listen.port, settings.read_timeout, settings.connect_timeout) == (3, 2, 1)


def test_tables_and_lists_have_a_short_form_a_json_form_and_a_toml_form(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_text('[policy.actions]\nIBAN = "mask"\n'
                    '[scope]\nuser_headers = ["X-A", "x-b"]\ntrusted_peers = "10.1.2.3"')
    expected = {"IBAN": "mask"}
    assert load(environ={"DECKNAME_ACTIONS": "IBAN=mask"}).actions == expected
    assert load(environ={"DECKNAME_ACTIONS": '{"IBAN": "mask"}'}).actions == expected
    settings = load(environ={}, config=file)
    assert settings.actions == expected
    assert (settings.user_headers, settings.trusted_peers) == (("x-a", "x-b"), ("10.1.2.3/32",))


def test_redis_url_is_also_read_by_its_usual_name() -> None:
    settings = load(environ={"REDIS_URL": "redis://a", "DECKNAME_REDIS_URL": "redis://b"})
    assert settings.redis_url == SecretStr("redis://b")
    assert load(environ={"REDIS_URL": "redis://a"}).redis_url == SecretStr("redis://a")


def test_a_secret_may_lie_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("sk-synthetic\n")
    environ = {"DECKNAME_UPSTREAM_KEY_FILE": str(tmp_path / "key")}
    assert load(environ=environ).upstream_key == SecretStr("sk-synthetic")
    missing = problems({"DECKNAME_UPSTREAM_KEY_FILE": str(tmp_path / "none"), "DECKNAME_UPSTREAM": URL})
    assert "cannot be read" in missing["upstream_key"]


def test_all_problems_are_reported_together(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_text('listen = "127.0.0.1:1"\n[store]\nttl = "soon"\nupstream = "x"\n[wrong]\na = 1\n')
    found = problems({"DECKNAME_CONFIG": str(file), "DECKNAME_UPSTREM": URL, "DECKNAME_BODY_LIMIT": "big",
                      "DECKNAME_ADMIN_LISTEN": "0.0.0.0:1", "DECKNAME_REDIS_CA_FILE": "/nowhere"})
    assert set(found) == {"listen", "ttl", "upstream", "wrong", "upstrem", "body_limit", "admin_listen",
                          "redis_ca_file"}
    assert "Did you mean upstream?" in found["upstrem"]
    assert "Put it under [server]." in found["listen"]


@pytest.mark.parametrize("text", ["", "127.0.0.1", "http://x", "https://u:p@x/v1", "https://x/v1?key=1", "ftp://x/v1"])
def test_an_upstream_is_a_bare_base_url_that_ends_in_v1(text: str) -> None:
    assert "upstream" in problems({"DECKNAME_UPSTREAM": text})


def test_broken_toml_and_a_missing_file_are_problems_too(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text("[server\n")
    for path in (tmp_path / "c.toml", tmp_path / "none.toml"):
        assert "config" in problems({"DECKNAME_CONFIG": str(path), "DECKNAME_UPSTREAM": URL})


def test_listening_elsewhere_without_client_keys_is_refused(tmp_path: Path) -> None:
    environ = {"DECKNAME_UPSTREAM": URL, "DECKNAME_DATA_DIR": str(tmp_path), "DECKNAME_LISTEN": "0.0.0.0:8080"}
    assert "deckname clients add" in problems(environ)["listen"]
    ClientKeys(tmp_path / "clients.json").add("team", "2026-01-01T00:00:00+00:00")
    assert "DECKNAME_UPSTREAM_KEY" in problems(environ)["upstream_key"]
    assert load(environ=environ | {"DECKNAME_UPSTREAM_KEY": "sk-synthetic"}, serving=True).listen.port == 8080


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.9.9.9"])
def test_loopback_is_what_only_this_machine_reaches(host: str) -> None:
    assert Address(host, 1).is_loopback


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1", "box", "localhost.example.com"])  # noqa: S104
def test_everything_else_is_open_to_others(host: str) -> None:
    assert not Address(host, 1).is_loopback


@pytest.mark.parametrize(
    "environ",
    [
        {"DECKNAME_TTL": "2d", "DECKNAME_TTL_MAX": "1d"},
        {"REDIS_URL": "http://x"},
        {"REDIS_URL": "redis://:a@x", "DECKNAME_REDIS_PASSWORD": "b"},
        {"DECKNAME_REDIS_PASSWORD": "b"},
        {"DECKNAME_REDIS_REPLICAS": "1"},
        {"DECKNAME_DEK_URL": "http://x"},
        {"DECKNAME_USER_HEADERS": "X-User"},
        {"DECKNAME_DENY_LISTS": "PROJECT=/nowhere"},
        {"DECKNAME_RECOGNIZER_FILES": "/nowhere"},
        {"DECKNAME_CLIENTS_FILE": "/nowhere"},
        {"DECKNAME_LISTEN": "127.0.0.1:8081"},
    ],
)
def test_what_has_no_effect_or_makes_no_sense_is_a_problem(environ: dict[str, str]) -> None:
    assert len(problems({"DECKNAME_UPSTREAM": URL} | environ)) == 1


def test_secrets_are_in_no_repr_no_report_and_no_listing(tmp_path: Path) -> None:
    canary = "synthetic-canary"
    secret = [name for name in NAMES if is_secret(Settings.model_fields[name])]
    assert {"upstream_key", "redis_url", "admin_token", "openwebui_jwt_secret"} <= set(secret)
    values = dict.fromkeys(secret, f"name={canary}")
    settings = Settings.model_validate(values)
    shown = [repr(settings), str(settings), str(list(effective(settings)))]
    with pytest.raises(SettingsError) as caught:
        load({name: [canary] for name in secret}, environ={})
    shown += [repr(caught.value), report(caught.value), repr(caught.value.__context__)]
    assert not any(canary in text for text in shown)


def test_settings_are_frozen_and_take_nothing_unknown() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings().ttl = 1.0
    with pytest.raises(ValueError, match="extra"):
        Settings.model_validate({"nonsense": 1})


def test_the_table_holds_every_setting() -> None:
    table = markdown()
    assert all(f"`{name}`" in table and f"`DECKNAME_{name.upper()}`" in table for name in NAMES)


def test_the_stores_known_here_are_those_the_vault_can_reach() -> None:
    assert STORES == SCHEMES


@pytest.mark.parametrize(
    ("value", "text"), [(None, ""), (True, "true"), (1.5, "1.5"), ({"A": "b"}, "A=b"), (("a", "b"), "a,b")]
)
def test_values_are_written_as_they_would_be_typed(value: object, text: str) -> None:
    assert written(value) == text
