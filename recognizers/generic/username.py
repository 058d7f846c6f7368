"""Names of accounts: after a word that says so, as `@handle`, in paths of home directories and in log lines.

The at-sign stays outside. Decorators, annotations, package scopes, rules of style sheets and calls to everybody are no
handles; roles such as `admin` are nobody's name.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Final

from recognizers.base import TextRecognizer
from recognizers.finding import USERNAME, Finding
from recognizers.generic.context import any_of
from recognizers.generic.reading import Marks, folded, occurrences
from recognizers.scores import CONTEXT_SCORE, PATTERN_SCORE

# Beginnings of the words, and which of them surely mean an account.
_ROOTS: Final = (
    "user", "nutzer", "login", "anmeldename", "nickname", "screen", "gamertag", "nom d'utilisateur",
    "nom d’utilisateur", "usuario", "utente", "utilisateur", "użytkownik", "gebruiker", "identifiant",
    "discord", "telegram", "insta", "twitter", "mastodon", "tiktok", "skype", "threads", "bluesky",
    "angemeldet als", "logged in as", "eingeloggt als", "ingelogd als", "connecté en tant que", "kennung",
    "account", "handle", "nick",
)
_LABEL = re.compile(
    r"(?P<sure>user[ _-]?(?:name|id)|(?:be)?nutzer(?:name|kennung)|login[ _-]?name|anmeldename|nickname|"
    r"screen[ _]?name|gamertag|nom d['’]utilisateur|(?:nombre de )?usuario(?= ?[:=])|nome utente|utente(?= ?[:=])|"
    r"gebruikersnaam|użytkownika|skype-name|angemeldet als|logged in as|eingeloggt als|ingelogd als|"
    r"connecté en tant que|kennung|user\.name)|user|nutzer|login|usuario|utente|utilisateur|użytkownik|gebruiker|"
    r"identifiant|discord|telegram|insta(?:gram)?|twitter|mastodon|tiktok|skype|threads|bluesky|account|handle|nick"
)
_LINK = re.compile(
    r"[\"'`*_]{0,3}\)?(?:[ ](?:im|für|for|in|bei|at|on|am|auf|beim)[ ][^\s:=]{1,24}(?=[ ]?[:=]))?(?:[ ]?(?::=|=>|"
    r"[:=])[ ]?|[ ](?:ist|lautet|is|est|es|è|to|jest)[ ]:?[ ]?|"
    r"[ ](?=[@\"'`„“]))[\"'`„“*_@]{0,2}",
    re.IGNORECASE,
)
_TALKERS: Final = frozenset({"user", "nutzer", "usuario", "utente", "utilisateur", "gebruiker", "użytkownik"})
_SPEAKER = re.compile(r"(?m)^([^\W\d_]{2,20})[ ]?:[ ]")
_TOLD = re.compile(r"[0-9]|\w[._-]\w")  # what only the name of an account has
_NUMBER = re.compile(r"[0-9.]+")
_VALUE = re.compile(r"[A-Za-zÀ-ÿ0-9][\w.\-]{1,40}(?:#[0-9]{4})?")
_ROLE = re.compile(
    any_of(
        """
        admin administrator root guest gast test tester user users username benutzer system none null nil true false
        str string int optional required any undefined unknown nobody anonymous default postgres mysql www-data
        nginx ubuntu debian app runner node git public shared vagrant jenkins docker oracle sa service bot assistant
        human me self this name id http https
        keine keiner kein unbekannt leer hand mistake us uns mir ihnen ihm ihr them script cron lui moi
        der die das ein eine ist und oder is the a an not nicht on in at for
        with has was email e-mail hi hello hallo hey please bitte ja nein yes no what how wie was ich i you model
        """
    )
    + r"\Z",
    re.IGNORECASE,
)
# What may follow a bare word that is a name: not the rest of a sentence, and behind a weak label no other word at all.
_ALONE = re.compile(r"[\"'`“*]{0,3}(?:\Z|[\s,;.)\]}|&]{1,2}(?![a-zß-ÿ]{2,}[ ]))")
_LAST = re.compile(r"[\"'`“*]{0,3}(?:[ ]*\Z|[ ]*[\n,;)\]}|&]|\.(?:\s|\Z))")
# What programs write behind `user = `.
_CODE = re.compile(
    r"(?:self|this|request|req|os|ctx|config|settings|session|current|event|data|obj|model|db|auth|app|args|params|"
    r"env|process|user|users|result|response|res|props|state|form|body|payload)\."
)
_TIME = re.compile(r"(?:19|20)[0-9]{2}-[01][0-9]-")
_BESIDE = re.compile(r"[ ]([a-z]{2,20}(?:[._][a-z]{2,20}[0-9]{0,4}|[0-9]{1,4}))(?=[\s,;:)]|\Z)")
_NO_END = re.compile(r"[@(]|://")  # what follows is an address, a call, a URL
_HANDLE = re.compile(r"@([A-Za-z_][A-Za-z0-9_.]{1,38}(?:[A-Za-z0-9_]|(?:-[A-Za-z0-9_]{1,20}){1,3}))(?![\w@(/-]|\.\w)")
_NO_HANDLE = re.compile(
    any_of(
        """
        all here channel everyone everybody alle team override overload deprecated test param params return returns
        throws throw author since see link code example type typedef property private public protected static class
        module abstract async media import font-face keyframes charset supports page layer include mixin extend use
        forward function if else each for while dataclass property staticmethod classmethod abstractmethod pytest
        fixture app api router autowired component service repository controller bean entity table column getter
        setter data builder nullable nonnull notnull inject input output ngmodule injectable directive pipe state
        observable published main available objc discardableresult escaping types babel angular react vue latest
        next todo note google microsoft apple amazon font-[a-z-]+ counter-style view-transition starting-style
        color-profile keyframes-.* container position-try
        """
    )
    + r"\Z",
    re.IGNORECASE,
)
# Behind these the name may be an ordinary word: the log lines of sshd, sudo and web servers, the comments of scripts.
_NAMED_IN = re.compile(
    r"(?:(?:password|publickey|keyboard-interactive/pam)[ ]for[ ](?:invalid user[ ])?|\bsudo:[ ]{1,4}|"
    r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}[ ]-[ ]|[0-9a-f:]{6,40}[ ]-[ ])"
    r"(?P<logged>[A-Za-z][\w.\-]{1,38})(?=[ ](?:from\b|:[ ]|\[[0-9]{1,2}/))|"
    r"(?:--|#|//|/\*)[^\n]{0,60}?\b(?:(?:angelegt|erstellt|ge[äa]ndert|geprüft|exportiert|gelöscht|created|modified|"
    r"changed|updated|exported|reviewed|written|added|edited|creado|modificado|créé|modifié|creato|modificato|"
    r"aangemaakt|gewijzigd|utworzon[eya]|zmienion[eya])[ ](?:von|by|par|por|da|door|przez)|"
    r"(?:last[ ]modified[ ]by|author|autor|owner)[ ]?:)[ ]"
    r"(?P<noted>[a-z][a-z0-9]*[._-]?[a-z0-9]{2,30})(?=[\s,;.)]|\Z)",
    re.MULTILINE,
)
_NAMED_MARKS: Final = (
    "password for", "publickey for", "sudo:", '] "', " von ", " by ", " par ", " por ", " da ", " door ", " przez ",
    "author", "autor", "owner",
)  # fmt: skip
_CLIENT = re.compile(
    r"\b(?:curl|wget|http)\b[^\n]{0,200}?[ ](?:-u|--user)[ =][\"']?(?P<login>[A-Za-z][\w.\-]{2,40}):[^\s\"']{2,160}|"
    r"\b(?:mysql|mariadb|mysqldump|psql|pg_dump)\b[^\n]{0,80}?[ ](?:-u|-U|--user(?:name)?)[ =]?[\"']?"
    r"(?P<client>[A-Za-z][\w.\-]{2,40})(?!\S)|"
    r"\b(?:su[ ]-l?|sudo[ ]-i?u|useradd|userdel|usermod)[ ](?P<account>[a-z][\w.\-]{2,40})(?!\S)"
)
_DOMAIN = re.compile(  # a single backslash may be the escape of a line break
    r"(?<![\w\\])[A-Z][A-Z0-9-]{2,14}(?:\\{2}|\\(?![nrtbfu]))([a-z][a-z0-9]*[._-]?[a-z0-9]{2,30})(?![\w\\])"
)
_SAID = re.compile(  # `Nutzername bei euch war glaub ich blume_1982`: only a word that looks like an account's name
    r"(?![ ](?:type|typ|plan|role|rolle|status|level)\b)"
    r"[ ](?:[^\n.:;,!?@|{}()<>=\"]{1,40}?[ ])??[\"'`„“]?([a-z][a-z0-9]{0,30}(?:[_.][a-z0-9]{1,20}){0,3})"
    r"(?=[\s,;!?)\"'`“]|\.(?:\s|\Z)|\Z)"
)
_CODE_WORDS: Final = frozenset({"user", "user_name", "user_id", "userid", "user.name", "threads"})
_REACH: Final = 48
_FILE = re.compile(r"\.(?:[a-z]{1,4}|html|json|yaml|local|conf)\Z")
_TELLING = re.compile(r"[a-z]{2,}[a-z._]*[0-9]|[a-z0-9]+_[a-z0-9]|[a-z]\.[a-z]{3,}")
_HOME = re.compile(
    r"(?:/home/|/Users/|[A-Za-z]:\\{1,2}(?:Users|Benutzer)\\{1,2}|\\Users\\)([A-Za-z][\w.\-]{1,38})(?=[/\\\s\"':;,)]|"
    r"\Z)"
)
_HOME_MARKS: Final = ("/home/", "/users/", "\\users\\", "benutzer\\")
_CLIENT_MARKS: Final = (" -u", " --user", "su - ", "su -l ", "useradd", "userdel", "usermod")
_LOG_MARKS: Final = (
    "password for", "publickey for", "session opened", "session closed", "invalid user", "for user", "by user",
)  # fmt: skip
_LOG = re.compile(
    r"(?:(?:password|publickey)[ ]for|session (?:opened|closed) for(?: user)?|invalid user|for user|by user)"
    r"[ ][\"'`]?([a-z][a-z0-9]*[._\-0-9][\w.\-]{0,38})"
)


class UsernameRecognizer(TextRecognizer):
    """Finds account names."""

    kinds = (USERNAME,)
    needs = Marks(*_ROOTS, *_HOME_MARKS, *_LOG_MARKS, *_NAMED_MARKS, *_CLIENT_MARKS, "@", "\\")

    def find(self, text: str) -> Iterator[Finding]:
        """Yield every account name of ``text``, without the at-sign."""
        lower = folded(text)
        yield from self._named(text, lower)
        if "@" in text:
            for handle in _HANDLE.finditer(text):
                if _is_handle(text, handle):
                    yield Finding(*handle.span(1), USERNAME, PATTERN_SCORE, self.name)
        if any(mark in lower for mark in _HOME_MARKS):
            yield from self._all(_HOME, text)
        if any(mark in lower for mark in _LOG_MARKS):
            yield from self._all(_LOG, text)
        if any(mark in lower for mark in _NAMED_MARKS):
            yield from self._all(_NAMED_IN, text)
        if any(mark in lower for mark in _CLIENT_MARKS):
            yield from self._all(_CLIENT, text)
        if "\\" in text:
            yield from self._all(_DOMAIN, text)

    def _all(self, pattern: re.Pattern[str], text: str) -> Iterator[Finding]:
        for match in pattern.finditer(text):
            name = match[match.lastindex or 1]
            if not _ROLE.match(name):
                start = match.start(match.lastindex or 1)
                end = start + len(name.rstrip(".-"))
                yield Finding(start, end, USERNAME, PATTERN_SCORE, self.name)

    def _named(self, text: str, lower: str) -> Iterator[Finding]:
        speakers = cache(lambda: Counter(match[1] for match in _SPEAKER.finditer(lower)))

        def speaks(label: re.Match[str]) -> bool:
            """Tell whether a label names who speaks in a chat: it begins this line and another one."""
            return lower[label.start() - 1 : label.start()] in {"", "\n"} and speakers()[label.group()] > 1

        for start, _ in occurrences(lower, _ROOTS):
            name = _LABEL.match(lower, start)
            if name is None or (lower[start - 1 : start].isalnum() and lower[start - 2 : start] != "be"):
                continue
            span = _value(text, name.end(), sure=name["sure"] is not None) or _beside(text, name.end())
            span = span or (_said(text, name.end()) if name.group() not in _CODE_WORDS else None)
            if span and not (name.group() in _TALKERS and not _TOLD.search(text, *span) and speaks(name)):
                yield Finding(*span, USERNAME, CONTEXT_SCORE, self.name)


def _value(text: str, end: int, *, sure: bool) -> tuple[int, int] | None:
    link = _LINK.match(text, end)
    value = _VALUE.match(text, link.end()) if link else None
    if value is None:
        return None
    name = value.group().rstrip(".-")
    stop = value.start() + len(name)
    if _TIME.match(name) or _ROLE.match(name) or _CODE.match(name) or len(name) < 2 or _NO_END.match(text, stop):
        return None
    telling = _TOLD.search(name) is not None
    if _NUMBER.fullmatch(name) or not (telling or sure or _is_plain(text, end, link.group() if link else "", name)):
        return None
    alone = _ALONE if sure or (link and "=" in link.group()) else _LAST
    return (value.start(), stop) if telling or alone.match(text[stop : stop + 24]) else None


def _beside(text: str, end: int) -> tuple[int, int] | None:
    """Take what only a blank divides from its label where no word looks like it: `user admin7`, `user max.muster`."""
    beside = _BESIDE.match(text, end)
    return beside.span(1) if beside else None


def _said(text: str, end: int) -> tuple[int, int] | None:
    """Take the word that looks like no other, some words behind a label: `login at yours was max_muster, I think`."""
    said = _SAID.match(text, end)
    while said and not _TELLING.match(said[1]) and said.end() - end < _REACH:
        said = _SAID.match(text, said.end())
    if said is None or not _TELLING.match(said[1]) or _FILE.search(said[1]) or _NO_END.match(text, said.end()):
        return None
    return said.span(1)


def _is_plain(text: str, end: int, link: str, name: str) -> bool:
    """Tell whether a bare word behind a weak label is a name: `Login: mmueller`, `user=anna`, not `User: hello`."""
    if len(name) < 4 or not name.islower():
        return False
    return "=" in link or (":" in link and text[end - 4 : end].lower() != "user")


def _is_handle(text: str, handle: re.Match[str]) -> bool:
    before, behind = text[handle.start() - 1 : handle.start()], text[handle.end() : handle.end() + 1]
    if before and not (before.isspace() or before in "(\"',:;|>*_[/"):
        return False
    if _NO_HANDLE.match(handle[1].partition(".")[0]) or handle[1].isdigit():
        return False
    line_start = text.rfind("\n", max(0, handle.start() - 80), handle.start()) + 1
    alone = not text[line_start : handle.start()].strip(" \t") and behind in {"\n", ""}
    return not (alone and handle[1][0].isupper() and "_" not in handle[1])  # an annotation of Java or Kotlin
