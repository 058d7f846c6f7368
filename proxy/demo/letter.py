"""The e-mail of the demonstration. The person, the street, the mailbox, the line and the account are invented."""

from typing import Final

TASK: Final = "Repeat the following text exactly, word for word.\n\n"

LETTER: Final = """\
Guten Tag,

mein Name ist Annegret Feldhusen und ich wohne in der Lindenallee 27, 04109 Leipzig.
Meine Bestellung ist nicht angekommen. Bitte rufen Sie mich unter 0341 2255 418 an
oder schreiben Sie an annegret.feldhusen@example.com.
Die Gutschrift bitte auf DE02 1203 0000 0000 2020 51.

Viele Grüße
Annegret Feldhusen"""
