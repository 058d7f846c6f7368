"""Passwords where they are written down: in assignments, configuration, prose, and the userinfo of a URL (RFC 3986).

Only the secret is a finding, never its name. What is plainly no secret stays: placeholders, types, calls, references
to variables, and the words that a sentence about passwords goes on with.
"""

import re
from collections.abc import Iterator
from typing import Final

from recognizers.base import TextRecognizer
from recognizers.finding import SECRET, Finding
from recognizers.generic.reading import Marks, folded, occurrences
from recognizers.scores import CONTEXT_SCORE

# Names of secrets. The short ones are words of their own or stand behind an underscore.
_LONG: Final = (
    "password", "passwort", "passwd", "passphrase", "kennwort", "secret", "mot de passe", "mot_de_passe", "contraseña",
    "contrasena", "wachtwoord", "hasło", "haslo", "api key", "api_key", "api-key", "apikey", "access_key", "access-key",
    "accesskey", "private_key", "account_key", "accountkey", "token", "kodeord", "clave", "parola d'ordine",
)  # fmt: skip
_SHORT: Final = ("pwd", "pw", "pass", "mdp", "pin", "puk", "tan", "psw")
_NAMES: Final = _LONG + _SHORT
_REST_OF_NAME: Final = r"(?:[_ -]?(?:id|key|value|neu|new|old|alt|code|nr|nummer))?"
_ASSIGNED = re.compile(
    rf"{_REST_OF_NAME}(?:[ ]?\([^)\n]{{1,20}}\))?[\"'`*_]{{0,3}}\]?[ \t]{{0,8}}(?::=|=>|->|[:=])"
    r"[ \t]{0,8}(?:\*\*[ \t]?)?"
    r"(?:(?P<mark>[\"'`])(?P<quoted>[^\"'`\n]{3,200})(?P=mark)|"
    r"(?P<open>[^\s\"'`<>{}$()\[\],;&|](?:[^\s\"'`<>{}()\[\],;&|]|&(?![\w.-]{1,40}=)){2,200}))",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"[ \t]{1,2}(?:(?:für|for|von|zum|to|de|of|pour|per|voor|do)[ \t][^\s:=.]{1,40}[ \t])?"
    r"(?:ist|lautet|war|is|was|est|es|è|jest|to)[ \t]?:?[ \t]{1,2}[\"'„“”`*]{0,2}(?P<told>[^\s\"'„“”`]{4,80})",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"[ ]([0-9]{4,8}|(?=[^\s]{0,40}[0-9])(?=[^\s]{0,40}[A-Za-z])[^\s\"'`<>{}()\[\],;&|]{6,40})(?=[\s,;.)]|\Z)"
)
# `the password for the VPN that Jo gave me was X`: some more words, then a word that says it.
_TOLD_LATER = re.compile(
    r"[ ][^\n.;:!?=\"]{1,60}?[ ](?:ist|lautet|war|wäre|is|was|est|es|è|jest|to|=)[ ]?:?[ ]{1,2}[\"'„“”`*]{0,2}"
    r"(?P<told>[^\s\"'„“”`]{4,80})",
    re.IGNORECASE,
)
_STRONGER = re.compile(r"(?=\S*[A-Za-z])(?=\S*[0-9])[^\s,;]{6,}|[^\W\d_]{2,}[-+#!$&*=.][^\s,;]*[0-9!#$&*+=]")
_ELEMENT = re.compile(
    r"<[\w:.-]{0,30}?(?:password|passwort|passwd|kennwort|secret|token|apikey|api-key|pwd|pin)>\s{0,8}([^<>\s]{3,200})\s{0,8}</",
    re.IGNORECASE,
)
_OPTION = re.compile(
    r"(?:\bsshpass[ ]-p|--(?:password|passwd|token|api-key|secret|passphrase))[ =]?[\"']?"
    r"([^\s\"'<>$={\[-][^\s\"'<>]{3,200})"
)
_ALONE = re.compile(r"[ ][\"'„“`]?(?P<told>[^\s\"'„“`<>{}()\[\],;]{6,60})(?=[\s,;.)\"'“`]|\Z)")
_USERINFO = re.compile(r"://([^\s/@:\"'<>]{0,80}):([^\s@\"'<>]{1,160})@(?=[\w\[])")
_CURL = re.compile(r" (?:-u|--user)[ =][\"']?([^\s:\"']{1,80}):([^\s\"']{2,160})")
_REFERENCE = re.compile(r"[$<{\[*%]")  # a variable or a placeholder
_MYSQL = re.compile(r"\bmysql\w{0,6}\b[^\n]{0,120}?[ ]-p([^\s\"'-][^\s\"']{2,60})")
_NO_SECRET = re.compile(
    r"\**$|x{3,}$|\.{2,}$|-{2,}$|_+$|(?:your|my|dein|ihr|mein|the|ein|change|replace|insert|enter|example|dummy|"
    r"redacted|hidden|geheim$|secret$|pass(?:word|wort)?$|token$|none|null|nil|true|false|undefined|required|"
    r"optional|str(?:ing)?\b|int\b|bytes\b|bool|any\b|text\b|char|varchar|self\.|this\.|os\.|env|process\.|config|"
    r"settings|getpass|input|args\.|req\.|request\.|https?:|siehe|nicht|not\b|n/a|vergessen|forgotten|zurück|reset|"
    r"mindestens|minimum|min\.|bitte|please|invalid|ung[uü]ltig|falsch|wrong|incorrect|expired|abgelaufen|ok$|yes$|"
    r"no$|ja$|nein$|\[|%s|%\(|:)",
    re.IGNORECASE,
)
_NO_NAME = re.compile(  # a shell's working directory, not the password of an ODBC connection, which a semicolon ends
    r"pwd=[\"']?(?:~|/(?:home|root|srv|var|etc|opt|usr|tmp|mnt|data|app|run|workspace|Users)(?![\w.-]))"
    r"(?:/[\w.-]*)*[\"']?(?!\S)",
    re.IGNORECASE,
)
_DIRECTIVE = re.compile(  # of a web server: pass on to; in an assignment it is the password for a proxy
    r"(?:(?<=proxy_)|(?<=fastcgi_)|(?<=uwsgi_)|(?<=scgi_)|(?<=grpc_)|(?<=memcached_))pass[ \t]+[^\s=:]"
)
_NO_VALUE = re.compile(r"https?:|[$<{\[%*]|x{3,}\Z", re.IGNORECASE)
_STRONG = re.compile(r"[0-9]|[^\w.,;:!?)'-]|[a-zß-ÿ][A-ZÀ-Þ]|\w[!?.]\w|[_]")


