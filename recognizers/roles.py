"""What the name of a field, a column or a table says its values are.

Names are compared without case, blanks and signs, so that ``customer_firstName``, ``Customer First Name`` and
``Vorname:`` are all understood. ``data/field_names.txt`` lists them by role; numbers and dates of birth are also
understood where a name is made of known parts.
"""

import re
from pathlib import Path
from typing import Final

_PREFIXES: Final = re.compile(
    r"(?:kunden?|customer|client|kontakt|contact|billing|shipping|delivery|invoice|rechnungs?|liefer|lieferungs?|patienten|"
    r"patient|employee|mitarbeiter|personen|person|personal|empfaenger|recipient|sender|absender|halter|versicherten|mieter|"
    r"vermieter|inhaber|holder|owner|applicant|antragsteller|bewerber|candidate|student|schueler|teilnehmer|participant|"
    r"member|mitglieds?|guest|gast|passenger|primary|secondary|emergency|home|work|privat|private|legal|user|wohn|firmen|"
    r"post|residential|current|new|neuer?|neue|alte|old|ihre?|your|my|mein|votre|su|suo|uw|last|cust|emp|usr|p|c|de|"
    r"buyer|seller|tenant|driver|spouse|parent|child|insured|from|to|ship|bill)"
)
LONGEST_NAME: Final = 40
_SIGNS: Final = re.compile(r"[\W_]+")
_SPELLING: Final = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "é": "e", "è": "e", "ê": "e", "à": "a", "á": "a", "í": "i", "ó": "o"}
    | {"ò": "o", "ú": "u", "ñ": "n", "ç": "c", "ę": "e", "ą": "a", "ś": "s", "ć": "c", "ż": "z", "ź": "z", "ł": "l"}
)


def _read_names() -> dict[str, str]:
    roles: dict[str, str] = {}
    role = ""
    for line in (Path(__file__).parent / "data" / "field_names.txt").read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        head, colon, names = line.partition(":")
        role, names = (head, names) if colon else (role, line)
        roles |= dict.fromkeys(names.split(), role)
    return roles


_ROLES: Final = _read_names()


def squash(key: str) -> str:
    """Return a key without case, blanks and signs, umlauts as two letters."""
    return _SIGNS.sub("", key.lower().translate(_SPELLING))


# What exports call a number of somebody's: a noun and a word for "number", in either order.
_NUMBERED: Final = (
    r"(?:kunden?|kd|customer|cust|client[eis]?|clienti|klant(?:en)?|klient[ai]?|kontakt|contact|account|vertrags?|contract|"
    r"contrat[oi]?|contratto|umow[ay]|orders?|auftrags?|bestell(?:ung(?:s|en)?)?|bestel|bestelling|commandes?|pedido|ordine|"
    r"zamowieni[ae]|rechnungs?|invoice|inv|factures?|factura|fattura|faktur[ay]|factuur|quittungs?|receipt|belegs?|bon|"
    r"tickets?|vorgangs?|case|fall|incident|claims?|schadens?|sinistre|siniestro|sinistro|schade|szkod[ay]|polic[ey]n?|"
    r"policy|police|poliza|polizza|polis|polisy|versicherungsschein|zaehler|meter|compteur|contador|contatore|licznika|"
    r"patient(?:en)?|pat|paciente|paziente|pacjenta|mrn|personal|mitarbeiter|employee|emp|staff|worker|empleado|dipendente|"
    r"matricul[ae]|matricola|personeels|pracownika|mitglieds?|member(?:ship)?|adherent|socio|lid|czlonka|buchungs?|"
    r"booking|reservierungs?|reservation|reserva|prenotazione|boeking|rezerwacji|sendungs?|paket|shipment|tracking|parcel|"
    r"colis|envio|spedizione|zending|przesylki|paczki|mandats?|mandate|mandant(?:en)?|akten?|dossier|expediente|pratica|"
    r"sprawy|angebots?|quote|lieferschein|debitor(?:en)?|kreditor(?:en)?|relatie|retoure?|rma|student(?:en)?|"
    r"matrikel|teilnehmer|antrags?|subscription|abo|abonn[ee]?|subscriber|loyalty|purchaseorder|po|guest|gast)"
)
_NUMBER: Final = (
    r"(?:nr|no|num|number|nummer|numer|numero|nro|n|id|ref|reference|referenz|referencia|riferimento|code|cod|codice|"
    r"codigo)"
)
_NUMBERED_KEY: Final = re.compile(
    rf"(?:.{{0,12}}?{_NUMBERED}s?{_NUMBER}|{_NUMBER}(?:d[aeiu]l?l?a?)?{_NUMBERED}|"
    r"(?:our|your|unser|ihr|votre|notre)(?:ref|zeichen))"
)
_INVENTORY: Final = re.compile(r"inv(?:entar)?(?:nr|nummer)")
_NUMBERED_TABLE: Final = re.compile(rf".{{0,12}}?(?:{_NUMBERED}(?:s|er|en|e|es)?|policies)")
_PLAIN_NUMBER: Final = frozenset({"id", "nr", "no", "nummer", "number", "pid", "num", "numero", "numer", "key"})
_NUMBERED_ALONE: Final = re.compile(
    r"(?:order|bestellung|auftrag|rechnung|invoice|ticket|vertrag|contract|police|policy|claim|booking|buchung|beleg|pedido|"
    r"factura|commande|facture|ordine|fattura|pratica|bestelling|factuur|zamowienie|faktura|polizza|poliza|mrn|pnr|vorgang|"
    r"aktenzeichen|az|kassenzeichen|tracking|sendung|meter|zaehler|membership|po|lieferschein)"
)
_BORN: Final = re.compile(
    r"(?:geb|birth|born|naiss|nac$|nacim|nacid|nascit|geboorte|urodz|dataur|dtnasc|dob|bday|geburt|gbdat)"
    r"(?!.{0,3}(?:ort|name|land|place|city|country|stad|plaats|jahr|year|jaar|gewicht|weight))"
)
_NOT_BORN: Final = re.compile(
    r"(?:place|lieu|luogo|lugar|miejsce|city|country|ort|land|year|jahr|gebuehr|gebiet|gebaeude)"
)


def _composed(plain: str) -> str | None:
    """Return the role of a key that is made of known parts."""
    if _INVENTORY.fullmatch(plain):
        return None
    if _NUMBERED_KEY.fullmatch(plain) or _NUMBERED_ALONE.fullmatch(plain):
        return "CUSTOMER_NO"
    return "DOB" if _BORN.search(plain) and not _NOT_BORN.search(plain) else None


def role_of(key: str) -> str | None:
    """Return what a field of this name holds, None if the name is not known. ``key`` is as written."""
    whole = plain = squash(key)
    if whole in _PLAIN_NUMBER:
        return "NUMBER"
    for _ in range(3):
        if plain in _ROLES:
            return _ROLES[plain]
        shorter = _PREFIXES.match(plain)
        if not shorter or shorter.end() == len(plain):
            break
        plain = plain[shorter.end() :]
    return _composed(whole) if len(whole) <= LONGEST_NAME else None


def is_numbered(table: str) -> bool:
    """Tell whether the rows of a table of this name are customers, orders, members and the like."""
    return _NUMBERED_TABLE.fullmatch(squash(table)) is not None


def role_in_numbered(column: str) -> str | None:
    """Return the role of a column of such a table, where `id` is a number of that kind."""
    return "CUSTOMER_NO" if squash(column) in _PLAIN_NUMBER else role_of(column)
