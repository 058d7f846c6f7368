"""Put the real values back into what a model says, while it says it. Sans-io: text in, text out.

One pass over the text: at each place the token that stands there, in whatever disguise, is replaced; a value put in is
never looked at again. Only what was issued is restored. What is held back is always a true beginning of an issued
token, and any cut of the text gives the same output.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final
from urllib.parse import quote

from proxy.body import JSON
from proxy.disguise import OPENING, Match, Names, Outcome, is_word, read, read_bare, word_before
from proxy.jsonstring import JSONPosition
from proxy.token import parse
from proxy.urlguard import MAX_AUTHORITY, UrlGuard

_BATCH: Final = 8192  # characters passed on before the trackers read them
_CONTEXT: Final = 40  # characters before a place that decide whether it is a word boundary
_LONGEST_TOKEN: Final = 96
_SIBILANTS: Final = ("s", "ß", "x", "z", "ce")
_WELL_FORMED: Final = re.compile(r"\[([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_[0-9]+(?:_[A-Z]+[0-9]*)?)\]")


@dataclass(slots=True)  # not frozen: a long chat has hundreds of them
class Issued:
    """A token that this exchange may restore, and the value behind it."""

    token: str
    value: str = field(repr=False)


@dataclass(slots=True)
class Tally:
    """What restoring came to. `suppressed` counts by reason, `disguises` by form; one token may come in several."""

    restored: int = 0
    unknown: int = 0
    suppressed: Counter[str] = field(default_factory=Counter)
    disguises: Counter[str] = field(default_factory=Counter)


class Lexicon:
    """Everything one exchange may restore. It is put in order when it is first looked into: most replies need none."""

    def __init__(
        self, issued: Iterable[Issued], *, hosts: Container[str] = (), guard_urls: bool = True
    ) -> None:
        self._issued = list(issued)
        self.hosts = hosts
        self.guard_urls = guard_urls

    def __bool__(self) -> bool:
        return bool(self._issued)

    @property
    def values(self) -> Iterable[str]:
        """Everything that may be restored."""
        return (entry.value for entry in self._issued)

    @cached_property
    def names(self) -> Names:
        """The names of the tokens."""
        return Names(self._values)

    @cached_property
    def _values(self) -> dict[str, str]:
        for entry in self._issued:
            parse(entry.token)  # raises ValueError
        return {entry.token[1:-1]: entry.value for entry in self._issued}

    def value(self, name: str) -> str:
        """Give the value behind the token called `name`."""
        return self._values[name]

    def takes_apostrophe(self, name: str) -> bool:
        """Whether the German genitive of the value is `Fritz'`: a person's name that ends in s, ß, x, z or ce."""
        kind, _, _ = parse(f"[{name}]")
        return kind == "PERSON" and self._values[name].lower().endswith(_SIBILANTS)


