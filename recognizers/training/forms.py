"""Structured text: the same records of people, or of things, as CSV, JSON, key and value, vCard, HTML, SQL, code and logs."""

import json
import random

from examples import Example
from scene import Part, Scene, build, flat, full_form

Field = tuple[str, list[Part]]  # the field's meaning, its value

_KEYS = {
    "given": {"": "first_name firstName given_name fname first_nm", "de": "Vorname vorname VORNAME Rufname", "en": "First Name,Given name,Forename", "fr": "Prénom prenom PRENOM", "es": "Nombre nombre", "it": "Nome nome", "nl": "Voornaam voornaam", "pl": "Imię imie"},
    "family": {"": "last_name lastName surname family_name lname", "de": "Nachname nachname Name NAME Familienname Zuname", "en": "Last Name,Surname,Family name", "fr": "Nom nom NOM", "es": "Apellidos apellidos Apellido", "it": "Cognome cognome", "nl": "Achternaam achternaam", "pl": "Nazwisko nazwisko"},
    "name": {"": "name full_name fullName contact customer_name display_name author owner assignee user", "de": "Name Kunde Ansprechpartner Kontakt Empfänger Mitarbeiter Bearbeiter Kontoinhaber Patient Mieter Versicherter Sachbearbeiter Rechnungsempfänger", "en": "Name,Customer,Contact,Full name,Employee,Assigned to,Recipient,Account holder", "fr": "Nom,Client,Contact,Destinataire,Titulaire,Salarié", "es": "Nombre,Cliente,Contacto,Titular,Destinatario,Empleado", "it": "Nome,Cliente,Contatto,Intestatario,Destinatario", "nl": "Naam,Klant,Contactpersoon,Ontvanger,Medewerker", "pl": "Nazwa,Klient,Kontakt,Odbiorca,Imię i nazwisko,Pracownik"},
    "street": {"": "street address street_address address1 addr_line1 street_name", "de": "Straße Strasse Anschrift Adresse Straße/Nr. Str. strasse", "en": "Address,Street,Address line 1,Street address", "fr": "Adresse,Rue,adresse,Voie", "es": "Dirección,Calle,direccion,Domicilio", "it": "Indirizzo,Via,indirizzo", "nl": "Adres,Straat,adres", "pl": "Adres,Ulica,adres"},
    "code": {"": "zip postal_code postcode zip_code plz", "de": "PLZ plz Postleitzahl", "en": "Postcode,ZIP,Zip code", "fr": "CP,Code postal", "es": "CP,Código postal", "it": "CAP,cap", "nl": "Postcode,postcode", "pl": "Kod,Kod pocztowy"},
    "city": {"": "city town locality", "de": "Ort Stadt Wohnort ort", "en": "City,Town", "fr": "Ville,Commune", "es": "Ciudad,Población,Localidad", "it": "Città,Comune,Località", "nl": "Plaats,Woonplaats", "pl": "Miasto,Miejscowość"},
    "place": {"": "city_line postal_city", "de": "PLZ/Ort,PLZ Ort,Ort", "en": "City,Town/Postcode", "fr": "Ville", "es": "Población", "it": "Località", "nl": "Plaats", "pl": "Miasto"},
    "full": {"": "address shipping_address billing_address location home", "de": "Adresse Anschrift Lieferadresse Rechnungsadresse Wohnanschrift", "en": "Address,Shipping address,Billing address", "fr": "Adresse,Adresse de livraison", "es": "Dirección,Dirección de envío", "it": "Indirizzo,Indirizzo di consegna", "nl": "Adres,Afleveradres", "pl": "Adres,Adres dostawy"},
    "mail": {"": "email mail e_mail", "de": "E-Mail Mail", "en": "E-mail,Email", "fr": "Courriel,E-mail", "es": "Correo,E-mail", "it": "E-mail", "nl": "E-mail", "pl": "E-mail"},
    "phone": {"": "phone tel mobile", "de": "Telefon Tel. Mobil", "en": "Phone,Mobile", "fr": "Téléphone,Tél.", "es": "Teléfono,Móvil", "it": "Telefono,Cell.", "nl": "Telefoon,Mobiel", "pl": "Telefon,Tel."},
    "number": {"": "id customer_id order_no account", "de": "Kundennr. KdNr Kundennummer Auftrag Nr.", "en": "ID,Customer no.,Order", "fr": "N° client,Commande", "es": "N.º cliente,Pedido", "it": "Cod. cliente,Ordine", "nl": "Klantnr.,Bestelling", "pl": "Nr klienta,Zamówienie"},
    "date": {"": "date created_at dob birth_date", "de": "Datum Geburtsdatum geb.", "en": "Date,Date of birth", "fr": "Date,Né(e) le", "es": "Fecha,Fecha de nacimiento", "it": "Data,Data di nascita", "nl": "Datum,Geboortedatum", "pl": "Data,Data urodzenia"},
    "firm": {"": "company organisation employer", "de": "Firma Unternehmen Arbeitgeber", "en": "Company,Employer", "fr": "Société,Entreprise", "es": "Empresa", "it": "Azienda,Ditta", "nl": "Bedrijf", "pl": "Firma"},
    "product": {"": "product item sku_name title", "de": "Artikel Produkt Bezeichnung", "en": "Product,Item", "fr": "Produit,Article", "es": "Producto", "it": "Prodotto,Articolo", "nl": "Product,Artikel", "pl": "Produkt,Towar"},
    "price": {"": "price amount total", "de": "Preis Betrag Summe", "en": "Price,Amount", "fr": "Prix,Montant", "es": "Precio,Importe", "it": "Prezzo,Importo", "nl": "Prijs,Bedrag", "pl": "Cena,Kwota"},
    "state": {"": "status state type role", "de": "Status Abteilung Rolle Typ", "en": "Status,Department", "fr": "Statut,Service", "es": "Estado", "it": "Stato,Reparto", "nl": "Status,Afdeling", "pl": "Status,Dział"},
    "note": {"": "notes comment message description", "de": "Notiz Bemerkung Kommentar Betreff", "en": "Notes,Comment", "fr": "Remarque", "es": "Notas", "it": "Note", "nl": "Opmerking", "pl": "Uwagi"},
    "host": {"": "host server region branch version", "de": "Standort System Region Filiale", "en": "Site,Branch,Region", "fr": "Site,Région", "es": "Sede,Región", "it": "Sede,Filiale", "nl": "Locatie,Regio", "pl": "Oddział,Region"},
}
_STATES = "active open closed pending Open Done VIP Premium Standard admin viewer true false neu offen aktiv inaktiv erledigt gekündigt Vertrieb Einkauf Buchhaltung Support IT HR Lager ouvert actif activo abierto attivo aperto actief nieuw aktywny nowy Ventes Ventas Vendite Verkoop Sprzedaż".split()
_HOSTS = "prod-db-01 web-02.internal v2.4.1 eu-central-1 staging ubuntu-22.04 redis kafka postgres nginx jenkins grafana main develop Frankfurt London hotfix/parser app-server localhost k8s-node-7 lambda sirius apollo hermes athena jupiter phoenix".split()


