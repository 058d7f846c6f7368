"""Numbers of passports, identity cards, residence permits and driving licences, by the word before them.

The forms differ by country and year (ICAO Doc 9303 allows any nine characters), so the word decides in seven languages.
"""

import re

from recognizers.finding import ID
from recognizers.generic.context import words
from recognizers.generic.labelled import LabelledRecognizer, Told
from recognizers.generic.reading import DIGIT


class IdentityDocumentRecognizer(LabelledRecognizer):
    """Finds numbers of identity documents."""

    kinds = (ID,)
    needs = DIGIT
    stems = words(
        """
        personalausweis ausweisnummer ausweis-nr ausweisnr ausweis reisepass passnummer pass-nr passnr pass_nr
        aufenthaltstitel führerschein fuehrerschein fahrerlaubnis perso-nr personr passport identity_card id_card
        id-card id_number id_no identification_number driving_licence driver's_license driver’s_license
        drivers_license driving_license licence_number licence_no license_no license_number dl_no residence_permit
        green_card passeport carte_d'identité carte_d’identité cni permis_de_conduire titre_de_séjour pasaporte
        permiso_de_conducir permiso_de_conducción carnet_de_conducir passaporto carta_d'identità carta_d’identità
        carta_identità patente paspoort identiteitskaart id-kaart rijbewijs paszport dowód_osobisty
        dowodu_osobistego dowód dowodu prawo_jazdy prawa_jazdy identitätskarte id-nummer ausländerausweis
        """
    )
    value = re.compile(
        r"(?!(?:SSN|IBAN|TEL|FAX|NR|NO|DNI|NIE|BSN|PIN|CNI|ID|"
        r"DOB)(?!\w))(?=(?:[A-Z0-9][ .-]?){5,20})(?:[A-Z]{1,3}[ .-]?)?[A-Z0-9]{2,18}"
        r"(?:[ .-]?(?=[A-Z]*[0-9])[A-Z0-9]{2,9}(?![a-z])){0,3}(?!\w)"
    )

    def accepts(self, text: str, told: Told) -> bool:
        """Want four digits among six to twenty characters, and no date or year."""
        value = text[told.start : told.end]
        compact = re.sub(r"[^A-Z0-9]", "", value)
        digits = sum(c.isdigit() for c in compact)
        if re.match(r"[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{2,4}|(?:19|20)[0-9]{2}[-.]", value):
            return False
        return 6 <= len(compact) <= 20 and (digits >= 4 or (digits >= 2 and len(compact) in {9, 10}))
