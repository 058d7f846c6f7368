"""Structured text: records of people, or of things, as CSV, JSON, key and value, vCard, HTML, SQL, code and logs."""

import json
import random

from examples import Example, Part, build, cut
from names import Persona
from places import Address
from scene import Scene, flat, full_form
from wordlists import lines, sections

Field = tuple[str, list[Part]]  # the field's meaning, its value

_OWN = sections("forms")
_CODE = lines("code")


def key(meaning: str, scene: Scene) -> str:
    """A column's or key's name: of the language, or the English one of a database."""
    language = scene.language if scene.rng.random() < 0.62 else "any"
    return scene.rng.choice(_OWN[f"key {meaning} {language}"])


def shape(scene: Scene, personal: bool) -> list[str]:
    """Which fields a table has."""
    rng = scene.rng
    if not personal:
        return rng.sample(
            [
                "number",
                "product",
                "product",
                "sku",
                "sku",
                "price",
                "date",
                "state",
                "host",
                "firm",
                "lone",
                "lone",
                "phone",
            ],
            rng.randint(2, 6),
        )
    fields = rng.choice(
        (["given", "family"], ["family", "given"], ["name"], ["name"], ["listed"], ["given"], ["name", "second"])
    )
    fields += rng.choice(
        (
            [],
            ["street", "code", "city"],
            ["street", "code", "city"],
            ["street", "place"],
            ["full"],
            ["full"],
            ["code", "city"],
            ["lone"],
            ["street"],
        )
    )
    fields += rng.sample(
        ["mail", "phone", "number", "date", "firm", "product", "price", "state", "note", "sku"], rng.randint(0, 4)
    )
    if rng.random() < 0.5:
        rng.shuffle(fields)
    elif rng.random() < 0.4:
        fields.insert(0, "number")
    return fields


def record(fields: list[str], scene: Scene) -> list[Field]:
    """One record's values."""
    rng, who, home = scene.rng, scene.someone(), scene.places.address(scene.language, scene.rng)
    values: dict[str, list[Part]] = {
        "given": [(who.given, "PERSON")],
        "family": [(who.family, "PERSON")],
        "name": [(full_form(who, rng), "PERSON")],
        "listed": [(f"{who.family}, {who.given}", "PERSON")],
        "second": [(full_form(scene.someone(), rng), "PERSON")],
        "street": [(home.street, "ADDRESS")],
        "code": [(home.code, "ADDRESS")],
        "city": [(home.city, "ADDRESS")],
        "place": [(home.line, "ADDRESS")],
        "full": [(", ".join(home.parts()), "ADDRESS")],
        "mail": [(scene.mail(who), "")],
        "firm": [(scene.company(), "ORG")],
        "lone": [(scene.places.city(scene.language, rng), "LOC")],
        "state": [(rng.choice(_OWN["states"]), "")],
        "host": [(rng.choice(_OWN["hosts"]), "")],
    }
    for meaning, slot in (
        ("phone", "TEL"),
        ("number", "NR"),
        ("sku", "SKU"),
        ("date", "D"),
        ("product", "PROD"),
        ("price", "EUR"),
    ):
        values[meaning] = [(scene.filler(slot, who), "")]
    if "note" in fields:
        note = scene.fill(scene.pick(rng.choice(("harmless", "body"))))
        values["note"] = cut(note) if len(note.text) < 90 else [("", "")]
    return [(field, [("", "")] if rng.random() < 0.03 else values[field]) for field in fields]


def names_of(fields: list[str], scene: Scene) -> list[str]:
    return [key({"listed": "name", "second": "name", "lone": "city"}.get(field, field), scene) for field in fields]