def key(meaning: str, scene: Scene) -> str:
    """A column's or key's name: of the language, or the English one of a database."""
    own = _KEYS[meaning]
    found = own[scene.language if scene.rng.random() < 0.62 else ""]
    return scene.rng.choice(found.split(",") if "," in found else found.split())


def shape(scene: Scene, personal: bool) -> list[str]:
    """Which fields a table has."""
    rng = scene.rng
    if not personal:
        return rng.sample(["number", "product", "price", "date", "state", "host", "firm", "lone", "phone"], rng.randint(2, 6))
    fields = rng.choice((["given", "family"], ["family", "given"], ["name"], ["name"], ["listed"], ["given"], ["name", "second"]))
    fields += rng.choice(([], ["street", "code", "city"], ["street", "code", "city"], ["street", "place"], ["full"], ["full"], ["code", "city"], ["lone"], ["street"]))
    fields += rng.sample(["mail", "phone", "number", "date", "firm", "product", "price", "state", "note"], rng.randint(0, 4))
    if rng.random() < 0.5:
        rng.shuffle(fields)
    elif rng.random() < 0.4:
        fields.insert(0, "number")
    return fields


def record(fields: list[str], scene: Scene) -> list[Field]:
    """One record's values."""
    rng, who, home = scene.rng, scene.someone(), scene.places.address(scene.language, scene.rng)
    values: dict[str, list[Part]] = {
        "given": [(who.given, "PERSON")], "family": [(who.family, "PERSON")], "name": [(full_form(who, rng), "PERSON")],
        "listed": [(f"{who.family}, {who.given}", "PERSON")], "second": [(full_form(scene.someone(), rng), "PERSON")], "street": [(home.street, "ADDRESS")],
        "code": [(home.code, "ADDRESS")], "city": [(home.city, "ADDRESS")], "place": [(home.line, "ADDRESS")], "full": [(", ".join(home.parts()), "ADDRESS")],
        "mail": [(scene.mail(who), "")], "firm": [(scene.company(), "ORG")], "lone": [(scene.places.city(scene.language, rng), "LOC")],
        "state": [(rng.choice(_STATES), "")], "host": [(rng.choice(_HOSTS), "")],
    }
    for meaning, slot in (("phone", "TEL"), ("number", "NR"), ("date", "D"), ("product", "PROD"), ("price", "EUR")):
        values[meaning] = [(scene.filler(slot, who), "")]
    if "note" in fields:
        note = scene.fill(scene.pick(rng.choice(("harmless", "body"))))
        values["note"] = cut(note) if len(note.text) < 90 else [("", "")]
    return [(field, [("", "")] if rng.random() < 0.03 else values[field]) for field in fields]


