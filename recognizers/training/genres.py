"""Invented texts by genre: mail, threads, chat, minutes, letters, lists, and text with nobody in it."""

from collections.abc import Callable

import forms
from examples import Example, Part, build, cut, join, rewrite
from scene import Scene, full_form
from wordlists import sections

_OWN = sections("scene")


def sentences(scene: Scene, low: int, high: int, personal: float = 0.62) -> list[Example]:
    rng = scene.rng
    return [
        scene.fill(scene.pick("body")) if rng.random() < personal else calm(scene)
        for _ in range(rng.randint(low, high))
    ]


def calm(scene: Scene) -> Example:
    """A sentence with nobody in it: one of ours, one of a corpus, or one of a program's interface."""
    dice, found = scene.rng.random(), scene.found
    if dice < 0.25 and found.sentences:
        return scene.rng.choice(found.sentences)
    if dice < 0.45 and found.interface:
        return Example(scene.rng.choice(found.interface))
    return scene.fill(scene.pick("harmless"))


def prose(scene: Scene, low: int, high: int, personal: float = 0.62) -> Example:
    return join(sentences(scene, low, high, personal), scene.rng.choice((" ", " ", "\n", "\n\n")))


def signature(scene: Scene) -> Example:
    """A closing with a name, and sometimes the lines of a business card."""
    rng, who, home = scene.rng, scene.cast[0], scene.home
    name = rng.choice(
        (
            who.given,
            who.given,
            f"{who.given} {who.family}",
            f"{who.given} {who.family}",
            full_form(who, rng),
            who.family,
            f"{who.given[0]}. {who.family}",
        )
    )
    title = rng.choice(("",) * 8 + ("Dr. ", "Dipl.-Ing. ", "Prof. Dr. "))
    parts: list[Part] = [
        *cut(scene.fill(scene.pick("close"))),
        (rng.choice(("\n", "\n", "\n\n", " ", ", ", "\n\n\n")), ""),
        (title, ""),
        (name.lower() if rng.random() < 0.06 else name, "PERSON"),
    ]
    if rng.random() < 0.45:
        lines: list[list[Part]] = []
        if rng.random() < 0.5:
            lines.append([(rng.choice(_OWN[f"roles {scene.language}"]), "")])
        if rng.random() < 0.5:
            lines.append([(scene.company(), "ORG")])
        if rng.random() < 0.65:
            lines += (
                [[(rng.choice((", ", "\n")).join(home.parts()), "ADDRESS")]]
                if rng.random() < 0.7
                else [[(home.street, "ADDRESS"), (rng.choice((" · ", " | ", " - ")), ""), (home.line, "ADDRESS")]]
            )
        if rng.random() < 0.6:
            lines.append(
                [(f"{rng.choice(('Tel.: ', 'T ', 'Tel. ', 'Phone: ', 'Mobil: ', ''))}{scene.filler('TEL', who)}", "")]
            )
        if rng.random() < 0.5:
            lines.append([(scene.mail(who), "")])
        between = rng.choice(("\n", "\n", "\n", " | ", " · "))
        for line in lines:
            parts += [(between, ""), *line]
    return build(parts)


def mail(scene: Scene) -> Example:
    rng = scene.rng
    parts = [scene.fill(scene.pick("greet"))] if rng.random() < 0.85 else []
    parts.append(prose(scene, 1, 6))
    if rng.random() < 0.85:
        parts.append(signature(scene))
    whole = join(parts, rng.choice(("\n\n", "\n\n", "\n", " ")))
    if rng.random() < 0.15:
        subject = scene.fill(scene.pick("subject"))
        whole = join([build([(_OWN[f"heads {scene.language}"][3] + ": ", ""), *cut(subject)]), whole], "\n\n")
    return whole