def table(scene: Scene, personal: bool) -> Example:
    """CSV, TSV, Markdown or HTML with a header mostly."""
    rng, fields = scene.rng, shape(scene, personal)
    heads = names_of(fields, scene)
    rows = [record(fields, scene) for _ in range(rng.choice((1, 2, 3, 4, 6, 8)))]
    style = rng.choice(("csv", "csv", "csv", "quoted", "tsv", "markdown", "html", "aligned"))
    mark = {
        "csv": rng.choice((",", ";", ";", ", ", "; ", "|")),
        "quoted": rng.choice(('","', '";"')),
        "tsv": "\t",
        "markdown": " | ",
        "html": "</td><td>",
        "aligned": "   ",
    }[style]
    first, last = {"quoted": ('"', '"'), "markdown": ("| ", " |"), "html": ("<tr><td>", "</td></tr>")}.get(
        style, ("", "")
    )
    parts: list[Part] = []
    if rng.random() < 0.85:
        parts.append((first + mark.join(heads) + last + "\n", ""))
        if style == "markdown":
            parts.append(("|" + "---|" * len(heads) + "\n", ""))
    for row in rows:
        parts.append((first, ""))
        for i, (_, value) in enumerate(row):
            clash = style == "csv" and any(mark.strip() in text for text, _ in value)
            parts += [(mark if i else "", ""), ('"' if clash else "", ""), *value, ('"' if clash else "", "")]
        parts.append((last + "\n", ""))
    if style == "html" and rng.random() < 0.5:
        parts = [("<table>\n", ""), *parts, ("</table>", "")]
    return build(parts)


def pairs(scene: Scene, personal: bool) -> Example:
    """Keys and values: lines, JSON, YAML, XML, query strings, dictionaries."""
    rng, fields = scene.rng, shape(scene, personal)
    style = rng.choice(
        ("line", "line", "line", "line", "json", "json", "json1", "yaml", "xml", "env", "inline", "aligned")
    )
    parts: list[Part] = []
    for number in range(count := rng.choice((1, 1, 1, 2, 3))):
        items = list(zip(names_of(fields, scene), record(fields, scene), strict=True))
        parts += _opened(style, number, rng)
        for i, (name, (_, value)) in enumerate(items):
            parts += _pair(style, name, value, i == len(items) - 1)
        parts += [
            ({"json": "}", "json1": "}"}.get(style, ""), ""),
            (("," if number < count - 1 else "") if style.startswith("json") else "", ""),
            ("\n" if style != "json1" else "", ""),
        ]
    return build(parts)


def _opened(style: str, number: int, rng: random.Random) -> list[Part]:
    return [
        (
            {
                "json": "{\n",
                "json1": "{",
                "yaml": f"- id: {number}\n",
                "inline": "",
                "line": rng.choice(("", "", "\n")),
            }.get(style, ""),
            "",
        )
    ]


def _pair(style: str, name: str, value: list[Part], last: bool) -> list[Part]:
    match style:
        case "json" | "json1":
            before, after = ('  "', '": "') if style == "json" else ('"', '": "')
            escaped = [(json.dumps(text, ensure_ascii=False)[1:-1], label) for text, label in value]
            return [
                (before + name + after, ""),
                *escaped,
                ('"' + ("" if last else "," if style == "json" else ", ") + ("\n" if style == "json" else ""), ""),
            ]
        case "yaml":
            return [(f"  {flat(name).lower().replace(' ', '_')}: ", ""), *value, ("\n", "")]
        case "xml":
            tag = flat(name).replace(" ", "").replace("/", "").strip(".")
            return [(f"<{tag}>", ""), *value, (f"</{tag}>\n", "")]
        case "env":
            return [(f"{flat(name).upper().replace(' ', '_')}=", ""), *value, ("\n", "")]
        case "inline":
            return [(f"{name}: ", ""), *value, ("" if last else "; ", "")]
        case "aligned":
            return [(f"{name + ':':<16}", ""), *value, ("\n", "")]
    return [(f"{name}: ", ""), *value, ("\n", "")]


def vcard(scene: Scene) -> Example:
    who, home = scene.someone(), scene.places.address(scene.language, scene.rng)
    return build(
        [
            ("BEGIN:VCARD\nVERSION:3.0\nN:", ""),
            (who.family, "PERSON"),
            (";", ""),
            (who.given, "PERSON"),
            (";;;\nFN:", ""),
            (f"{who.given} {who.family}", "PERSON"),
            (f"\nORG:{''}", ""),
            (scene.company(), "ORG"),
            ("\nADR;TYPE=home:;;", ""),
            (home.street, "ADDRESS"),
            (";", ""),
            (home.city, "ADDRESS"),
            (";;", ""),
            (home.code, "ADDRESS"),
            (";", ""),
            (home.country, "LOC"),
            (f"\nTEL:{scene.filler('TEL', who)}\nEMAIL:{scene.mail(who)}\nEND:VCARD\n", ""),
        ]
    )


