"""Metrics: what is counted shows, under names with our prefix, and labels are short lists."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from proxy.metrics import Metrics


def samples(metrics: Metrics) -> dict[tuple[str, tuple[str, ...]], float]:
    families = text_string_to_metric_families(metrics.exposition().decode())
    return {(s.name, tuple(sorted(s.labels.values()))): s.value for family in families for s in family.samples}


def test_everything_counted_shows() -> None:
    metrics = Metrics()
    with metrics.answering("POST /v1/chat/completions") as answering:
        assert samples(metrics)["deckname_in_flight", ()] == 1
        answering.outcome = "ok"
    metrics.overhead("pseudonymise", 0.003)
    metrics.found("EMAIL", "EmailRecognizer", "pseudonymise")
    metrics.restored(3, 1, 2)
    metrics.foreign(4)
    metrics.failed_closed("detector_unavailable")
    metrics.stream_broken("upstream_cut")
    metrics.upstream_failed("upstream_timeout")
    metrics.unscanned("attachment", 100)
    metrics.auth_failed()
    metrics.vault("allocate", "ok", 0.001)
    metrics.watch_detector(lambda: 5)
    shown = samples(metrics)
    assert shown["deckname_requests_total", ("POST /v1/chat/completions", "ok")] == 1
    assert shown["deckname_in_flight", ()] == 0
    assert shown["deckname_tokens_restored_total", ()] == 3
    assert shown["deckname_tokens_unrestored_total", ("url",)] == 1
    assert shown["deckname_tokens_unrestored_total", ("unknown",)] == 2
    assert shown["deckname_tokens_unrestored_total", ("foreign",)] == 4
    assert shown["deckname_unscanned_characters_total", ("attachment",)] == 100
    assert shown["deckname_detector_queue", ()] == 5
    assert all(name.startswith("deckname_") for name, _ in shown)
    assert {"deckname_findings_total", "deckname_failed_closed_total", "deckname_streams_broken_total",
            "deckname_upstream_errors_total", "deckname_auth_failures_total", "deckname_vault_seconds_count",
            "deckname_overhead_seconds_count", "deckname_build_info"} <= {name for name, _ in shown}


def test_a_request_that_ends_without_a_word_has_failed() -> None:
    metrics = Metrics()
    with pytest.raises(KeyError), metrics.answering("unknown"):
        raise KeyError
    assert samples(metrics)["deckname_requests_total", ("failed", "unknown")] == 1


def test_two_proxies_in_one_process_count_apart() -> None:
    first, second = Metrics(), Metrics()
    first.auth_failed()
    assert samples(second)["deckname_auth_failures_total", ()] == 0