def heading(scene: Scene) -> Example:
    """E-mail headers with the people in them."""
    rng, heads = scene.rng, _OWN[f"heads {scene.language if scene.rng.random() < 0.75 else 'en'}"]
    parts: list[Part] = [(f"-----{heads[5]}-----\n", "")] if rng.random() < 0.3 else []
    for name, who in ((heads[0], scene.cast[0]), (heads[2], scene.cast[1]), ("Cc", scene.cast[2])):
        if name == "Cc" and rng.random() < 0.6:
            continue
        shown = rng.choice((f"{who.given} {who.family}", f"{who.family}, {who.given}", full_form(who, rng)))
        quote = rng.choice(("", "", '"'))
        address = rng.choice((f" <{scene.mail(who)}>", f" [mailto:{scene.mail(who)}]", "", f" ({scene.mail(who)})"))
        parts += [(f"{name}: {quote}", ""), (shown, "PERSON"), (f"{quote}{address}\n", "")]
        if name == heads[0] and rng.random() < 0.6:
            parts.append((f"{heads[1]}: {scene.date()} {scene.filler('TM', who)}\n", ""))
    return build([*parts, (f"{heads[3]}: ", ""), *cut(scene.fill(scene.pick("subject"))), ("\n", "")])


def thread(scene: Scene) -> Example:
    """A mail with the one it answers below it."""
    rng = scene.rng
    first, second = mail(scene), mail(scene.beside())
    if rng.random() < 0.5:
        date, who = scene.date(), full_form(scene.cast[0], rng)
        before, after = _OWN[f"heads {scene.language}"][4].replace("{d}", date).split("{p}")
        second = rewrite_lines(second, "> ")
        return join(
            [
                first,
                build(
                    [(before, ""), (who, "PERSON"), (rng.choice(("", f" <{scene.mail(scene.cast[0])}>")) + after, "")]
                ),
                second,
            ],
            "\n\n",
        )
    return join([first, heading(scene), second], "\n\n")


def rewrite_lines(example: Example, prefix: str) -> Example:
    """Quote every line; a span over a line end is parted."""
    lines, at = [], 0
    for line in example.text.split("\n"):
        end = at + len(line)
        spans = [(max(s, at) - at, min(e, end) - at, k) for s, e, k in example.spans if s < end and e > at]
        lines.append(build([(prefix, ""), *cut(Example(line, spans))]))
        at = end + 1
    return join(lines, "\n")


def chat(scene: Scene) -> Example:
    rng, lines = scene.rng, []
    speakers = [rng.choice((who.given, who.given, f"{who.given} {who.family}", who.family)) for who in scene.cast[:2]]
    style = rng.choice(("none", "none", "colon", "time", "bracket", "whatsapp", "agent"))
    for number in range(rng.randint(1, 8)):
        line = scene.fill(scene.pick("chat" if rng.random() < 0.8 else rng.choice(("harmless", "body"))))
        if rng.random() < 0.3:
            line = rewrite(line, str.lower)
        hour = f"{rng.randint(8, 22):02d}:{rng.randint(0, 59):02d}"
        before, after = {
            "colon": ("", ": "),
            "time": (f"{hour} ", ": "),
            "bracket": (f"[{hour}] <", "> "),
            "whatsapp": (f"{rng.randint(1, 28):02d}.{rng.randint(1, 12):02d}.26, {hour} - ", ": "),
        }.get(style, ("", ""))
        if style == "agent":
            lines.append(
                build([(rng.choice(("Agent: ", "Kunde: ", "Bot: ", "Customer: ", "Support: ")), ""), *cut(line)])
            )
        elif style == "none":
            lines.append(line)
        else:
            lines.append(build([(before, ""), (speakers[number % 2], "PERSON"), (after, ""), *cut(line)]))
    return join(lines, "\n")


def minutes(scene: Scene) -> Example:
    lines = [
        scene.fill(scene.pick("minutes" if scene.rng.random() < 0.85 else "harmless"))
        for _ in range(scene.rng.randint(3, 11))
    ]
    return join(lines, "\n")