def cut(example: Example) -> list[Part]:
    """An example as parts, to be set into a larger text."""
    parts, at = [], 0
    for start, end, label in sorted(example.spans):
        parts += [(example.text[at:start], ""), (example.text[start:end], label)]
        at = end
    return [*parts, (example.text[at:], "")]


def names_of(fields: list[str], scene: Scene) -> list[str]:
    return [key({"listed": "name", "second": "name", "lone": "city"}.get(field, field), scene) for field in fields]


def table(scene: Scene, personal: bool) -> Example:
    """CSV, TSV, Markdown or HTML with a header mostly."""
    rng, fields = scene.rng, shape(scene, personal)
    heads = names_of(fields, scene)
    rows = [record(fields, scene) for _ in range(rng.choice((1, 2, 3, 4, 6, 8)))]
    style = rng.choice(("csv", "csv", "csv", "quoted", "tsv", "markdown", "html", "aligned"))
    mark = {"csv": rng.choice((",", ";", ";", ", ", "; ", "|")), "quoted": rng.choice(('","', '";"')), "tsv": "\t", "markdown": " | ", "html": "</td><td>", "aligned": "   "}[style]
    first, last = {"quoted": ('"', '"'), "markdown": ("| ", " |"), "html": ("<tr><td>", "</td></tr>")}.get(style, ("", ""))
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
    style = rng.choice(("line", "line", "line", "line", "json", "json", "json1", "yaml", "xml", "env", "inline", "aligned"))
    parts: list[Part] = []
    for number in range(count := rng.choice((1, 1, 1, 2, 3))):
        items = list(zip(names_of(fields, scene), record(fields, scene), strict=True))
        parts += _opened(style, number, rng)
        for i, (name, (_, value)) in enumerate(items):
            parts += _pair(style, name, value, i == len(items) - 1)
        parts += [({"json": "}", "json1": "}"}.get(style, ""), ""), (("," if number < count - 1 else "") if style.startswith("json") else "", ""), ("\n" if style != "json1" else "", "")]
    return build(parts)


def _opened(style: str, number: int, rng: random.Random) -> list[Part]:
    return [({"json": "{\n", "json1": "{", "yaml": f"- id: {number}\n", "inline": "", "line": rng.choice(("", "", "\n"))}.get(style, ""), "")]


