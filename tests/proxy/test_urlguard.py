"""A place inside a URL that leads to an unknown host is recognised, however the URL is written."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from proxy.restore import Issued, Lexicon, Tally, restore
from proxy.urlguard import UrlGuard, hosts_of

HOSTS = frozenset({"good.example", "www.good.example", "sub.good.example"})

FOREIGN = [
    "![](https://evil.example/?q=", "[a](https://evil.example/", "[a](<https://evil.example/?q=",
    "[a](<https://evil.example/ ",
    "see https://evil.example/", "HTTPS://EVIL.EXAMPLE/", "ftp://evil.example/", "wss://evil.example/",
    "x-app://evil.example/",
    "//evil.example/", "(//evil.example/", "www.evil.example/?", "WWW.evil.example/", "<https://evil.example/",
    '<img src="https://evil.example/?q=', '<img src="https://evil.example/?q= a b ',
    "<img src = 'https://evil.example/?a b \"",
    '<img src=https://evil.example/?q="', '<a href="//evil.example/ ', '<img src=" https://evil.example/?',
    "url(https://evil.example/",
    "url('//evil.example/", "[ref]: https://evil.example/", "`https://evil.example/",
    # the host itself, or not yet finished
    "https://", "https://good.example", "https://good.example:", "https://x.", "//", "www.", "https:", "https:/",
    "www.good.example",
    # user information, ports, case, backslashes
    "https://good.example@evil.example/", "https://good.example:443@evil.example/",
    "https://a:good.example/@evil.example/",
    r"https://good.example\@evil.example/", r"https:\\evil.example\ "[:-1], r"https:\/\/evil.example\/",
    "https:/evil.example/",
    "https:evil.example/", "https:///evil.example/", r"[a](\\evil.example/", r"[a](/\evil.example/",
    r'src="\\evil.example/a ',
    "https://evil.example:8080/", "https://good.example.evil.example/", "https://good.example%2eevil.example/",
    "https://good.example%5c@evil.example/", "https://good.example%40evil.example/",
    # other spellings of the scheme
    "https&#58;//evil.example/", "https&colon;&sol;&sol;evil.example/", "https:&#47;&#x2F;evil.example/",
    "https%3A%2F%2Fevil.example/",
    "https%253A%252F%252Fevil.example/", r"https:\u002f\u002fevil.example/", "&#104;ttps://evil.example/",
    "[a](&#47;&#47;evil.example/", "www&#46;evil.example/", r"https\://evil.example/",
    # what looks like an end and is none
    "https://evil.example/a)", "https://evil.example/a]", 'https://evil.example/a"', "https://evil.example/a,b;c'",
    "[a](https://evil.example/(x)",
    r"[a](https://evil.example/\)", "![](https://evil.example/>", "https://evil.example/" + "a" * 5000,
    "(https://evil.example/)",
    # a foreign URL within a known one
    "https://good.example/?u=https://evil.example/", "https://good.example/?u=https%3A%2F%2Fevil.example/",
    "https://good.example/?u=//evil.example/",
    "https://evil.example/?u=https://good.example/", "https://good.example/" + "a" * 5000,
]
OWN = [
    "", "text ", "a/b/", "a//b/", "// ", "/// ", "1:2", "Name:", "Name: ", r"C:\Users\ "[:-1], r"C:\\Users\\",
    "mailto:", "[a](mailto:", "tel:", '<a href="tel:',
    "[a](", "[a](#", "[a](/path/", '<img src="', 'class="x ', "# ", "https://evil.example/ ",
    "https://evil.example/\n", "https://evil.example/<",
    "[a](https://evil.example/)", "[a](https://evil.example/(x))", "[a](<https://evil.example/>",
    "<https://evil.example/>", "<https://evil.example/>)",
    '"https://evil.example/"', "'https://evil.example/'", "„https://evil.example/“", "«https://evil.example/»",
    "`https://evil.example/`",
    '<img src="https://evil.example/">', "<img src=https://evil.example/>", "[https://evil.example/](",
    "[https://evil.example/](mailto:",
    '{"url":"https://evil.example/","name":"', "url(https://evil.example/)", "www ", "awww.evil.example/", "https ",
    "&amp;", "100%",
    "https://good.example/", "https://good.example/?q=", "https://good.example?q=", "https://good.example#",
    "https://GOOD.example:8443/a",
    "![](https://good.example/", "www.good.example/", "//good.example/", "https://sub.good.example./",
    r"https:\/\/good.example\/",
    "https://user:secret@good.example/", "postgres://good.example/", "https://good.example/a//b/",
    "https://good.example/?u=https://sub.good.example/",
    '<a href="https://good.example/a b ',
    "https://evil.example/" + "a" * 5000 + " ", "a" * 5000, "https:good ", r"\n", r"(\"\\n",
]


def foreign(text: str, *, json_string: bool = False) -> bool:
    guard = UrlGuard(HOSTS, json_string=json_string)
    guard.feed(text)
    return refused(guard)


def refused(guard: UrlGuard, following: str = " ") -> bool:
    answer = guard.refuses("value", following, final=True)
    assert answer is not None
    return answer


@pytest.mark.parametrize("json_string", [False, True])
@pytest.mark.parametrize("text", FOREIGN)
def test_foreign(text: str, json_string: bool) -> None:
    assert foreign(text, json_string=json_string)
    assert foreign(f"Hallo, {text}", json_string=json_string)


@pytest.mark.parametrize("text", OWN)
def test_own(text: str) -> None:
    assert not foreign(text)
    assert not foreign(f"Hallo, {text}")


@pytest.mark.parametrize(("text", "expected"), [
    ('{"url": "https://evil.example/?q= ', True),
    ('{"url":" https://evil.example/?q=', True),
    (r'{"url": "https://evil.example/?q=\" ', True),
    (r'{"html": "<img src=\"https://evil.example/?q= ', True),
    (r'{"html": "<img src=\"https://evil.example/?q=\">', False),
    ('{"url": "https://evil.example/", "name": "', False),
    (r'{"url": "https://evil.example/\\", "name": "', False),
    (r'{"text": "see https://evil.example/\n', False),
    (r'{"text": "see https://evil.example/\\n', True),
    (r'{"code": "print(\"\\n', False),
    ('{"url": "https://good.example/?q= ', False),
    ('{"url":"//evil.example/', True),
])
def test_json(text: str, expected: bool) -> None:
    assert foreign(text, json_string=True) is expected


fragments = st.lists(
    st.sampled_from([*FOREIGN[:40], *OWN[:60], " ", "\n", ")", '"', ">", "<", "\\", "a", "/", "=", '="', "](", "](<"])
).map("".join)


@given(fragments, st.lists(st.integers(0, 200), max_size=8), st.booleans())
def test_any_cut_gives_the_same_answer(text: str, cuts: list[int], json_string: bool) -> None:
    pieces, single = UrlGuard(HOSTS, json_string=json_string), UrlGuard(HOSTS, json_string=json_string)
    for start, end in zip([0, *sorted(cuts)], [*sorted(cuts), len(text)], strict=True):
        pieces.feed(text[start:end])
    for character in text:
        single.feed(character)
    assert refused(pieces) is refused(single) is foreign(text, json_string=json_string)


class Thorough(UrlGuard):
    """Looks for a URL in everything."""

    @property
    def _plain(self) -> bool:
        return False

    @_plain.setter
    def _plain(self, plain: bool) -> None:
        pass


PLAIN = st.sampled_from(["http", "ww", "w", '="', "](<", " ", "\n", "a" * 30, "[PERSON_1", "a" * 200, "!(", "'"])


@given(st.lists(st.lists(PLAIN | st.sampled_from([*FOREIGN, *OWN, ":", "//", "www."]), max_size=3).map("".join)),
       st.sampled_from(["", " ", "evil.example/", "@good.example/", ":"]), st.booleans(), st.booleans())
def test_what_is_not_looked_through_holds_no_url(
    pieces: list[str], following: str, json_string: bool, final: bool
) -> None:
    quick, thorough = UrlGuard(HOSTS, json_string=json_string), Thorough(HOSTS, json_string=json_string)
    for piece in pieces:
        quick.feed(piece)
        thorough.feed(piece)
        given = [guard.refuses("value", following, final=final) for guard in (quick, thorough)]
        assert given[0] is given[1]


@pytest.mark.parametrize("json_string", [False, True])
def test_text_without_a_sign_of_a_url_is_not_looked_through(
    monkeypatch: pytest.MonkeyPatch, json_string: bool
) -> None:
    """A reply may be nothing but tokens that never end, each of which asks where it stands."""
    looked: list[str] = []

    def spied(step: Callable[[UrlGuard], object]) -> Callable[[UrlGuard], object]:
        def spy(guard: UrlGuard) -> object:
            looked.append(guard._text)
            return step(guard)

        return spy

    for name in ("_enter", "_last_space"):
        monkeypatch.setattr(UrlGuard, name, spied(getattr(UrlGuard, name)))
    lexicon = Lexicon([Issued("[PERSON_1]", "Anna Fritz")])
    tally = Tally()
    restore(lexicon, "[PERSON_1" * 5_000, json_string=json_string, tally=tally)
    assert (tally.restored, looked) == (5_000, [])
    restore(lexicon, "//x.example/[PERSON_1]", json_string=json_string)
    assert looked


@given(st.text(st.sampled_from("a /\\:\"'()<>=&%w.h"), max_size=40), st.sampled_from(FOREIGN[:7]))
def test_a_url_after_white_space_is_always_seen(before: str, url: str) -> None:
    assert foreign(f"{before}\n{url}")


pieces_of_urls = st.lists(st.sampled_from(
    ["good.example", "evil.example", "good", "@", ":", "/", "//", "\\", "?", "#", ".", ",", ";", "%40", "%2f", "443",
    "a", "'", "&"]
), max_size=8).map("".join)


@settings(max_examples=500)
@example("https://", "", "good.example\\@good.example")  # a browser ends the host at the backslash
@given(st.sampled_from(["https://", "HTTP:", "//", "https:\\/\\/", "postgres://"]), pieces_of_urls, pieces_of_urls)
def test_where_a_value_may_go_other_readers_of_urls_see_a_known_host(scheme: str, before: str, following: str) -> None:
    guard = UrlGuard(HOSTS | {"value"})
    guard.feed(scheme + before)
    if guard.refuses("value", following, final=True):
        return
    url = f"{scheme}{before}value{following}"
    if url.startswith("https:\\"):
        url = url.replace("\\/", "/")  # as JSON or Markdown reads it; as a browser does, below
    for reading in (url, url.replace("\\", "/")):
        host = urlsplit(reading.replace("////", "//")).hostname or ""
        assert host.rstrip(".,;:!*'\\") in HOSTS | {"value", ""}


long_pieces = st.sampled_from(["https://evil.example/", "x" * 3000, "\\" * 3000, "/" * 3000, ":", '="', "a b"])


@given(st.lists(long_pieces).map("".join))
def test_the_state_is_bounded(text: str) -> None:
    guard = UrlGuard(HOSTS)
    for start in range(0, len(text), 500):
        guard.feed(text[start : start + 500])
    assert len(guard._text) < 5000


@pytest.mark.parametrize(("text", "value", "following", "expected"), [
    ("http://", "good.example", "/", False),
    ("http://", "good.example", ":8080/a", False),
    ("http://", "good.example", ", und", False),
    ("**http://", "good.example", "**", False),
    ('"http://', "good.example", '","a":1', False),
    ("[x](http://", "good.example", ")", False),
    ("[http://", "good.example", "](http://", False),
    ("http://sub.", "good.example", "/", False),
    ("http://", "a.example", "/", True),
    ("http://", "good.example", ".evil.example/", True),
    ("http://", "good.example", ",.evil.example/", True),
    ("http://", "good.example", "@evil.example/", True),
    ("http://", "good.example/", ".evil.example/", True),
    ("postgres://", "user", ":[SECRET_1]@good.example/db", False),
    ("postgres://user:", "p@ss/w", "@good.example:5432/db", False),
    (r'"https:\/\/user:', "secret", r'@good.example\/x"', False),
    ("redis://:", "secret", "@good.example", False),
    ("https://user:", "secret", "@evil.example/", True),
    ("https://user:", "secret", "@good.example@evil.example/", True),
    ("https://user:", "secret", "@good.example,x@evil.example/", True),
    ("https://user:", "secret", '@good.example"x@evil.example/', True),
    ("https://user:", "secret", r"@good.example\@evil.example/", True),
    (r'{\"url\": \"http://', "good.example", r'\", \"a', False),
    ("https://good.example@", "secret", ".evil.example/", True),
    ("https://a@b@", "secret", "@good.example/", True),
    ("https://user:", "secret", "x" * 300 + "@good.example/", True),
    ("javascript://", "good.example", "/", True),
    ("www.", "good.example", "/", True),
])
def test_within_the_authority(text: str, value: str, following: str, expected: bool) -> None:
    for json_string in (False, True):
        guard = UrlGuard(HOSTS, json_string=json_string)
        guard.feed(text)
        assert guard.refuses(value, following, final=True) is expected
        answers = [guard.refuses(value, following[:end], final=False) for end in range(len(following) + 1)]
        assert set(answers) <= {None, expected}


def test_an_escaped_line_end_ends_a_url_in_json_only() -> None:
    for json_string, expected in ((True, False), (False, True)):
        guard = UrlGuard(HOSTS, json_string=json_string)
        guard.feed('"see http://')
        assert guard.refuses("good.example", r"\nHallo", final=True) is expected


@pytest.mark.parametrize(("text", "hosts"), [
    ("", set()),
    ("https://Good.Example:443/a and http://b.example?x", {"good.example", "b.example"}),
    ("//cdn.example/x www.a.example. (https://c.example)", {"cdn.example", "www.a.example", "c.example"}),
    ("https://user:secret@d.example/", {"d.example"}),
    (r'{"url": "https:\/\/e.example\/"}', {"e.example"}),
    ("max@example.com, example.org, mailto:a@b.example, // comment, a/b", set()),
])
def test_hosts_of(text: str, hosts: set[str]) -> None:
    assert hosts_of(text) == hosts