class PasswordRecognizer(TextRecognizer):
    """Finds passwords and other secrets by the name they are given."""

    kinds = (SECRET,)
    needs = Marks(*_NAMES, "sshpass", "mysql", "://", " -u", " --")

    def find(self, text: str) -> Iterator[Finding]:
        """Yield every secret of ``text`` that a name, a URL or a command line introduces."""
        lower = folded(text)
        for start, end in occurrences(lower, _NAMES):
            short = lower[start:end] in _SHORT
            if _NO_NAME.match(text, start) or _DIRECTIVE.match(lower, start):
                continue
            if not short or not lower[start - 1 : start].isalnum():
                yield from self._named(text, start, end)
            if short and not lower[start - 1 : start].isalnum():
                yield from self._beside(text, end)
        for pattern, marks in ((_ELEMENT, ("<",)), (_OPTION, ("sshpass", " --"))):
            for value in pattern.finditer(text) if any(mark in lower for mark in marks) else ():
                if not _NO_SECRET.match(value[1]):
                    yield Finding(*value.span(1), SECRET, CONTEXT_SCORE, self.name)
        yield from self._in_commands(text, lower)

    def _in_commands(self, text: str, lower: str) -> Iterator[Finding]:
        """Yield the passwords in URLs and on the command lines of clients."""
        for client in _MYSQL.finditer(text) if "mysql" in lower else ():
            yield Finding(*client.span(1), SECRET, CONTEXT_SCORE, self.name)
        for pattern, marks in ((_USERINFO, ("://",)), (_CURL, (" -u", " --user"))):
            for start, _ in occurrences(lower, marks):
                login = pattern.match(text, start)
                if login and not _REFERENCE.match(login[2]):
                    yield Finding(*login.span(2), SECRET, CONTEXT_SCORE, self.name)

    def _beside(self, text: str, end: int) -> Iterator[Finding]:
        """Yield a secret that only a blank divides from a short name: `PIN 4711`, `pw Tulpe!9`."""
        beside = _BESIDE.match(text, end)
        if beside and not _NO_VALUE.match(beside[1]):
            yield Finding(*beside.span(1), SECRET, CONTEXT_SCORE, self.name)

    def _named(self, text: str, start: int, end: int) -> Iterator[Finding]:
        """Yield the secret that the name at ``start`` to ``end`` introduces, if it does."""
        assigned = _ASSIGNED.match(text, end)
        if assigned:
            group = "quoted" if assigned["quoted"] else "open"
            start, end = assigned.span(group)
            end = start + len(text[start:end].rstrip(".,;:")) if group == "open" else end
            if _is_secret(text, start, end, quoted=group == "quoted"):
                yield Finding(start, end, SECRET, CONTEXT_SCORE, self.name)
            return
        for pattern in (_TOLD_LATER, _ALONE):
            told = pattern.match(text, end)
            if told and _STRONGER.match(told["told"]) and not _NO_SECRET.match(told["told"]):
                stop = told.start("told") + len(told["told"].rstrip(".,;:)*"))
                yield Finding(told.start("told"), stop, SECRET, CONTEXT_SCORE, self.name)
        told = _TOLD.match(text, end)
        if told:
            start = told.start("told")
            end = start + len(told["told"].rstrip(".,;:)*"))
            if _STRONG.search(text, start, end) and not _NO_SECRET.match(text, start, end):
                yield Finding(start, end, SECRET, CONTEXT_SCORE, self.name)


def _is_secret(text: str, start: int, end: int, *, quoted: bool) -> bool:
    if end - start < 3 or _NO_SECRET.match(text, start, end):
        return False
    if quoted:
        return text[end : end + 2] not in {"](", "),"} or _STRONG.search(text, start, end) is not None
    if text[end : end + 1] in {"(", "["}:
        return False  # a call or a subscript
    if _STRONG.search(text, start, end):
        return True
    return re.match(r"[ \t]*(?:$|[\n;|,}])", text[end : end + 3]) is not None and "." not in text[start:end]