def _pair(style: str, name: str, value: list[Part], last: bool) -> list[Part]:
    match style:
        case "json" | "json1":
            before, after = ('  "', '": "') if style == "json" else ('"', '": "')
            escaped = [(json.dumps(text, ensure_ascii=False)[1:-1], label) for text, label in value]
            return [(before + name + after, ""), *escaped, ('"' + ("" if last else "," if style == "json" else ", ") + ("\n" if style == "json" else ""), "")]
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
    return build([("BEGIN:VCARD\nVERSION:3.0\nN:", ""), (who.family, "PERSON"), (";", ""), (who.given, "PERSON"), (";;;\nFN:", ""), (f"{who.given} {who.family}", "PERSON"),
                  (f"\nORG:{''}", ""), (scene.company(), "ORG"), ("\nADR;TYPE=home:;;", ""), (home.street, "ADDRESS"), (";", ""), (home.city, "ADDRESS"), (";;", ""), (home.code, "ADDRESS"), (";", ""), (home.country, "LOC"),
                  (f"\nTEL:{scene.filler('TEL', who)}\nEMAIL:{scene.mail(who)}\nEND:VCARD\n", "")])


def code(scene: Scene, personal: bool) -> Example:
    """SQL, program text, commits and logs, with a person in it or without."""
    rng = scene.rng
    lines: list[Part] = []
    for _ in range(rng.randint(1, 5)):
        who, home = scene.someone(), scene.places.address(scene.language, rng)
        full, login = (f"{who.given} {who.family}", "PERSON"), flat(who.given[0] + who.family).lower().replace(" ", "")
        lines += (_personal_code(rng, scene, who, home, full, login) if personal and rng.random() < 0.75 else [(rng.choice(_CODE), "")]) + [("\n", "")]
    return build(lines)


def _personal_code(rng: random.Random, scene: Scene, who, home, full: Part, login: str) -> list[Part]:
    given, family, street, code_, city = (who.given, "PERSON"), (who.family, "PERSON"), (home.street, "ADDRESS"), (home.code, "ADDRESS"), (home.city, "ADDRESS")
    stamp = f"{rng.randint(2022, 2026)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d} {rng.randint(0, 23):02d}:{rng.randint(0, 59):02d}:{rng.randint(0, 59):02d}"
    number = str(rng.randint(1, 99999))
    return rng.choice((
        [(f"INSERT INTO customers (id, first_name, last_name, street, zip, city) VALUES ({number}, '", ""), given, ("', '", ""), family, ("', '", ""), street, ("', '", ""), code_, ("', '", ""), city, ("');", "")],
        [("INSERT INTO kunden (name, ort) VALUES ('", ""), full, ("', '", ""), (home.line, "ADDRESS"), ("');", "")],
        [("SELECT * FROM users WHERE last_name = '", ""), family, ("' AND first_name = '", ""), given, ("';", "")],
        [("UPDATE contacts SET address = '", ""), (", ".join(home.parts()), "ADDRESS"), (f"' WHERE id = {number};", "")],
        [("UPDATE orders SET customer_name='", ""), full, (f"' WHERE order_id={number};", "")],
        [('customer = Customer(name="', ""), full, (f'", email="{scene.mail(who)}")', "")],
        [('user = {"first": "', ""), given, ('", "last": "', ""), family, (f'", "login": "{login}"}}', "")],
        [("# ", ""), full, (f" <{scene.mail(who)}>", "")],
        [("Author: ", ""), full, (f" <{scene.mail(who)}>\nDate:   {stamp} +0100\n\n    fix: handle empty list", "")],
        [("Co-authored-by: ", ""), full, (f" <{scene.mail(who)}>", "")],
        [("// TODO(", ""), given, ("): remove this after the release", "")],
        [("// ask ", ""), family, (" before changing this", "")],
        [(f"{stamp} INFO  [auth] user '", ""), full, (f"' logged in from 10.0.{rng.randint(0, 255)}.{rng.randint(1, 254)}", "")],
        [(f"{stamp} ERROR OrderService - delivery failed for ", ""), full, (f", order {number}", "")],
        [(f"{stamp} WARN  address not found: ", ""), (", ".join(home.parts()), "ADDRESS")],
        [(f"[{stamp}] mail to {scene.mail(who)} (", ""), full, (") bounced", "")],
        [(f'{{"ts":"{stamp}","level":"info","user":"', ""), full, (f'","id":{number}}}', "")],
        [(f"level=info ts={stamp} msg=\"ticket assigned\" agent=\"", ""), full, ('" queue=support', "")],
        [('assert greet("', ""), given, ('") == "Hello, ', ""), given, ('!"', "")],
        [('print(f"Rechnung für ', ""), full, ('")', "")],
        [("<p>", ""), full, ("<br>", ""), street, ("<br>", ""), (home.line, "ADDRESS"), ("</p>", "")],
        [('<option value="', ""), (number, ""), ('">', ""), (f"{who.family}, {who.given}", "PERSON"), ("</option>", "")],
        [("To: ", ""), full, (f" <{scene.mail(who)}>", "")],
        [("From: ", ""), (f"{who.family}, {who.given}", "PERSON"), (f" <{scene.mail(who)}>", "")],
        [("ATTENDEE;CN=", ""), full, (f":mailto:{scene.mail(who)}", "")],
        [("cn: ", ""), full, ("\nsn: ", ""), family, ("\ngivenName: ", ""), given, (f"\nuid: {login}", "")],
    ))


