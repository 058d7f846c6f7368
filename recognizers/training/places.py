"""Invented addresses in the forms of a dozen countries, lone cities, countries, companies and products.

An address is a list of parts (street with number, additions, postcode with city), which the caller sets on one line or several.
Cities and street words come from the package ``faker`` (MIT) and from the lists below.
"""

import importlib
import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Address:
    street: str  # with number
    extra: str  # floor, flat, building; mostly empty
    code: str
    city: str
    country: str
    line: str  # postcode and city as one writes them

    def parts(self) -> list[str]:
        return [self.street, *([self.extra] if self.extra else []), self.line]


def _faker(locale: str, field: str) -> list[str]:
    provider = importlib.import_module(f"faker.providers.address.{locale}").Provider
    return [item if isinstance(item, str) else item[1] for item in getattr(provider, field, ())]


CITIES = {
    "de": _faker("de_DE", "cities") + """Berlin Hamburg München Köln Frankfurt Stuttgart Düsseldorf Leipzig Dortmund Essen Bremen Dresden Hannover Nürnberg Duisburg Bochum Wuppertal
 Bielefeld Bonn Münster Mannheim Karlsruhe Augsburg Wiesbaden Gelsenkirchen Mönchengladbach Braunschweig Kiel Chemnitz Aachen Halle Magdeburg Freiburg Krefeld Mainz Lübeck Erfurt Oberhausen Rostock
 Kassel Hagen Potsdam Saarbrücken Hamm Ludwigshafen Mülheim Oldenburg Osnabrück Leverkusen Heidelberg Darmstadt Solingen Regensburg Herne Paderborn Neuss Ingolstadt Offenbach Fürth Ulm Heilbronn
 Pforzheim Würzburg Wolfsburg Göttingen Bottrop Reutlingen Erlangen Koblenz Bremerhaven Bergisch-Gladbach Remscheid Trier Recklinghausen Jena Moers Salzgitter Siegen Gütersloh Hildesheim Kaiserslautern
 Cottbus Schwerin Witten Esslingen Gera Ludwigsburg Iserlohn Düren Zwickau Tübingen Flensburg Lünen Villingen-Schwenningen Gießen Marl Konstanz Worms Minden Velbert Bamberg Bayreuth Landshut Passau""".split()
    + ["Frankfurt am Main", "Halle (Saale)", "Mülheim an der Ruhr", "Bad Homburg", "Freiburg im Breisgau", "St. Ingbert", "Limburg a. d. Lahn", "Neustadt an der Weinstraße", "Bad Nauheim"],
    "at": _faker("de_AT", "cities") + "Wien Graz Linz Salzburg Innsbruck Klagenfurt Villach Wels Dornbirn Steyr Feldkirch Bregenz Leonding Baden Leoben Krems Mödling".split() + ["St. Pölten", "Wiener Neustadt"],
    "ch": _faker("de_CH", "cities") + "Zürich Genf Basel Lausanne Bern Winterthur Luzern Lugano Biel Thun Köniz Fribourg Schaffhausen Chur Uster Sion Zug Neuchâtel Genève Locarno Bellinzona".split() + ["St. Gallen"],
    "fr": """Paris Marseille Lyon Toulouse Nice Nantes Montpellier Strasbourg Bordeaux Lille Rennes Reims Toulon Grenoble Dijon Angers Nîmes Villeurbanne Clermont-Ferrand Le-Mans Aix-en-Provence Brest Tours
 Amiens Limoges Annecy Perpignan Metz Besançon Orléans Rouen Mulhouse Caen Nancy Argenteuil Montreuil Roubaix Tourcoing Avignon Poitiers Versailles Pau Calais Cannes Antibes Béziers Colmar Bourges Quimper
 Valence Chambéry Niort Lorient Troyes Vannes Cholet Saint-Étienne Saint-Denis Saint-Nazaire Boulogne-Billancourt Issy-les-Moulineaux Villeneuve-d'Ascq""".split() + ["Le Havre", "La Rochelle", "Le Mans"],
    "es": """Madrid Barcelona Valencia Sevilla Zaragoza Málaga Murcia Bilbao Alicante Córdoba Valladolid Vigo Gijón Vitoria Granada Elche Oviedo Badalona Cartagena Terrassa Sabadell Móstoles Pamplona Almería
 Leganés Burgos Santander Getafe Alcorcón Albacete Logroño Badajoz Salamanca Huelva Lérida Marbella León Tarragona Cádiz Jaén Ourense Lugo Girona Cáceres Melilla Guadalajara Toledo Pontevedra Ávila Segovia""".split()
    + ["Las Palmas", "San Sebastián", "L'Hospitalet", "A Coruña", "Alcalá de Henares", "Palma de Mallorca", "Santa Cruz de Tenerife", "Jerez de la Frontera"],
    "it": """Roma Milano Napoli Torino Palermo Genova Bologna Firenze Bari Catania Venezia Verona Messina Padova Trieste Brescia Parma Prato Taranto Modena Reggio Ravenna Livorno Cagliari Foggia Rimini Salerno Ferrara
 Sassari Latina Giugliano Monza Siracusa Pescara Bergamo Forlì Trento Vicenza Terni Bolzano Novara Piacenza Ancona Andria Udine Arezzo Cesena Lecce Pesaro Como Pisa Lucca Treviso Varese Cremona""".split()
    + ["La Spezia", "L'Aquila", "Reggio Emilia"] + _faker("it_IT", "cities")[::60],
    "nl": _faker("nl_NL", "cities")[::12] + """Amsterdam Rotterdam Utrecht Eindhoven Groningen Tilburg Almere Breda Nijmegen Apeldoorn Haarlem Arnhem Enschede Amersfoort Zaanstad Hoofddorp Zwolle Leiden Maastricht Dordrecht Zoetermeer
 Ede Delft Alkmaar Venlo Deventer Hilversum Roosendaal Leeuwarden Gouda Assen Antwerpen Gent Brugge Leuven Mechelen""".split() + ["Den Haag", "'s-Hertogenbosch", "Den Bosch", "Den Helder"],
    "pl": _faker("pl_PL", "cities"),
    "gb": """London Birmingham Leeds Glasgow Sheffield Manchester Edinburgh Liverpool Bristol Cardiff Leicester Coventry Nottingham Newcastle Sunderland Brighton Hull Plymouth Wolverhampton Derby Swansea Southampton Salford Aberdeen
 Westminster Portsmouth York Peterborough Dundee Lancaster Oxford Newport Preston Cambridge Norwich Chester Exeter Bath Durham Lincoln Worcester Reading Luton Belfast Swindon Croydon Bolton Slough Ipswich Harrogate""".split() + ["Milton Keynes", "Stoke-on-Trent"],
    "us": """Springfield Franklin Clinton Greenville Bristol Fairview Salem Madison Georgetown Arlington Ashland Dover Oxford Jackson Burlington Manchester Milton Newport Auburn Centerville Dayton Lexington Milford Riverside Cleveland Austin
 Dallas Houston Phoenix Denver Boston Seattle Portland Chicago Philadelphia Atlanta Miami Tampa Orlando Detroit Columbus Memphis Nashville Sacramento Oakland Tulsa Omaha Albuquerque Tucson Raleigh Boise""".split()
    + ["New York", "San Diego", "Los Angeles", "San Francisco", "Salt Lake City", "Kansas City", "Las Vegas", "St. Louis", "Fort Worth"],
}
WORLD = """Istanbul Ankara Izmir Antalya Kiew Kyiv Lwiw Lviv Odessa Charkiw Moskau Moscow Athen Athens Thessaloniki Lissabon Lisbon Porto Kopenhagen Copenhagen Stockholm Oslo Helsinki Prag Prague Brünn Budapest Bukarest Bucharest
 Sofia Belgrad Zagreb Ljubljana Sarajevo Skopje Tirana Hanoi Saigon Lagos Accra Nairobi Dakar Kairo Cairo Casablanca Tunis Beirut Damaskus Amman Bagdad Teheran Kabul Delhi Mumbai Bangalore Shanghai Peking Beijing Tokio Tokyo
 Seoul Singapur Singapore Sydney Toronto Dublin Brüssel Brussels Bruxelles Luxemburg Genève Varsovie Londres Roma Wien Vienna Warsaw Varsovia Berlino Monaco Parigi Londra Berlijn Parijs Londen Berlin Paryż Londyn Monachium Wiedeń""".split()