def letter(scene: Scene) -> Example:
    """A letter with sender and receiver as blocks."""
    rng = scene.rng
    blocks: list[Example] = []
    for who in scene.cast[:2]:
        home = scene.places.address(scene.language, rng)
        top: list[Part] = [(scene.company() + "\n", "ORG")] if rng.random() < 0.3 else []
        title = rng.choice(
            ("", "", "Herrn ", "Frau ", "Familie ")
            if scene.language == "de"
            else ("", "", "Mr ", "Ms ")
            if scene.language == "en"
            else ("",)
        )
        blocks.append(
            build(
                [
                    *[(t.rstrip("\n"), k) for t, k in top],
                    ("\n" if top else "", ""),
                    (title, ""),
                    (full_form(who, rng), "PERSON"),
                    ("\n", ""),
                    ("\n".join(home.parts()), "ADDRESS"),
                    *([("\n", ""), (home.country, "LOC")] if rng.random() < 0.15 else []),
                ]
            )
        )
    if rng.random() < 0.5:
        blocks = blocks[:1]
    dated = build([(scene.places.city(scene.language, rng), "LOC"), (f", {scene.date()}", "")])
    return join([*blocks, dated, scene.fill(scene.pick("subject")), mail(scene)], "\n\n")


def listing(scene: Scene) -> Example:
    """Lists of names or addresses."""
    rng, rows = scene.rng, []
    style = rng.choice(("full", "given", "family", "listed", "address", "both", "line"))
    for number in range(rng.randint(2, 9)):
        who, home = scene.someone(), scene.places.address(scene.language, rng)
        part: list[Part] = {
            "full": [(full_form(who, rng), "PERSON")],
            "given": [(who.given, "PERSON")],
            "family": [(who.family, "PERSON")],
            "listed": [(f"{who.family}, {who.given}", "PERSON")],
            "address": [(", ".join(home.parts()), "ADDRESS")],
            "both": [
                (full_form(who, rng), "PERSON"),
                (rng.choice((", ", " – ", "\n", " (", ": ")), ""),
                (", ".join(home.parts()), "ADDRESS"),
            ],
            "line": [(full_form(who, rng), "PERSON"), (f" {scene.filler('TEL', who)}", "")],
        }[style]
        rows.append(
            build(
                [
                    (
                        rng.choice(("", "", "- ", f"{number + 1}. ", "* ", "• "))
                        if number == 0 or style != "line"
                        else "",
                        "",
                    ),
                    *part,
                ]
            )
        )
    between = "\n" if style in {"address", "both", "line", "listed"} else rng.choice(("\n", "\n", ", ", "; ", " / "))
    return join(rows, between)


def harmless(scene: Scene) -> Example:
    """Text with nobody in it."""
    dice = scene.rng.random()
    if dice < 0.55:
        return prose(scene, 1, 8, 0.0)
    if dice < 0.70:
        return forms.table(scene, False)
    if dice < 0.85:
        return forms.pairs(scene, False)
    return forms.code(scene, False)


def mixed(scene: Scene) -> Example:
    """Two kinds in one: a mail with a table, a question about code."""
    parts = [
        prose(scene, 1, 3),
        scene.rng.choice(
            (lambda: forms.table(scene, True), lambda: forms.pairs(scene, True), lambda: forms.code(scene, True))
        )(),
    ]
    return join(parts, "\n\n")


GENRES: dict[str, tuple[int, Callable[[Scene], Example]]] = {
    "mail": (22, mail),
    "thread": (5, thread),
    "headers": (3, heading),
    "chat": (12, chat),
    "minutes": (7, minutes),
    "letter": (5, letter),
    "note": (8, lambda scene: prose(scene, 1, 3, 0.8)),
    "table": (9, lambda scene: forms.table(scene, True)),
    "pairs": (9, lambda scene: forms.pairs(scene, True)),
    "code": (7, lambda scene: forms.code(scene, True)),
    "vcard": (1, forms.vcard),
    "listing": (4, listing),
    "signature": (2, signature),
    "mixed": (3, mixed),
    "harmless": (13, harmless),
}
