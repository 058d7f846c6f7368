"""What the README takes from the program itself: the table of all settings and the list of endpoints."""

import re
from collections import defaultdict

from proxy.routes import ROUTES
from proxy.settings.show import markdown


def endpoints() -> str:
    """Return every endpoint that is served, with its methods, in Markdown."""
    methods = defaultdict[str, list[str]](list)
    for route in ROUTES:
        if route.api == "azure":
            continue
        path = re.sub(r"\{(\w+):[^{}]*\}", r"{\1}", route.path)
        methods[path].append(route.method)
    own = "".join(f"- `{path}` ({', '.join(names)})\n" for path, names in methods.items())
    return own + "- for Azure, those of OpenAI under `/openai/v1`, `/openai` and `/openai/deployments/{deployment}`\n"


def between(document: str, name: str, text: str) -> str:
    """Return the document with ``text`` between the marks called ``name``. Raises ``ValueError`` if it has none."""
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    before, opened, rest = document.partition(begin)
    _, closed, after = rest.partition(end)
    if not (opened and closed):
        raise ValueError(f"the document has no marks called {name}")
    return f"{before}{begin}\n{text}{end}{after}"


def filled(document: str) -> str:
    """Return a Markdown document with what it takes from the program between its marks."""
    return between(between(document, "settings", markdown()), "endpoints", endpoints())