_CODE = """def parse(self, text: str) -> list[Token]:|    return [item for item in items if item.is_valid]|import numpy as np|from collections import Counter, OrderedDict|class OrderService(BaseService):|SELECT id, name, price FROM products WHERE category = 'Books' ORDER BY price DESC;
|CREATE TABLE customers (id SERIAL PRIMARY KEY, first_name TEXT, last_name TEXT, city TEXT);|INSERT INTO products (sku, title, price) VALUES ('A-1001', 'Coffee Maker', 49.90);|docker run -d --name redis -p 6379:6379 redis:7|kubectl get pods -n production|git checkout -b feature/login-form
|2026-03-04 12:00:01 INFO  [main] Starting Tomcat on port 8080|2026-03-04 12:00:02 DEBUG HikariPool-1 - Connection added|WARN  org.springframework.web.servlet.PageNotFound - No mapping for GET /favicon.ico|Traceback (most recent call last):|ValueError: invalid literal for int() with base 10: 'abc'
|const [state, setState] = useState(null);|export default function Header({ title, children }) {|<div class="container"><h1>Willkommen</h1></div>|public static void main(String[] args) {|if (user == null) throw new IllegalArgumentException("user is null");|for i in range(10): print(i)|npm install react react-dom next
|CMD ["python", "-m", "http.server"]|server_name www.example.org;|Error: ENOENT: no such file or directory, open 'config.json'|java.lang.NullPointerException: Cannot invoke "Order.getId()"|at com.example.shop.CartController.checkout(CartController.java:87)|{"event": "page_view", "path": "/pricing", "duration_ms": 312}|resource "aws_instance" "web" { ami = "ami-0c55b159" }
|feat(parser): support nested lists|fix: typo in README|Merge branch 'main' into release/2.4|Build #4711 succeeded in 3m 12s on agent linux-02|GET /api/v2/orders?status=open HTTP/1.1 200|logger.info("Order %s shipped", order_id)|SELECT COUNT(*) FROM orders GROUP BY country;|CPU: AMD Ryzen 7, RAM: 32 GB, GPU: GeForce RTX 4070|Ampere, Turing, Hopper, Pascal, Volta, Maxwell, Kepler
|let total = items.reduce((a, b) => a + b.price, 0);|MERGE INTO stock USING staging ON stock.sku = staging.sku|status: Running, restarts: 0, node: worker-3|alter table users add column last_login timestamp;|Python 3.11, Django 5.1, Celery, RabbitMQ, Apache Kafka, Ada, Julia, Ruby, Haskell, Pascal, Perl""".replace("\n", "").split("|")