COUNTRIES = {
    "de": "Deutschland Österreich Schweiz Frankreich Italien Spanien Polen Niederlande Belgien Türkei Ukraine Kroatien Schweden Dänemark USA China Indien Brasilien Bayern Sachsen Hessen Europa EU Nordrhein-Westfalen Tirol Thüringen".split(),
    "en": ["Germany", "France", "Italy", "Spain", "Poland", "the Netherlands", "Ireland", "Scotland", "England", "Wales", "the UK", "the United States", "Canada", "Australia", "India", "Turkey", "Ukraine", "Sweden", "Texas", "California", "Europe", "Kent"],
    "fr": "Allemagne France Italie Espagne Pologne Belgique Suisse Portugal Maroc Algérie Tunisie Turquie Bretagne Normandie Alsace Europe Provence".split(),
    "es": ["España", "Alemania", "Francia", "Italia", "Portugal", "México", "Argentina", "Colombia", "Perú", "Chile", "Marruecos", "Cataluña", "Andalucía", "Galicia", "Europa", "Suiza", "Polonia"],
    "it": "Italia Germania Francia Spagna Austria Svizzera Polonia Portogallo Toscana Lombardia Sicilia Piemonte Veneto Europa Grecia Croazia".split(),
    "nl": "Nederland België Duitsland Frankrijk Italië Spanje Polen Turkije Marokko Suriname Friesland Limburg Zeeland Brabant Europa Engeland".split(),
    "pl": "Polska Niemcy Francja Włochy Hiszpania Ukraina Czechy Słowacja Litwa Anglia Irlandia Mazowsze Śląsk Małopolska Europa Holandia".split(),
}
_DE_STEMS = """Haupt Bahnhof Schul Garten Berg Linden Kirch Wald Wiesen Mühlen Rosen Dorf Feld Ring Birken Eichen Buchen Tannen Kastanien Ahorn Erlen Ulmen Pappel Kiefern Fichten Flieder Nelken Tulpen Lilien Veilchen Amsel Drossel
 Finken Lerchen Meisen Schwalben Falken Adler Reiher Hirsch Hasen Fuchs Reh Bach Brunnen Teich See Ufer Rhein Main Neckar Donau Elbe Weser Isar Mosel Markt Rathaus Post Burg Schloss Kloster Friedhof Bahn Hafen Industrie Gewerbe Messe
 Goethe Schiller Lessing Mozart Beethoven Bach Brahms Wagner Kant Heine Uhland Mörike Humboldt Kepler Röntgen Siemens Daimler Bismarck Moltke Kaiser König Königs Prinzen Herzog Grafen Ritter Turner Jahn Stein Sand Kies Ton Ziegel
 Sonnen Mond Stern Sommer Winter Frühlings Herbst Weinberg Reb Obst Apfel Kirsch Pflaumen Nuss Heide Moor Bruch Anger Hof Scheunen Müller Bäcker Schmiede Weber Gerber Färber Leipziger Berliner Hamburger Münchner Kölner Frankfurter""".split()
