"""What the README takes from the program itself: the table of all settings and the list of endpoints."""

import re
from collections import defaultdict

from proxy.routes import ROUTES
from proxy.settings.show import markdown


def endpoints() -> str:
    """Return every endpoint that is served, with its methods, in Markdown."""
    methods = defaultdict[str, list[str]](list)
    for route in ROUTES:
        path = re.sub(r"\{(\w+):[^{}]*\}", r"{\1}", route.path)
        methods[path].append(route.method)
    return "".join(f"- `{path}` ({', '.join(names)})\n" for path, names in methods.items())


def filled(document: str) -> str:
    """Return a Markdown document with what it takes from the program between its marks."""
    for name, text in (("settings", markdown()), ("endpoints", endpoints())):
        begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        before, _, rest = document.partition(begin)
        document = f"{before}{begin}\n{text}{end}{rest.partition(end)[2]}"
    return document
