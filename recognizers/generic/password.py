"""Passwords where they are written down: in assignments, configuration, prose, and the userinfo of a URL (RFC 3986).

Only the secret is a finding, never its name. What is plainly no secret stays: placeholders, types, calls, references
to variables, and the words that a sentence about passwords goes on with.
"""

import re
from collections.abc import Iterator

from recognizers.base import CONTEXT_SCORE, TextRecognizer
from recognizers.finding import SECRET, Finding

_NAME = (
    r"(?:\w{0,24}?(?:passwor[dt]|passwd|passphrase|passwort|kennwort|kennung_pw|pwd|(?<![^\W_])pw|(?<![^\W_])pass|secret|"
    r"mot[ _]de[ _]passe|mdp|contrase[nñ]a|wachtwoord|has[lł]o|"
    r"api[_ -]?key|apikey|access[_-]?key|secret[_-]?key|private[_-]?key|account[_-]?key|auth[_-]?token|"
    r"access[_-]?token|refresh[_-]?token|"
    r"client[_-]?secret|(?<![^\W_])token|zugangscode|freischaltcode|(?<![^\W_])pin|(?<![^\W_])puk|(?<![^\W_])tan)"
    r"(?:[_-]?(?:id|key|value|hash|neu|new|old|alt|code|nr|nummer))?)"
)
_ASSIGNED = re.compile(
    rf"{_NAME}[\"'`*_]{{0,3}}\]?[ \t]{{0,8}}(?::=|=>|->|[:=])[ \t]{{0,8}}(?:\*\*[ \t]?)?"
    r"(?:(?P<mark>[\"'`])(?P<quoted>[^\"'`\n]{3,200})(?P=mark)|(?P<open>[^\s\"'`<>{}$()\[\],;&|][^\s\"'`<>{}()\[\],;&|]{2,200}))",
    re.IGNORECASE,
)
_TOLD = re.compile(
    rf"{_NAME}[ \t]{{1,2}}(?:(?:für|for|von|zum|to|de|of|pour|per|voor|do)[ \t][^\s:=.]{{1,40}}[ \t])?"
    r"(?:ist|lautet|war|is|was|est|es|è|jest|to)[ \t]?:?[ \t]{1,2}[\"'„“”`*]{0,2}(?P<told>[^\s\"'„“”`]{4,80})",
    re.IGNORECASE,
)
_USERINFO = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,20}://([^\s/@:\"'<>]{0,80}):([^\s@\"'<>]{1,160})@(?=[\w\[])")
_CURL = re.compile(r"(?:^|[\s])(?:-u|--user)[ =][\"']?([^\s:\"']{1,80}):([^\s\"']{2,160})")
_NO_SECRET = re.compile(
    r"\**$|x{3,}$|\.{2,}$|-{2,}$|_+$|(?:your|my|dein|ihr|mein|the|ein|change|replace|insert|enter|example|dummy|redacted|hidden|"
    r"geheim$|secret$|pass(?:word|wort)?$|token$|none|null|nil|true|false|undefined|required|optional|str(?:ing)?\b|int\b|bytes\b|"
    r"bool|any\b|text\b|char|varchar|self\.|this\.|os\.|env|process\.|config|settings|getpass|input|args\.|req\.|request\.|"
    r"https?:|siehe|nicht|not\b|n/a|vergessen|forgotten|zurück|reset|mindestens|minimum|min\.|bitte|please|invalid|"
    r"ung[uü]ltig|falsch|wrong|incorrect|expired|abgelaufen|ok$|yes$|no$|ja$|nein$|\[|%s|%\(|:)",
    re.IGNORECASE,
)
_STRONG = re.compile(r"[0-9]|[^\w.,;:!?)'-]|[a-zß-ÿ][A-ZÀ-Þ]|\w[!?.]\w|[_]")


class PasswordRecognizer(TextRecognizer):
    """Finds passwords and other secrets by the name they are given."""

    kinds = (SECRET,)

    def find(self, text: str) -> Iterator[Finding]:
        """Yield every secret of ``text`` that a name, a URL or a command line introduces."""
        for assigned in _ASSIGNED.finditer(text):
            group = "quoted" if assigned["quoted"] else "open"
            start, end = assigned.span(group)
            end = start + len(text[start:end].rstrip(".,;:")) if group == "open" else end
            if _is_secret(text, start, end, bool(assigned["quoted"])):
                yield Finding(start, end, SECRET, CONTEXT_SCORE, self.name)
        for told in _TOLD.finditer(text):
            start = told.start("told")
            end = start + len(told["told"].rstrip(".,;:)*"))
            if _STRONG.search(text, start, end) and not _NO_SECRET.match(text, start, end):
                yield Finding(start, end, SECRET, CONTEXT_SCORE, self.name)
        for pattern in (_USERINFO, _CURL):
            for login in pattern.finditer(text):
                if not re.match(r"[$<{\[*%]", login[2]):
                    yield Finding(*login.span(2), SECRET, CONTEXT_SCORE, self.name)


def _is_secret(text: str, start: int, end: int, quoted: bool) -> bool:
    if end - start < 3 or _NO_SECRET.match(text, start, end):
        return False
    if quoted:
        return text[end : end + 2] not in {"](", "),"} or _STRONG.search(text, start, end) is not None
    if text[end : end + 1] in {"(", "["}:
        return False  # a call or a subscript
    if _STRONG.search(text, start, end):
        return True
    return re.match(r"[ \t]*(?:$|[\n;|,}])", text[end : end + 3]) is not None and "." not in text[start:end]