_DE_ENDS = ("straße", "straße", "straße", "str.", "str.", "str", "strasse", "weg", "weg", "allee", "gasse", "platz", "ring", "damm", "ufer", "steig", "pfad", "hof", "graben", "wall", "chaussee", "stieg", "park", "zeile", "höhe", "winkel")
_DE_FREE = """Am Markt|An der Mühle|Im Winkel|Auf dem Hügel|Zur alten Post|Unter den Eichen|Hinter der Kirche|Lange Straße|Neue Gasse|Alter Markt|Am Alten Bahnhof|An den Weiden|Im Grund|In der Au|Am Sonnenhang|Zum Bergwerk|Am Stadtpark|Neuer Wall
|Hohe Straße|Breite Str.|Große Gasse|Kleine Freiheit|Obere Hauptstraße|Untere Bachgasse|Alte Landstraße|Alte Heerstr.|Im Wiesengrund|Vor dem Tor|Auf der Heide|Am Kanal|An der Schleuse|Zur Linde|Schöne Aussicht|Rotes Feld|Steinerner Weg|Am Hang|Im Brühl
|Zum Sportplatz|Bei der Kapelle|Beim Schlump|Am Weiher|Im Tal|Am Rosengarten|Hinterm Deich|Op de Hööchte|Achter de Kark|Jungfernstieg|Graben|Naschmarkt|Kohlmarkt|Ring|Anger|Reeperbahn|Kaiserdamm|Kurfürstendamm|Ku'damm""".replace("\n", "").split("|")


