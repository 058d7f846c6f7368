"""Numbers by which a business knows a person: customer, contract, order, invoice, ticket, policy, file numbers.

They have no form of their own, so the word before them decides, in seven languages. Keys of issue trackers, article,
part, serial and register numbers, creditor ids and discount codes are no such numbers.
"""

import re
from collections.abc import Iterator
from typing import Final

from recognizers.finding import CUSTOMER_NO, Finding
from recognizers.generic.birth_date import MONTH
from recognizers.generic.context import BLANK, measured, words
from recognizers.generic.labelled import LabelledRecognizer, Told
from recognizers.generic.reading import DIGIT, at_numbers
from recognizers.scores import CONTEXT_SCORE

_STEMS: Final = words(
    """
    kunde kd.-nr kd-nr kdnr kd.nr kd. vertrag auftrag bestell rechnung quittung beleg ticket police
    versicherungsschein versicherungsnummer versicherungs-nr schaden zähler zaehler patient
    personalnummer personal-nr personalnr personal_nr personal_no mitarbeiter mitglied buchung reservierung sendung
    paket tracking mandat akte geschäftszeichen gesch.-z vorgang fallnummer fall-nr anschlussnummer lieferschein
    debitor matrikel angebot postnummer teilnehmer gutschrift versichertenkonto depot abonummer abo-nr kassenzeichen
    fall az_ vertragskonto bearbeitungs zählpunkt retoure rma az. az: unser_zeichen ihr_zeichen ihre_referenz
    referenz leistungsnummer vorfall customer client account account_no account_number account_id account# acct
    contract order invoice receipt policy claim meter staff employee member booking reservation confirmation
    shipment parcel consignment mandate case file_no file_number file_ref reference ref. ref: ref_no purchase_order
    po_number po# delivery_note subscription loyalty loyalty_card store_card library_card kundenkarte tarjeta_de_socio
    carte_de_fidélité student_id student_number payroll mrn medical_record incident
    service_request support_request contrat commande facture reçu sinistre compteur matricule adhérent adherent
    réservation expédition colis suivi dossier devis abonné référence bon_de_livraison contrato pedido factura
    recibo póliza poliza siniestro contador paciente empleado socio reserva envío envio seguimiento mandato
    expediente referencia albarán incidencia contratto ordine fattura ricevuta polizza sinistro contatore paziente
    dipendente matricola tessera_fedeltà tessera prenotazione spedizione pratica fascicolo riferimento bolletta
    utenza klant factuur
    bestelling bonnummer polis schade meternummer patiënt personeels lidnummer lidmaatschap boeking reservering
    zending machtiging referentie kenmerk klient umow zamówieni faktur paragon zgłoszeni szkod licznik pacjent
    pracownik członk rezerwacj pnr record_locator przesyłk spraw sygnatur nr_akt numer_akt
    forderung mahnung verfahren einsatz pat.-nr pat-nr patnr pat.nr ipp garantiefall schadenfall
    schadensfall störung buchungscode bordkarte antrag bescheid wartungsvertrag student enrolment enrollment
    enquiry complaint warranty repair job_no work_order sales_order dispute docket inquiry registration_no
    your_ref our_ref réclamation procédure bordereau dossier_patient remboursement procedimiento reclamación
    solicitud reclamo preventivo procedimento richiesta segnalazione rimborso klacht aanvraag
    offerte retour zaaknummer zaak pakket pakje relatie relatienummer reklamacj wniosek zlecen ewid
    paczk abo abonnement bibliotheksausweis leserausweis mitgliedsausweis studentenausweis dienstausweis bonuskarte
    clubkarte kundenkonto transaktion transaction locator localizador réf. réf_ v/réf n/réf
    kundin klient mandant bewohner spender darlehen leasing kartei rezept loan mortgage quote quotation estimate lease
    prescription rx_ rx# specimen accession encounter hosp_no hospital_no our_file your_file matter_no job_number
    historia_clínica nhc presupuesto justificante cartella_clinica protocollo bolla avoir allocataire prm pdl abonent
    tessera_fedeltà rolnummer parketnummer kod_rezerwacji sygn. autos diligencias r.g. rg_n procedimiento_ordinario
    """
)
_HEADS: Final = frozenset(
    words("zähler vertrag auftrag bestell rechnung police schaden buchung reservierung mitglied sendung paket kunde")
)
_COURT_FILE: Final = (
    r"(?:[IVX]{1,5}[ ][A-Z][A-Za-z]{0,3}[ ][0-9]{1,6}/[0-9]{2,4}|"
    r"(?:[A-Z][ ])?[0-9]{1,4}[ ][A-Z][A-Za-z]{0,3}[ ][0-9]{1,6}/[0-9]{2,4}(?:\.[A-Z]{1,3})?)"
)
VALUE: Final = re.compile(
    rf"(?:{_COURT_FILE}|[IVX]{{1,4}}[ ][A-Z]{{1,2}}(?:[ ][0-9a-z]{{1,3}})?[ ][-–][ ]"
    rf"(?:[A-Z0-9]{{1,6}}[./ ]){{0,3}}[0-9]{{2,8}}(?:/[0-9]{{2,4}})?|"
    rf"[IVX]{{1,4}}[ ][A-Z][ ][0-9]{{1,2}}[ ]-[ ][A-Z][ ][0-9]{{3,5}}/[0-9]{{2}}|"  # courts
    r"[0-9][ ]?[A-Z]{3}(?:[ ]?[0-9]{2,10}){1,4}|"  # meters, DIN 43863-5
    r"(?![-/._])(?:(?!(?:NR|NO|ID|NI|EUR|USD|CHF|GBP|PLN|DIN|ISO|PLZ|EAN|BIS|AM|VOM|UM)\b)[A-Z]{1,4}[ ](?=[0-9])|"
    r"(?=[A-Za-z/._-]{0,16}[0-9]|"
    r"[A-Z]{5,8}(?!\w))(?:[A-Za-z]{1,8}[-/._])?)(?:[A-Za-z0-9]|[-/._](?=[A-Za-z0-9])){2,36}"
    rf"(?:[{BLANK}](?![0-9]{{4,5}}[ ][A-ZÄÖÜ])[0-9]{{2,6}}(?![.,:/-]?\w|[ ]?(?:€|EUR))){{0,5}}"
    rf"(?:(?<=[0-9]{{2}}[ ][0-9]{{3}})[ ][0-9](?=[,;.)\n]|\Z))?)(?!\w)"
)
_TRACKER_KEY = re.compile(r"[A-Z][A-Z0-9]{1,9}-[0-9]{1,5}\Z")
_TICKET_PREFIX = re.compile(
    r"(?:INC|TCK|TKT|TIC|CASE|REQ|SR|SUP|HD|CS|CAS|RMA|TN|SUPPORT|HELP|SCTASK|RITM|TICKET|T|K|ST)-?[0-9]"
)
_BOOKING = re.compile(
    r"(?:buchung|reserv|booking|loca|confirmation|pnr|record|boeking|prenotazione|rezerwacj|réserv)", re.IGNORECASE,
)
_LOCATOR = re.compile(r"(?=[A-Z0-9-]{5,12}\Z)[A-Z0-9]+(?:-[A-Z0-9]+)?\Z")
_TRACKER = re.compile(r"(?:ticket|incident|case|vorgang|vorfall|request|fall|incidencia)", re.IGNORECASE)
_TICKET = re.compile(r"(?:ticket|incident|case|vorgang)\b", re.IGNORECASE)
# Dates, times, amounts, mailboxes, pages, internet addresses, telephone numbers, versions.
OTHER: Final = re.compile(
    r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-|[0-9a-f]{32,}\Z|"
    r"[0-3]?[0-9][./-][01]?[0-9][./-](?:(?:19|20)?[0-9]{2})?\Z|(?:19|20)[0-9]{2}-[01][0-9]-[0-3][0-9](?:T|\Z)|"
    r"(?:19|20)[0-9]{2}\Z|[0-9]{1,2}:[0-9]{2}|[0-9]{1,2}x[ ]|[0-9]+[.,][0-9]{2}\Z|[^@\s]*@|https?:|www\.|"
    r"(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(?:\.|\Z)){4}|0[1-9][0-9]{1,4}[/ ]|"
    rf"[0-9]{{1,2}}\.[0-9]{{1,2}}\.[0-9]{{1,3}}\Z|(?i:[0-3]?[0-9][-/.]{MONTH}[-/.](?:[0-9]{{2}}){{1,2}}\Z)|"
    r"(?:SSN|IBAN|BIC|NHS|NINO|PESEL|DNI|NIE|NIR|BSN|AHV|VAT|TIN|GUID|UUID)(?![A-Za-z])"  # another number's label
)
# Four digits that no word for a number introduces: behind the word for one thing, and nothing counted behind them.
_SINGLE = re.compile(
    r"(?:kundin|kunde|ticket|order|bestellung|auftrag|rechnung|vertrag|police|invoice|claim|policy|customer|"
    r"patient(?:in)?|mitglied|member|vorgang|case|commande|facture|pedido|factura|ordine|fattura|bestelling|factuur|"
    r"zamówienie|faktura)[ ]",
    re.IGNORECASE,
)
_STOPS = re.compile(
    r"[.,;:)!?\"'\n]|\Z|[ ](?:ist|wurde|hat|bitte|konnte|fehlt|kam|vom|wegen|und|is|was|has|never|not|and|for|from|"
    r"dated|est|es|è|jest|nie|niet|non|no|n'|a|ha|van|du|del|z)\b"
)
_COURT = re.compile(
    r"(?<![\w/.-])(?:\([0-9]{1,4}[ ][A-Z][A-Za-z]{0,2}\)[ ])?"
    r"[0-9]{1,4}[ ](?:C|O|F|Js|UJs|Ds|Ls|Cs|KLs|Ks|Ns|Qs|M|K|L|Ca|IN|IK|AR|Gs|OWi|VI|XVII|XIV)[ ]"
    r"[0-9]{1,6}/[0-9]{2}(?!\w)"
)
_CITED = re.compile(r"(?:BGH|BAG|BSG|BFH|BVerf|BVerw|OLG|LG|LAG|Urt|Beschl|vgl|NJW|Rn)[^\n]{0,40}\Z")
_GOES_ON = re.compile(r"[.,:][0-9]|[@%]")


