"""Codes that let somebody in: PINs, one-time and door codes, lists of recovery codes, keys of wireless networks.

A few digits are one only behind the words for it, in seven languages. Codes for discounts and of products are none.
"""

import re
from collections.abc import Iterator
from typing import Final

from recognizers.base import TextRecognizer
from recognizers.finding import SECRET, Finding
from recognizers.generic.context import any_of, words
from recognizers.generic.reading import DIGIT, occurrences_before_digits
from recognizers.scores import CONTEXT_SCORE

_CODES: Final = words(
    """
    pin puk otp one-time_code one_time_code one-time_password verification_code security_code login_code access_code
    door_code gate_code entry_code alarm_code safe_code lockbox_code keypad_code passcode bestätigungscode einmalcode
    sicherheitscode anmeldecode türcode torcode alarmcode safecode entsperrcode zugangscode freischaltcode tresorcode
    schlüsselbox code_de_vérification code_de_sécurité code_d'accès digicode código_de_verificación código_de_acceso
    código_de_seguridad clave_de_acceso codice_di_verifica codice_di_sicurezza codice_di_accesso codice_otp
    verificatiecode beveiligingscode deurcode toegangscode kod_weryfikacyjny kod_do_drzwi kod_dostępu kod_pin
    """
)
_LISTS: Final = words(
    """
    recovery_code backup_code backup-code wiederherstellungscode ersatzcode codes_de_secours codes_de_récupération
    códigos_de_respaldo códigos_de_recuperación codici_di_backup codici_di_recupero herstelcode kody_zapasowe
    kody_odzyskiwania
    """
)
_NETWORKS: Final = words(
    """
    wlan-schlüssel wlan_schlüssel wlanschlüssel wlan-key wlan_key wifi-key wifi_key wi-fi_key wi-fi-key network_key
    netzwerkschlüssel wpa2-schlüssel wpa2_key wpa-key wpa2-psk clé_wifi clé_wi-fi clave_wifi clave_del_wifi
    clave_de_la_wifi chiave_wifi wifi-sleutel wifi-code code_wifi klucz_wifi
    """
)
_IS: Final = r"(?:[:=]|['’]s\b|(?:[ ](?:am[ ]Telefon|by[ ]phone))?[ ]?(?:ist|lautet|war|is|was|est|es|è|jest|to)\b:?)"
_CODE = re.compile(
    rf"(?:[ ](?:für|for|von|vom|de|del|di|do|to|der|des|zur?m?|fürs|of|at|bei|am)[ ][^\d\n:;.]{{1,30}}?)?"
    rf"[\"'`*]{{0,2}}[ ]?{_IS}?[ ]{{0,2}}(?:(?:die|der|the|le|el)[ ])?[\"'`*#]{{0,2}}"
    r"(?P<code>[0-9]{3,4}(?:[ -]?[0-9]{1,4})?#?)(?![\w%€$-]|[.,][0-9]|[ ]?(?:€|EUR|%|Uhr|ms|GHz|Zeichen|digits))",
    re.IGNORECASE,
)
_NETWORK_KEY = re.compile(
    rf"[^\n:.;=]{{0,24}}?{_IS}[ ]{{0,2}}[\"'`*„“]{{0,2}}"
    r"(?P<code>[0-9]{4}(?:[ -]?[0-9]{4}){1,6}|[^\s\"'`„“<>]{8,63})",
    re.IGNORECASE,
)
_SSID = re.compile(
    r"[^\n]{1,40}?[ ,;/|](?:key|psk|schlüssel|clé|clave|chiave|sleutel|hasło|klucz)[ ]?[:=]?[ ]"
    r"[\"'`„“]?(?P<code>[^\s\"'`„“<>]{8,63})",
    re.IGNORECASE,
)
_LIST_BEGINS = re.compile(r"(?:s|n|es)?[^\n:\d]{0,40}:?[ ]{0,4}(?:\r?\n|[ ])[ \t>*-]{0,4}(?:[0-9]{1,2}[.)][ ])?")
_ITEM = re.compile(r"(?=[A-Za-z0-9-]{0,20}[0-9])[A-Za-z0-9]{3,10}(?:[ -][A-Za-z0-9]{3,10}){0,4}(?=[\s,;.]|\Z)")
_NEXT = re.compile(r"[ \t]*(?:[,;]|\r?\n|[ ])[ \t>*-]{0,4}(?:[0-9]{1,2}[.)][ ])?")
_OTHER = re.compile(any_of(r"https?: www\. [0-9]{1,2}\.[0-9]{1,2}\. (?:19|20)[0-9]{2}\b(?![ -][0-9])"), re.IGNORECASE)


class AccessCodeRecognizer(TextRecognizer):
    """Finds PINs, one-time codes, door codes, recovery codes and keys of wireless networks."""

    kinds = (SECRET,)
    needs = DIGIT

    def find(self, text: str) -> Iterator[Finding]:
        """Yield every code of ``text``, without the words for it."""
        for start, end in occurrences_before_digits(text, _CODES):
            yield from self._told(text, start, end, _CODE)
        for start, end in occurrences_before_digits(text, _NETWORKS):
            yield from self._told(text, start, end, _NETWORK_KEY)
        for start, end in occurrences_before_digits(text, ("ssid",)):
            yield from self._told(text, start, end, _SSID)
        for _, end in occurrences_before_digits(text, _LISTS):
            yield from self._listed(text, end)

    def _told(self, text: str, start: int, end: int, form: re.Pattern[str]) -> Iterator[Finding]:
        code = form.match(text, end)
        if code and not (start and text[start - 1].isalpha()) and not _OTHER.match(code["code"]):
            stop = code.start("code") + len(code["code"].rstrip(".,;:)"))
            yield Finding(code.start("code"), stop, SECRET, CONTEXT_SCORE, self.name)

    def _listed(self, text: str, end: int) -> Iterator[Finding]:
        """Yield the codes of a list, all as long as the first one."""
        begins = _LIST_BEGINS.match(text, end)
        item = _ITEM.match(text, begins.end()) if begins else None
        length = len(item.group()) if item else 0
        while item and len(item.group()) == length:
            yield Finding(*item.span(), SECRET, CONTEXT_SCORE, self.name)
            after = _NEXT.match(text, item.end())
            item = _ITEM.match(text, after.end()) if after else None