class Restorer:
    """Restores one channel of a reply.

    With `json_string` the text is a JSON document that arrives as a string (the arguments of a tool call): values are
    escaped for the place they are put in. A `tally` may be shared by the channels of an exchange; it is complete after
    `flush`.
    """

    def __init__(self, lexicon: Lexicon, *, json_string: bool = False, tally: Tally | None = None) -> None:
        self.tally = Tally() if tally is None else tally
        self._lexicon = lexicon
        self._position = JSONPosition() if json_string else None
        self._guard = UrlGuard(lexicon.hosts, json_string=json_string) if lexicon.guard_urls else None
        self._held = ""
        self._context = ""  # the end of what was read
        self._genitive = False  # the last token may be followed by a genitive s
        self._passed: list[str] = []  # read, passed on, and not yet seen by the trackers
        self._passed_size = 0
        self._located = 0  # how many of them the position has seen
        self._tail = ""  # the end of what was passed on, to find unknown tokens in

    @property
    def restored(self) -> int:
        """How many tokens were replaced."""
        return self.tally.restored

    @property
    def suppressed(self) -> Counter[str]:
        """How many tokens were left alone, by reason."""
        return self.tally.suppressed

    @property
    def unknown(self) -> int:
        """How many well-formed tokens had not been issued."""
        self._track()
        return self.tally.unknown

    @property
    def disguises(self) -> Counter[str]:
        """How many restored tokens came in which disguise."""
        return self.tally.disguises

    def feed(self, text: str) -> str:
        """Take more text; give what can be given of it."""
        if self._held or self._genitive:
            return self._advance(text, final=False)
        if not self._lexicon or OPENING.search(text) is None:
            self._context = text[-_CONTEXT:] if len(text) >= _CONTEXT else (self._context + text)[-_CONTEXT:]
            return self._pass(text)
        return self._advance(text, final=False)

    def flush(self) -> str:
        """Give what was held back: as it stands, unless the end of the text completes a token."""
        text = self._advance("", final=True) if self._held or self._genitive else ""
        self._track()
        return text

    def _advance(self, text: str, *, final: bool) -> str:
        text, self._held = self._held + text, ""
        out: list[str] = []
        start = place = self._inflect(text, 0, out, final=final)
        while not self._held and (opening := OPENING.search(text, place)):
            here = opening.start()
            if self._position is not None:  # it must know where a token would stand
                out.append(self._pass(text[start:here]))
                start = here
            found = self._read(text, here, final=final)
            if found is Outcome.UNFINISHED:
                self._held = text[here:]
            elif isinstance(found, Match):
                out.append(self._pass(text[start:here]))
                start, written = here, self._put(found, text, here, final=final)
                if written is None:
                    self._held = text[here:]
                else:
                    out.append(written)
                    start = place = self._inflect(text, found.end, out, final=final)
            else:
                place = here + 1
        end = len(text) - len(self._held)
        out.append(self._pass(text[start:end]))
        self._context = (self._context + text[:end])[-_CONTEXT:]
        return "".join(out)

    def _read(self, text: str, here: int, *, final: bool) -> Match | Outcome:
        """Read the token that may begin here."""
        names = self._lexicon.names
        if not text[here].isalpha():
            return read(text, here, names, final=final, nested=self._position is None or self._in_string())
        if text[here] not in names.initials:
            return Outcome.NONE
        before = text[here - _CONTEXT : here] if here >= _CONTEXT else self._context + text[:here]
        return Outcome.NONE if word_before(before) else read_bare(text, here, names, final=final, alone=not before)

    def _put(self, match: Match, text: str, here: int, *, final: bool) -> str | None:
        """Write the value of a token, the token itself where no value may go, or None if that is not yet known."""
        value = self._lexicon.value(match.name)
        if match.family == "percent":
            value = quote(value.encode("utf-8", "surrogatepass"), safe="")
        elif match.family == "entity":
            value = html.escape(value, quote=False)
        self._track()
        if self._guard is not None:
            refused = self._guard.refuses(value, text[match.end : match.end + MAX_AUTHORITY + 1], final=final)
            if refused is None:
                return None
            if refused:
                self.tally.suppressed["url"] += 1
                return self._pass(text[here : match.end])
        self._genitive = (
            match.family != "bare" and self._lexicon.takes_apostrophe(match.name)
            and (self._position is None or self._position.in_string)
        )
        if self._position is not None:
            value = self._position.write(value)
        if self._guard is not None:
            self._guard.feed(value)
        self._tail = ""
        self.tally.restored += 1
        self.tally.disguises.update(match.forms)
        return value

    def _inflect(self, text: str, place: int, out: list[str], *, final: bool) -> int:
        """Turn the s after `[PERSON_1]` into an apostrophe if the name ends in a sibilant: `Fritz'`, not `Fritzs`."""
        if not self._genitive or (place == len(text) and not final):
            return place
        if place + 1 == len(text) and text[place] == "s" and not final:
            self._held = "s"
            return place
        self._genitive = False
        if not text.startswith("s", place) or (place + 1 < len(text) and is_word(text[place + 1])):
            return place
        out.append(self._pass("'"))
        return place + 1

    def _in_string(self) -> bool:
        self._locate()
        return self._position is not None and self._position.in_string

    def _locate(self) -> None:
        """Let the position catch up."""
        if self._position is not None:
            self._position.feed("".join(self._passed[self._located :]))
            self._located = len(self._passed)

    def _pass(self, text: str) -> str:
        """Pass text on as it is. The trackers read it when they are asked, or when much has come together."""
        if text:
            self._passed.append(text)
            self._passed_size += len(text)
            if self._passed_size > _BATCH:
                self._track()
        return text

    def _track(self) -> None:
        if not self._passed:
            return
        self._locate()
        text = "".join(self._passed)
        self._passed.clear()
        self._passed_size = self._located = 0
        if self._guard is not None:
            self._guard.feed(text)
        if "]" in text:
            recent = self._tail + text
            ends = [match for match in _WELL_FORMED.finditer(recent) if match.end() > len(self._tail)]
            self.tally.unknown += sum(match[1] not in self._lexicon.names for match in ends)
        self._tail = (self._tail + text)[-_LONGEST_TOKEN:]


def restore(lexicon: Lexicon, text: str, *, json_string: bool = False, tally: Tally | None = None) -> str:
    """Restore a whole text."""
    restorer = Restorer(lexicon, json_string=json_string, tally=tally)
    return restorer.feed(text) + restorer.flush()


def restore_tree(lexicon: Lexicon, value: JSON, *, tally: Tally | None = None) -> JSON:
    """Restore every string of a JSON tree, keys included. A key that would hide another one stays as it is."""
    tally = Tally() if tally is None else tally
    if isinstance(value, str):
        return restore(lexicon, value, tally=tally)
    if isinstance(value, list):
        return [restore_tree(lexicon, element, tally=tally) for element in value]
    if not isinstance(value, dict):
        return value
    keys = {key: restore(lexicon, key, tally=tally) for key in value}
    taken = Counter([*keys, *(new for old, new in keys.items() if new != old)])
    return {
        (key if taken[keys[key]] > 1 and keys[key] != key else keys[key]): restore_tree(lexicon, member, tally=tally)
        for key, member in value.items()
    }