class Places:
    """Draws addresses, cities and companies for a language."""

    def __init__(self, names: dict[str, list[str]]) -> None:
        self._family = names

    def address(self, language: str, rng: random.Random) -> Address:
        home = {"de": ("de",) * 7 + ("at", "at", "ch"), "en": ("gb", "us", "gb", "us", "de"), "fr": ("fr", "fr", "fr", "chfr", "be"), "es": ("es",), "it": ("it",), "nl": ("nl",), "pl": ("pl",)}[language]
        country = rng.choice(home) if rng.random() < 0.88 else rng.choice(("de", "at", "ch", "fr", "es", "it", "nl", "pl", "gb", "us", "se", "pt", "tr", "cz"))
        return getattr(self, f"_{country}")(rng)

    def city(self, language: str, rng: random.Random) -> str:
        if rng.random() < 0.15:
            return rng.choice(WORLD)
        return rng.choice(CITIES[{"en": rng.choice(("gb", "us"))}.get(language, language)] if language != "de" or rng.random() < 0.8 else CITIES[rng.choice(("at", "ch"))])

    def street_only(self, language: str, rng: random.Random) -> str:
        """A street without its number, which is not personal."""
        if language == "de":
            return self._de_street(rng)
        if language == "en":
            return self._en_street(rng)
        if language == "pl":
            return f"{rng.choice(('ul. ', 'ulica ', 'al. ', 'plac '))}{self._pl_street(rng)}"
        if language == "nl":
            return self._nl_street(rng)
        return {"fr": self._fr_street, "es": self._es_street, "it": self._it_street}[language](rng)

    def _name(self, culture: str, rng: random.Random) -> str:
        return rng.choice(self._family[culture])

    # German, Austrian, Swiss
    def _de_street(self, rng: random.Random) -> str:
        dice = rng.random()
        if dice < 0.55:
            stem = rng.choice(_DE_STEMS) if rng.random() < 0.7 else self._name("de", rng).split("-")[0].split(" ")[-1]
            end = rng.choice(_DE_ENDS)
            if stem.endswith("er") and rng.random() < 0.5 or rng.random() < 0.06:
                return f"{stem} {end.capitalize()}"
            return stem + end
        if dice < 0.75:
            return rng.choice(_DE_FREE)
        end = rng.choice(("Straße", "Straße", "Str.", "Platz", "Weg", "Allee", "Ring", "Ufer", "Gasse", "Strasse", "Damm"))
        if dice < 0.92:
            first = rng.choice("Karl Friedrich Konrad Willy Johann Anna Rosa Clara Käthe Ernst Robert Heinrich Otto Albert Ludwig Sophie Theodor Kurt Adolf Hermann Graf-von Prinz St.-Martin Dr.-Otto Elisabeth Wilhelm Max Josef August".split())
            return f"{first}-{self._name('de', rng).replace(' ', '-')}-{end}"
        return f"{rng.choice(CITIES['de']).split(' ')[0].rstrip('e')}er {end}"

    def _de_number(self, rng: random.Random) -> str:
        number = rng.choice((rng.randint(1, 40), rng.randint(1, 150), rng.randint(1, 400)))
        dice = rng.random()
        if dice < 0.62:
            return str(number)
        if dice < 0.76:
            return f"{number}{rng.choice(('', ' '))}{rng.choice('abcdeABCfh')}"
        if dice < 0.86:
            return f"{number}{rng.choice(('-', ' - ', '–', '/'))}{number + rng.randint(1, 6)}"
        if dice < 0.90:
            return f"{number} 1/2"
        if dice < 0.93:
            return f"Nr. {number}"
        return f"{number}{rng.choice(('/', ' / '))}{rng.randint(1, 30)}"

    def _de(self, rng: random.Random) -> Address:
        city = rng.choice(CITIES["de"])
        code = f"{rng.randint(1001, 99998):05d}"
        street = f"{self._de_street(rng)} {self._de_number(rng)}"
        if (dice := rng.random()) < 0.03:
            street = f"Packstation {rng.randint(101, 999)}"
        elif dice < 0.06:
            street = f"Postfach {rng.randint(10, 99)} {rng.randint(10, 99)}{rng.choice(('', f' {rng.randint(10, 99)}'))}"
        elif dice < 0.08:
            street, city = f"{rng.choice('ABCDEFGHJKLMNOPQRSTU')}{rng.choice(('', ' '))}{rng.randint(1, 7)}, {rng.randint(1, 40)}{rng.choice(('', 'a', '-' + str(rng.randint(41, 44))))}", "Mannheim"
        extra = ""
        if rng.random() < 0.08:
            extra = rng.choice(("Hinterhaus", "3. OG", "2. OG links", "EG", "Haus B", "Whg. 14", "Aufgang C", "4. Stock", "1. Etage rechts", "Seitenflügel", "Gebäude 7", "App. 312", "Zi. 204"))
        prefix = "D-" if rng.random() < 0.06 else ""
        return Address(street, extra, prefix + code, city, "Deutschland", f"{prefix}{code} {city}{rng.choice(('',) * 12 + ('-Mitte', '-Altstadt', '-Nord', ' OT Neudorf'))}")

    def _at(self, rng: random.Random) -> Address:
        city, code = rng.choice(CITIES["at"]), str(rng.randint(1010, 9992))
        if city == "Wien":
            code = f"1{rng.randint(1, 23):02d}0"
        number = f"{rng.randint(1, 120)}" + rng.choice(("", "", f"/{rng.randint(1, 30)}", f"/{rng.randint(1, 4)}/{rng.randint(1, 40)}", f"/Stiege {rng.randint(1, 5)}/Top {rng.randint(1, 30)}", f" Top {rng.randint(1, 30)}"))
        prefix = rng.choice(("", "", "", "", "A-", "AT-"))
        return Address(f"{self._de_street(rng).replace('straße', rng.choice(('straße', 'gasse')))} {number}", "", prefix + code, city, "Österreich", f"{prefix}{code} {city}")

    def _ch(self, rng: random.Random) -> Address:
        city, code = rng.choice(CITIES["ch"]), str(rng.randint(1000, 9658))
        street = self._de_street(rng).replace("straße", "strasse").replace("Straße", "Strasse").replace("ß", "ss")
        prefix = rng.choice(("", "", "", "CH-"))
        return Address(f"{street} {rng.randint(1, 180)}{rng.choice(('', '', '', 'a', 'b'))}", "", prefix + code, city, "Schweiz", f"{prefix}{code} {city}{rng.choice(('',) * 9 + (' ZH', ' BE', ' SG', ' AG'))}")

    # French
    def _fr_street(self, rng: random.Random) -> str:
        kind = rng.choice(("rue", "rue", "rue", "Rue", "avenue", "av.", "boulevard", "bd", "place", "allée", "chemin", "impasse", "quai", "cours", "route", "passage", "square"))
        rest = rng.choice(("de la République", "de la Gare", "des Lilas", "du Moulin", "Victor Hugo", "Jean Jaurès", "de l'Église", "du Château", "des Acacias", "Pasteur", "de Verdun", "du 8 Mai 1945", "des Écoles", "Voltaire", "de la Paix",
                           "des Roses", "du Général-Leclerc", "Saint-Michel", "de Paris", "des Tilleuls", "du Bois", "Neuve", "de la Fontaine", "Gambetta", "du Stade", "des Vignes", "du Lavoir", "de la Liberté", "Émile-Zola")) if rng.random() < 0.7 \
            else rng.choice(("", "Jean ", "Marie ", "de ", "du Docteur ", "Paul-", "du Maréchal ")) + self._name("fr", rng)
        return f"{kind} {rest}"

    def _fr(self, rng: random.Random) -> Address:
        number = f"{rng.randint(1, 220)}{rng.choice(('', '', '', '', ' bis', ' ter', 'B', ' A'))}{rng.choice((',', '', ''))}"
        extra = rng.choice(("",) * 10 + ("Bât. B", "Appt 12", "3e étage", "Résidence Les Pins", "Escalier C", "Porte 4", "Bâtiment A, appartement 24"))
        code, city = f"{rng.randint(1, 95):02d}{rng.choice(('000', '100', '200', '300', '130', '440', '015', '750'))}", rng.choice(CITIES["fr"]).replace("Le-Mans", "Le Mans")
        return Address(f"{number} {self._fr_street(rng)}", extra, code, city, "France", f"{code} {city}{rng.choice(('',) * 8 + (' CEDEX', ' Cedex 07', ' cedex 2'))}")

    def _chfr(self, rng: random.Random) -> Address:
        code, city = str(rng.randint(1000, 2900)), rng.choice(("Genève", "Lausanne", "Fribourg", "Neuchâtel", "Sion", "Montreux", "Vevey", "Nyon", "Yverdon-les-Bains"))
        return Address(f"{self._fr_street(rng).capitalize()} {rng.randint(1, 90)}", "", code, city, "Suisse", f"{code} {city}")

    def _be(self, rng: random.Random) -> Address:
        code, city = str(rng.randint(1000, 9990)), rng.choice(("Bruxelles", "Liège", "Namur", "Mons", "Charleroi", "Tournai", "Ixelles", "Uccle"))
        return Address(f"{self._fr_street(rng).capitalize()} {rng.randint(1, 200)}{rng.choice(('', '', ' bte 3', ', boîte 12'))}", "", code, city, "Belgique", f"{rng.choice(('', '', 'B-'))}{code} {city}")

    # Spanish, Italian, Portuguese
    def _es_street(self, rng: random.Random) -> str:
        kind = rng.choice(("Calle", "Calle", "C/", "C/ ", "calle", "Avenida", "Avda.", "Av.", "Plaza", "Pl.", "Paseo", "Pº", "Ronda", "Camino", "Travesía", "Carrer", "Gran Vía"))
        rest = rng.choice(("Mayor", "de Alcalá", "de la Constitución", "Real", "del Sol", "de la Paz", "de España", "San Juan", "Nueva", "del Carmen", "de los Reyes Católicos", "Cervantes", "de la Libertad", "de Goya", "Serrano", "Santa Ana", "del Prado", "Colón",
                           "de la Fuente", "Miguel de Unamuno", "de las Flores", "Velázquez", "de Aragón", "del Molino", "Diputación")) if rng.random() < 0.7 else rng.choice(("", "de ", "Doctor ", "Juan ")) + self._name("es", rng)
        return f"{kind} {rest}".replace("  ", " ").replace("C/ ", rng.choice(("C/ ", "C/")))

    def _es(self, rng: random.Random) -> Address:
        number = f"{rng.choice((', ', ' ', ', nº ', ' n.º ', ' núm. '))}{rng.randint(1, 190)}"
        extra = rng.choice(("",) * 4 + ("3º B", "2º izq.", "1.º D", "4º 2ª", "piso 5, puerta 2", "Bajo A", "esc. 2, 3º C", "Ático", "portal 4"))
        code, city, province = f"{rng.randint(1, 52):02d}{rng.randint(1, 480):03d}", rng.choice(CITIES["es"]), rng.choice(CITIES["es"])
        return Address(f"{self._es_street(rng)}{number}", extra, code, city, "España", f"{code} {city}{rng.choice(('', '', '', f' ({province})'))}")

    def _it_street(self, rng: random.Random) -> str:
        kind = rng.choice(("Via", "Via", "Via", "via", "Viale", "V.le", "Corso", "C.so", "Piazza", "P.zza", "Largo", "Vicolo", "Strada", "Lungarno", "Contrada"))
        rest = rng.choice(("Roma", "Garibaldi", "Mazzini", "Dante", "Verdi", "della Libertà", "dei Mille", "Cavour", "Marconi", "XX Settembre", "IV Novembre", "Vittorio Emanuele II", "San Marco", "della Repubblica", "Leonardo da Vinci", "Monte Grappa", "del Corso",
                           "delle Rose", "Aldo Moro", "Matteotti", "Galilei", "dei Pini", "Nazionale", "Piave")) if rng.random() < 0.7 else rng.choice(("", "Giuseppe ", "G. ", "Santa ", "don ")) + self._name("it", rng)
        return f"{kind} {rest}"

    def _it(self, rng: random.Random) -> Address:
        number = f"{rng.choice((' ', ', ', ' n. ', ', n° '))}{rng.randint(1, 180)}{rng.choice(('', '', '', '/A', '/b', ' bis', 'A'))}"
        extra = rng.choice(("",) * 6 + ("int. 4", "scala B", "piano 3", "interno 12", "scala A, int. 7"))
        code, city, province = f"{rng.randint(10, 98168):05d}", rng.choice(CITIES["it"]), rng.choice("RM TO NA PD VR BO FI MI".split())
        return Address(f"{self._it_street(rng)}{number}", extra, code, city, "Italia", f"{code} {city}{rng.choice(('', ' (MI)', f' ({province})', f' {province}'))}")

    def _pt(self, rng: random.Random) -> Address:
        code, city = f"{rng.randint(1000, 9980)}-{rng.randint(1, 999):03d}", rng.choice(("Lisboa", "Porto", "Braga", "Coimbra", "Faro", "Setúbal", "Aveiro"))
        return Address(f"{rng.choice(('Rua', 'Avenida', 'Travessa', 'R.'))} {rng.choice(('do Carmo', 'da Liberdade', 'das Flores', 'de São Bento', 'Augusta', 'do Sol'))}{rng.choice((', ', ' ', ', nº '))}{rng.randint(1, 200)}", rng.choice(("", "", "2º Esq.", "R/C Dto")), code, city, "Portugal", f"{code} {city}")

    # Dutch, Polish, Nordic, Czech, Turkish
    def _nl_street(self, rng: random.Random) -> str:
        stem = rng.choice(("Kerk", "Dorps", "School", "Molen", "Prins Hendrik", "Wilhelmina", "Juliana", "Beatrix", "Van Gogh", "Rembrandt", "Oranje", "Noorder", "Zuider", "Linden", "Beuken", "Eiken", "Raadhuis", "Stations", "Markt", "Haven", "Koning Willem", "Burgemeester de Vries")) \
            if rng.random() < 0.7 else self._name("nl", rng).split(" ")[-1]
        return stem + rng.choice(("straat", "straat", "laan", "weg", "plein", "gracht", "kade", "dijk", "singel", "hof", "pad", "dreef"))

    def _nl(self, rng: random.Random) -> Address:
        number = f"{rng.randint(1, 400)}{rng.choice(('', '', '', '', 'a', ' bis', '-II', '-3', ' hs', 'B'))}"
        code, city = f"{rng.randint(1000, 9999)}{rng.choice((' ', ' ', ''))}{rng.choice('ABCDEFGHJKLMNPRSTVWXZ')}{rng.choice('ABCDEFGHJKLMNPRSTVWXZ')}", rng.choice(CITIES["nl"])
        return Address(f"{self._nl_street(rng)} {number}", "", code, city, "Nederland", f"{code} {rng.choice(('', '', ' '))}{city}")

    def _pl_street(self, rng: random.Random) -> str:
        return rng.choice(_POLISH) if rng.random() < 0.75 else rng.choice(("Jana ", "gen. ", "św. ", "ks. ", "")) + self._name("pl", rng) + rng.choice(("", "ego"))

    def _pl(self, rng: random.Random) -> Address:
        kind = rng.choice(("ul. ", "ul. ", "ul.", "ulica ", "al. ", "os. ", "pl. ", "Al. ", "", ""))
        number = f"{rng.randint(1, 180)}{rng.choice(('', '', f'/{rng.randint(1, 60)}', f' m. {rng.randint(1, 60)}', 'A', f'a/{rng.randint(1, 20)}', f' lok. {rng.randint(1, 9)}'))}"
        code, city = f"{rng.randint(0, 99):02d}-{rng.randint(1, 999):03d}", rng.choice(CITIES["pl"])
        return Address(f"{kind}{self._pl_street(rng)} {number}", "", code, city, "Polska", f"{code} {city}")

    def _se(self, rng: random.Random) -> Address:
        code, city = f"{rng.randint(100, 984)} {rng.randint(10, 99)}", rng.choice(("Stockholm", "Göteborg", "Malmö", "Uppsala", "Lund", "Umeå", "Västerås"))
        return Address(f"{rng.choice(('Storgatan', 'Kungsgatan', 'Drottninggatan', 'Skolvägen', 'Björkvägen', 'Vasagatan', 'Ringvägen'))} {rng.randint(1, 90)}{rng.choice(('', ' A', 'B', ' lgh 1102'))}", "", code, city, "Sverige", f"{code} {city}")

    def _cz(self, rng: random.Random) -> Address:
        code, city = f"{rng.randint(100, 799)} {rng.randint(0, 99):02d}", rng.choice(("Praha 3", "Brno", "Ostrava", "Plzeň", "Olomouc", "Praha"))
        return Address(f"{rng.choice(('Dlouhá', 'Nádražní', 'Husova', 'Masarykova', 'Květinová', 'Školní'))} {rng.randint(1, 1500)}{rng.choice(('', f'/{rng.randint(1, 60)}'))}", "", code, city, "Česko", f"{code} {city}")

    def _tr(self, rng: random.Random) -> Address:
        code, city = f"{rng.randint(1, 81):02d}{rng.randint(100, 990)}", rng.choice(("Kadıköy/İstanbul", "Çankaya/Ankara", "İzmir", "Bursa", "Antalya", "Beşiktaş/İstanbul"))
        return Address(f"{rng.choice(('Atatürk', 'Cumhuriyet', 'Lale', 'Barbaros', 'İnönü', 'Gül'))} {rng.choice(('Cad.', 'Caddesi', 'Sok.', 'Sokak', 'Mah. Çınar Sok.'))} No: {rng.randint(1, 120)}{rng.choice(('', '/4', ' D:7', ' Kat 3'))}", "", code, city, "Türkiye", f"{code} {city}")

    # English
    def _en_street(self, rng: random.Random) -> str:
        stem = rng.choice(("High", "Station", "Church", "Main", "Park", "Victoria", "Green", "Manor", "Kings", "Queens", "New", "Grange", "Mill", "School", "Oak", "Maple", "Cedar", "Elm", "Washington", "Lake", "Hill", "Pine", "Sunset", "River", "Willow", "Chestnut", "Spring", "Bridge", "St John's", "Albert", "Windsor",
                           "North", "Highland", "Meadow", "Forest", "Broad", "2nd", "5th", "W 42nd", "N Clark", "Old Mill")) if rng.random() < 0.75 else self._name("en", rng)
        return f"{stem} {rng.choice(('Street', 'St', 'St.', 'Road', 'Rd', 'Avenue', 'Ave', 'Ave.', 'Lane', 'Drive', 'Dr', 'Close', 'Court', 'Way', 'Boulevard', 'Blvd', 'Crescent', 'Terrace', 'Place', 'Gardens', 'Circle', 'Square', 'Grove', 'Walk'))}"

    def _gb(self, rng: random.Random) -> Address:
        letters = "ABDEFGHJLNPQRSTUWXYZ"
        code = f"{rng.choice('LS SE SW N E W B M BS CF EH G OX CB YO NE BN RG SO PO LE S DE NG'.split())}{rng.randint(1, 39)}{rng.choice((' ', ' ', ' ', ''))}{rng.randint(1, 9)}{rng.choice(letters)}{rng.choice(letters)}"
        city = rng.choice(CITIES["gb"])
        street = f"{rng.randint(1, 260)}{rng.choice(('', '', '', 'A', 'b', ','))} {self._en_street(rng)}"
        if rng.random() < 0.2:
            street = rng.choice((f"Flat {rng.randint(1, 30)}, ", f"Flat {rng.choice('ABC')}, ", f"Apartment {rng.randint(1, 30)}, ", f"Unit {rng.randint(1, 20)}, ")) + street
        return Address(street, "", code, city, "United Kingdom", rng.choice((f"{city} {code}", f"{city}, {code}", f"{city} {code}", f"{city}, {rng.choice(('Kent', 'Surrey', 'Essex', 'Devon', 'West Yorkshire'))} {code}")))

    def _us(self, rng: random.Random) -> Address:
        city, code = rng.choice(CITIES["us"]), f"{rng.randint(501, 99950):05d}{rng.choice(('',) * 5 + (f'-{rng.randint(1000, 9999)}',))}"
        state = rng.choice("IL CA NY TX FL OH PA GA NC MI NJ VA WA AZ MA TN IN MO MD WI CO MN OR".split() + ["Illinois", "California", "New Jersey"])
        street = f"{rng.choice((rng.randint(1, 999), rng.randint(100, 19999)))} {self._en_street(rng)}"
        if rng.random() < 0.05:
            street = f"{rng.choice(('PO Box', 'P.O. Box'))} {rng.randint(10, 9999)}"
        extra = rng.choice(("",) * 5 + (f"Apt {rng.randint(1, 40)}{rng.choice(('', 'B', 'C'))}", f"Apt. {rng.randint(100, 999)}", f"Suite {rng.randint(100, 900)}", f"#{rng.randint(1, 40)}", f"Unit {rng.randint(1, 40)}"))
        return Address(street, extra, code, city, "USA", f"{city}, {state} {code}")


_POLISH = """Długa Polna Leśna Słoneczna Krótka Szkolna Ogrodowa Lipowa Łąkowa Brzozowa Kwiatowa Kościelna Sosnowa Zielona Parkowa Akacjowa Kolejowa Spacerowa Mickiewicza Sienkiewicza Kościuszki Słowackiego Piłsudskiego Sikorskiego
 Kopernika Konopnickiej Chopina Jerozolimskie Marszałkowska Puławska Mokotowska Grunwaldzka Warszawska Krakowska Wolności Kolorowe Przyjaźni Jagiellońska Poniatowskiego Nowy-Świat Dworcowa Rynek Główny Młyńska""".split()