class CustomerNumberRecognizer(LabelledRecognizer):
    """Finds numbers of customers, contracts, orders, cases and the like by the word before them."""

    kinds = (CUSTOMER_NO,)
    needs = DIGIT
    stems = _STEMS
    heads = _HEADS
    value = VALUE

    def find(self, text: str) -> Iterator[Finding]:
        """Yield every such number of ``text``, and the file numbers of German local courts also without a word."""
        yield from super().find(text)
        for file in at_numbers(text, _COURT, (1, 0)):
            if not _CITED.search(text, max(0, file.start() - 48), file.start()):
                yield Finding(*file.span(), CUSTOMER_NO, CONTEXT_SCORE, self.name)

    def accepts(self, text: str, told: Told) -> bool:
        """Want three digits where a number word says so, else five digits or letters and four digits, and no date."""
        value = text[told.start : told.end]
        digits = sum(c.isdigit() for c in value)
        if OTHER.match(value) or measured(text, told.end) or _GOES_ON.match(text, told.end):
            return False
        if _TRACKER_KEY.match(value) and not _TICKET_PREFIX.match(value) and _TRACKER.match(told.label):
            return told.said and (digits >= 5 or not _TICKET.match(told.label))
        if _BOOKING.match(told.label) and _LOCATOR.match(value) and (digits or told.said):
            return not value.isdigit() or digits >= 5
        if told.said:
            return digits >= 3 or (digits >= 2 and len(value) >= 6)
        if digits == 4 and value.isdigit():
            return _SINGLE.fullmatch(told.label) is not None and _STOPS.match(text, told.end) is not None
        return digits >= 5 or (digits >= 4 and value[0].isupper())
