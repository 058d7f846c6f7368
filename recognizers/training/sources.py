"""Texts of other packages with nobody in them: what programs say to their users, in seven languages.

Read from the translations that the package ``django`` (BSD-3-Clause) carries.
"""

import ast
import importlib.resources
import re
from functools import cache
from pathlib import Path


@cache
def interface_texts(language: str) -> list[str]:
    """The sentences of Django's interface in a language, without placeholders."""
    texts = []
    for path in sorted(Path(str(importlib.resources.files("django"))).glob(f"**/locale/{language}/**/django.po")):
        for entry in path.read_text(encoding="utf-8").split("\n\n")[1:]:
            side = "msgid" if language == "en" else "msgstr"
            if match := re.search(rf'^{side}(?:\[0\])? ((?:".*"\n?)+)', entry, re.MULTILINE):
                text = "".join(ast.literal_eval(line) for line in match[1].splitlines() if line)
                text = re.sub(r"%\(\w+\)[sd]|%[sd]|\{[^}]*\}", "7", text).strip()
                if 8 < len(text) < 250:
                    texts.append(text)
    return texts