def code(scene: Scene, personal: bool) -> Example:
    """SQL, program text, commits and logs, with a person in it or without."""
    rng = scene.rng
    lines: list[Part] = []
    for _ in range(rng.randint(1, 5)):
        who, home = scene.someone(), scene.places.address(scene.language, rng)
        full, login = (f"{who.given} {who.family}", "PERSON"), flat(who.given[0] + who.family).lower().replace(" ", "")
        lines += (
            _personal_code(rng, scene, who, home, full, login)
            if personal and rng.random() < 0.75
            else [(rng.choice(_CODE), "")]
        ) + [("\n", "")]
    return build(lines)


def _personal_code(rng: random.Random, scene: Scene, who: Persona, home: Address, full: Part, login: str) -> list[Part]:
    given, family, street, code_, city = (
        (who.given, "PERSON"),
        (who.family, "PERSON"),
        (home.street, "ADDRESS"),
        (home.code, "ADDRESS"),
        (home.city, "ADDRESS"),
    )
    stamp = scene.places.patterns.one("stamp", rng)
    number = str(rng.randint(1, 99999))
    return rng.choice(
        (
            [
                (f"INSERT INTO customers (id, first_name, last_name, street, zip, city) VALUES ({number}, '", ""),
                given,
                ("', '", ""),
                family,
                ("', '", ""),
                street,
                ("', '", ""),
                code_,
                ("', '", ""),
                city,
                ("');", ""),
            ],
            [("INSERT INTO kunden (name, ort) VALUES ('", ""), full, ("', '", ""), (home.line, "ADDRESS"), ("');", "")],
            [("SELECT * FROM users WHERE last_name = '", ""), family, ("' AND first_name = '", ""), given, ("';", "")],
            [
                ("UPDATE contacts SET address = '", ""),
                (", ".join(home.parts()), "ADDRESS"),
                (f"' WHERE id = {number};", ""),
            ],
            [("UPDATE orders SET customer_name='", ""), full, (f"' WHERE order_id={number};", "")],
            [('customer = Customer(name="', ""), full, (f'", email="{scene.mail(who)}")', "")],
            [('user = {"first": "', ""), given, ('", "last": "', ""), family, (f'", "login": "{login}"}}', "")],
            [("# ", ""), full, (f" <{scene.mail(who)}>", "")],
            [
                ("Author: ", ""),
                full,
                (f" <{scene.mail(who)}>\nDate:   {stamp} +0100\n\n    fix: handle empty list", ""),
            ],
            [("Co-authored-by: ", ""), full, (f" <{scene.mail(who)}>", "")],
            [("// TODO(", ""), given, ("): remove this after the release", "")],
            [("// ask ", ""), family, (" before changing this", "")],
            [
                (f"{stamp} INFO  [auth] user '", ""),
                full,
                (f"' logged in from 10.0.{rng.randint(0, 255)}.{rng.randint(1, 254)}", ""),
            ],
            [(f"{stamp} ERROR OrderService - delivery failed for ", ""), full, (f", order {number}", "")],
            [(f"{stamp} WARN  address not found: ", ""), (", ".join(home.parts()), "ADDRESS")],
            [(f"[{stamp}] mail to {scene.mail(who)} (", ""), full, (") bounced", "")],
            [(f'{{"ts":"{stamp}","level":"info","user":"', ""), full, (f'","id":{number}}}', "")],
            [(f'level=info ts={stamp} msg="ticket assigned" agent="', ""), full, ('" queue=support', "")],
            [('assert greet("', ""), given, ('") == "Hello, ', ""), given, ('!"', "")],
            [('print(f"Rechnung für ', ""), full, ('")', "")],
            [("<p>", ""), full, ("<br>", ""), street, ("<br>", ""), (home.line, "ADDRESS"), ("</p>", "")],
            [
                ('<option value="', ""),
                (number, ""),
                ('">', ""),
                (f"{who.family}, {who.given}", "PERSON"),
                ("</option>", ""),
            ],
            [("To: ", ""), full, (f" <{scene.mail(who)}>", "")],
            [("From: ", ""), (f"{who.family}, {who.given}", "PERSON"), (f" <{scene.mail(who)}>", "")],
            [("ATTENDEE;CN=", ""), full, (f":mailto:{scene.mail(who)}", "")],
            [("cn: ", ""), full, ("\nsn: ", ""), family, ("\ngivenName: ", ""), given, (f"\nuid: {login}", "")],
        )
    )
