"""Addresses of web pages that are about one person: profiles in networks, personal homepages, `wa.me` numbers.

A page of a company, a repository or an article stays; so does a path that every account has (`/login`, `/settings`).
"""

import re
from collections.abc import Iterator
from typing import Final

from recognizers.base import TextRecognizer
from recognizers.finding import URL_PROFILE, Finding
from recognizers.generic.context import any_of, words
from recognizers.generic.reading import folded
from recognizers.scores import PATTERN_SCORE

_HOSTS: Final = words(
    """
    linkedin.com/ xing.com/ facebook.com/ fb.com/ instagram.com/ instagr.am/ twitter.com/ x.com/ github.com/
    gitlab.com/ tiktok.com/ t.me/ telegram.me/ wa.me/ threads.net/ threads.com/ youtube.com/ medium.com/ reddit.com/
    bsky.app/ researchgate.net/ orcid.org/ keybase.io/ stackoverflow.com/ twitch.tv/ vk.com/ snapchat.com/
    npmjs.com/ behance.net/ dribbble.com/ about.me/ calendly.com/ paypal.me/ strava.com/ spotify.com/
    steamcommunity.com/ flickr.com/ soundcloud.com/ goodreads.com/ last.fm/ codepen.io/ kaggle.com/ huggingface.co/
    linktr.ee/ patreon.com/ ko-fi.com/ pinterest.com/ pinterest.de/ pinterest.fr/ doctolib.de/ doctolib.fr/
    doctolib.it/ komoot.de/ komoot.com/
    """
)
_NAME: Final = r"[\w.%+-]{2,80}"
_PERSON_PATH = re.compile(
    # networks with a folder for people
    rf"(?:linkedin\.com/(?:in|pub)|xing\.com/profiles?|reddit\.com/u(?:ser)?|bsky\.app/profile|"
    rf"researchgate\.net/profile|stackoverflow\.com/users/[0-9]+|snapchat\.com/add|strava\.com/athletes|"
    rf"spotify\.com/user|steamcommunity\.com/(?:id|profiles)|flickr\.com/(?:people|photos)|goodreads\.com/user/show|"
    rf"last\.fm/user|youtube\.com/(?:user|c)|komoot\.\w+/user|facebook\.com/people|facebook\.com/profile\.php\?id=|"
    rf"doctolib\.\w+/[\w-]+/[\w-]+|orcid\.org)/?{_NAME}"
    # networks that mark people
    rf"|(?:tiktok\.com|threads\.(?:net|com)|youtube\.com|medium\.com)/@{_NAME}|npmjs\.com/~{_NAME}"
    # networks whose first folder is the person
    rf"|(?:facebook\.com|fb\.com|instagram\.com|instagr\.am|twitter\.com|x\.com|github\.com|gitlab\.com|t\.me|"
    rf"telegram\.me|wa\.me|keybase\.io|twitch\.tv|vk\.com|behance\.net|dribbble\.com|about\.me|calendly\.com|"
    rf"paypal\.me|soundcloud\.com|pinterest\.\w{{2,3}}|codepen\.io|kaggle\.com|huggingface\.co|linktr\.ee|"
    rf"patreon\.com|ko-fi\.com)/(?P<first>{_NAME})(?P<deeper>/[\w.-]+)?",
    re.IGNORECASE,
)
_HOST = re.compile(r"[\w-]+\.[\w-]+\Z")
_SCHEME = re.compile(r"(?:https?://)?(?:[\w-]{1,20}\.){0,2}\Z", re.IGNORECASE)
_EVERYBODY = re.compile(
    any_of(
        """
        login logout signin signup settings about help home explore search share sharer sharer\\.php intent hashtag
        i jobs company companies school groups pages events watch reel reels p tv stories privacy terms legal
        policies features pricing topics trending marketplace notifications orgs organizations apps sponsors
        security enterprise customer-stories joinchat s addstickers send dialog plugins ads business docs blog
        support contact www download team teams users
        """
    )
    + r"(?:[/?#]|\Z)",
    re.IGNORECASE,
)
_REST = re.compile(r"[^\s\"'<>`)\]}|,;]*")
_ANYWHERE = re.compile(
    # Mastodon and its like, homepages of the tilde, profile folders of any host
    r"https?://[\w.-]{3,80}(?::[0-9]{2,5})?/(?:@[A-Za-z_][\w.]{1,40}|~[A-Za-z][\w.-]{1,40}|"
    r"(?:[\w-]{1,20}/){0,2}(?:profile?s?|people|users?|u|members?|mitglied(?:er)?|mitarbeiter|author|autor|kuenstler|"
    r"profilo|perfil)/(?=[\w.%+-]*[A-Za-z])[\w.%+-]{3,60})(?![\w{])",
    re.IGNORECASE,
)


class ProfileUrlRecognizer(TextRecognizer):
    """Finds addresses of personal profiles, scheme and query included."""

    kinds = (URL_PROFILE,)
    needs = re.compile(r"[.:](?:[A-Za-z]{2,12}/|//)")

    def find(self, text: str) -> Iterator[Finding]:
        """Yield every profile address of ``text``."""
        lower, done = folded(text), 0  # what lies within an address that was found is part of it
        for slash in re.finditer("/", text):
            if slash.start() >= done and lower.endswith(_HOSTS, max(0, slash.start() - 32), slash.end()):
                host = _HOST.search(text[max(0, slash.start() - 32) : slash.start()])
                start = slash.start() - (len(host.group()) if host else 0)
                page = _PERSON_PATH.match(text, start)
                if page and _is_person(page):
                    found = self._whole(text, start, page.end())
                    done = found.end
                    yield found
        done = 0
        for page in _ANYWHERE.finditer(text) if "://" in text else ():
            if page.start() >= done and not _EVERYBODY.match(page.group().rsplit("/", 1)[-1]):
                found = self._whole(text, page.start(), page.end())
                done = found.end
                yield found

    def _whole(self, text: str, start: int, end: int) -> Finding:
        scheme = _SCHEME.search(text[max(0, start - 48) : start])
        rest = _REST.match(text, end)
        end = rest.end() if rest else end
        while text[end - 1] in ".:!?*_":
            end -= 1
        return Finding(start - (len(scheme.group()) if scheme else 0), end, URL_PROFILE, PATTERN_SCORE, self.name)


def _is_person(page: re.Match[str]) -> bool:
    first = page["first"]
    if first is None:
        return True
    if _EVERYBODY.match(first) or re.fullmatch(r"[\w-]+\.(?:php|html?)", first):
        return False
    return page["deeper"] is None or "status" in page["deeper"]
