"""Three panes: what you sent, what the model saw, what you got back; values and tokens in colour."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Final

from rich.columns import Columns
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

_TOKEN: Final = re.compile(r"\[[A-Z][A-Z0-9_]*_[0-9]+[A-Z]*\]")
_SIDE_BY_SIDE: Final = 132  # columns below which the panes stand under each other


def saw(request: bytes) -> str:
    """Return the text of the last message of a chat request's body."""
    content = json.loads(request)["messages"][-1]["content"]
    return content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)


def replaced(sent: str, seen: str) -> Mapping[str, str]:
    """Return token → value, read off the two texts; empty if they differ in more than tokens."""
    pattern = "".join(
        "(.+?)" if index % 2 else re.escape(part) for index, part in enumerate(re.split(f"({_TOKEN.pattern})", seen))
    )
    match = re.fullmatch(pattern, sent, re.DOTALL)
    return dict(zip(_TOKEN.findall(seen), match.groups(), strict=True)) if match else {}


def show(console: Console, sent: str, seen: str, got: str) -> None:
    """Print the panes, side by side where there is room, and how many values were hidden and came back."""
    values = replaced(sent, seen)
    width = console.width // 3 - 1 if console.width >= _SIDE_BY_SIDE else None
    panes = (
        _pane("What you sent", sent, values.values(), "red", width),
        _pane("What the model saw", seen, values, "yellow", width),
        _pane("What you got back", got, values.values(), "green", width),
    )
    if width:
        console.print(Columns(panes, padding=(0, 1)))
    else:
        console.print(*panes, sep="\n")
    back = sum(value in got for value in values.values())
    console.print(f"{len(values)} values were hidden; the model repeated {back} of them as tokens, "
                  "and they came back as they were.")


def _pane(title: str, text: str, marked: Iterable[str], colour: str, width: int | None) -> Panel:
    body = Text(text)
    body.highlight_words(list(marked), f"bold {colour}")
    return Panel(body, title=title, border_style=colour, width=width)
