"""Invented people: given and family names of many cultures, drawn independently of one another, in many spellings.

Sources: the CC0 lists popular-names-by-country, first names given in Berlin (CC BY 3.0 DE), GermaNER's surnames (Apache-2.0),
and the lists of the package ``faker`` (MIT).
"""

import csv
import gzip
import importlib
import random
import re
from dataclasses import dataclass
from pathlib import Path

# culture -> (country codes of the CC0 lists, faker locales)
_CULTURES = {
    "de": ("DE AT CH LU", "de_DE"), "en": ("GB US IE AU NZ CA", "en_GB en_US"), "fr": ("FR BE", "fr_FR"),
    "es": ("ES AR CL CO MX PE", "es_ES es_MX"), "it": ("IT", "it_IT"), "nl": ("NL", "nl_NL"), "pl": ("PL", "pl_PL"),
    "tr": ("TR", "tr_TR"), "vn": ("VN", "vi_VN"), "pt": ("PT BR", "pt_PT pt_BR"), "ng": ("", "en_NG yo_NG ig_NG ha_NG"),
    "gh": ("", "tw_GH"), "ke": ("", "en_KE sw"), "in": ("IN", "en_IN"), "pk": ("", "en_PK"), "cn": ("CN TW", ""),
    "kr": ("KR", ""), "jp": ("JP", ""), "ua": ("UA BY", ""), "ru": ("RU", ""), "gr": ("GR", ""), "ro": ("RO MD", "ro_RO"),
    "hu": ("HU", "hu_HU"), "cz": ("CZ SK", "cs_CZ sk_SK"), "hr": ("HR BA RS ME SI MK", "hr_HR sl_SI"), "al": ("AL XK", ""),
    "se": ("SE NO DK IS FI FO", "sv_SE no_NO da_DK fi_FI"), "lt": ("LT LV EE", "lt_LT"), "bg": ("BG", ""), "il": ("IL", ""),
    "am": ("AM GE AZ KZ", ""), "id": ("PH", "id_ID"), "np": ("NP LK BD", ""), "za": ("", "zu_ZA"), "ar": ("", ""), "ir": ("", ""),
}
_ARAB_GIVEN = """Ahmed Mohammed Mohamed Muhammad Ali Omar Hassan Hussein Khaled Yousef Youssef Ibrahim Mustafa Tarek Bilal Karim Samir
 Nabil Rami Walid Fadi Ziad Anas Amir Jamal Rashid Salim Hamza Abdullah Abdelkader Abdul Ismail Mahmoud Sami Mounir Rachid Adnan Bashar Firas
 Ghassan Haitham Imad Jihad Kamal Laith Majed Nasser Osama Qusay Raed Saif Taha Yasin Zakaria Fatima Aisha Mariam Maryam Layla Leila Nour Noor
 Yasmin Samira Amina Khadija Zainab Huda Rania Dalia Salma Hanan Farida Nadia Iman Lina Rasha Sawsan Reem Dina Hala Ghada Suad Widad Zahra Najla Safa
 Sumaya Hiba Asma Bushra Jamila Karima Latifa Malika Naima Rabia Souad Wafa Zineb""".split()
_ARAB_FAMILY = """Haddad Khoury al-Masri Al-Hassan Al Sayed El-Amrani Benali Ben-Salah Bouazizi Mansour Nasser Saleh Hamdan Darwish Shehadeh Najjar Sabbagh
 Kassab Al-Khatib Al-Jabari Abdallah Abu-Zaid Alaoui Bennani Cherif Daoud El-Fassi Ghanem Hamidi Idrissi Jaber Khalil Lahoud Mahfouz Nassar Othman Qasim
 Rahman Salem Tahan Yassin Zein Aziz Boutros Chehab Amrani Belkacem Mansouri Tlili Trabelsi Gharbi Hammoudi Ziani Saidi Brahimi Haddadi Bouzid Ayari Jebali
 Hijazi Barakat Sulaiman Al-Ahmad Alhamad Alhussein Almohammad Kanaan Shami Halabi Homsi Masri Tamimi Rifai Jarrar Ouali""".split()
_IRAN_GIVEN = """Reza Amir Hossein Mehdi Farid Kian Arash Babak Dariush Navid Omid Parviz Ramin Saeed Shahin Behrouz Kamran Maziar Nima Sina Soheil Fatemeh
 Zahra Shirin Parisa Mahnaz Nasrin Roya Azadeh Farzaneh Golnaz Laleh Mina Niloufar Pouran Sepideh Setareh Soraya Taraneh Yalda Jawad Nasir Habib Zaman Gul""".split()
_IRAN_FAMILY = """Ahmadi Hosseini Karimi Rahimi Jafari Moradi Ebrahimi Rezaei Sadeghi Mousavi Tehrani Shirazi Esfahani Kermani Farahani Ghorbani Hashemi Bahrami
 Azizi Nazari Amiri Noori Safi Popal Wardak Stanekzai Zadran Habibi Yusufzai Barakzai Mohammadi Ghasemi Khosravi Zand Pahlavan Rostami""".split()
_VN_GIVEN = """Anh Minh Linh Huong Hương Tuan Tuấn Dung Dũng Thanh Thảo Thao Lan Mai Hoa Hùng Hung Quang Phong Duc Đức Long Nam Hai Hải Trang Thu Thuy Thủy Ngoc Ngọc
 Bao Bảo Khanh Khánh Vinh Tam Tâm Phuong Phương Van Vân Chi Ha Hà Nhi Yen Yến Quynh Quỳnh Loan Hanh Hạnh Kim Son Sơn Tien Tiến Trung Viet Việt""".split()
_VN_FAMILY = """Nguyen Nguyễn Tran Trần Le Lê Pham Phạm Huynh Huỳnh Hoang Hoàng Phan Vu Vũ Vo Võ Dang Đặng Bui Bùi Do Đỗ Ho Hồ Ngo Ngô Duong Dương Ly Lý Dinh Đinh Truong
 Trương Lam Lâm Mai Trinh Trịnh Dao Đào Cao""".split()
_VN_MIDDLE = "Thi Thị Van Văn Minh Ngoc Ngọc Duc Đức Thanh Quoc Huu Xuan Kim Hoang".split()
_PL_GIVEN = """Piotr Krzysztof Andrzej Tomasz Paweł Marcin Michał Grzegorz Łukasz Adam Zbigniew Jerzy Tadeusz Mateusz Dariusz Mariusz Wojciech Ryszard Jakub Henryk
 Robert Rafał Kazimierz Jacek Maciej Kamil Janusz Mirosław Sławomir Bartosz Zdzisław Anna Maria Katarzyna Małgorzata Agnieszka Barbara Ewa Krystyna Elżbieta Magdalena
 Joanna Aleksandra Zofia Monika Teresa Danuta Natalia Julia Karolina Marta Beata Dorota Halina Jadwiga Alicja Jolanta Iwona Grażyna Justyna Paulina Bożena Urszula Hanna
 Renata Sylwia Agata Patrycja Izabela Ewelina Wiesława Stanisława Weronika Kinga Oliwia""".split()
_PL_FAMILY = """Nowak Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański Woźniak Dąbrowski Kozłowski Jankowski Mazur Kwiatkowski Krawczyk
 Kaczmarek Piotrowski Grabowski Zając Pawłowski Michalski Król Wieczorek Jabłoński Wróbel Nowakowski Majewski Olszewski Stępień Malinowski Jaworski Adamczyk Dudek Nowicki
 Pawlak Górski Witkowski Walczak Sikora Baran Rutkowski Michalak Szewczyk Ostrowski Tomaszewski Pietrzak Zalewski Wróblewski Marciniak Jasiński Zawadzki Bąk Jakubowski Sadowski
 Duda Włodarczyk Wilk Chmielewski Borkowski Sokołowski Szczepański Sawicki Kucharski Lis Maciejewski Czarnecki Kalinowski Wysocki Mazurek Kubiak Kołodziej Cieślak Gajda""".split()
_UA_GIVEN = """Oleksandr Olexandr Mykola Volodymyr Andrii Andriy Serhii Serhiy Dmytro Ivan Vasyl Petro Yurii Yuriy Taras Bohdan Oleh Ihor Roman Maksym Vitalii Yevhen Ruslan Nazar
 Ostap Olena Oksana Nataliia Natalia Iryna Tetiana Svitlana Halyna Liudmyla Lyudmyla Mariia Yuliia Kateryna Anastasiia Viktoriia Olha Inna Daryna Solomiia Zoriana Liliia Nadiia Vira""".split()
_UA_FAMILY = """Shevchenko Kovalenko Bondarenko Tkachenko Kravchenko Oliynyk Shevchuk Koval Polishchuk Bondar Tkachuk Moroz Marchenko Lysenko Rudenko Savchenko Petrenko Kravchuk
 Klymenko Ponomarenko Savchuk Vasylenko Panchenko Hrytsenko Melnyk Boiko Pavlenko Levchenko Khomenko Romanenko Hnatiuk Kostenko Zinchenko Yakovenko Sydorenko Mazurenko Zakharchuk
 Dovzhenko Franchuk Horobets Didenko Stefaniuk""".split()
# Family and given names that are words of the language too: they are drawn far more often than they occur.
_WORDS = {
    "de": """Koch Wolf Sommer König May Rose Kurz Lange Klein Groß Schwarz Weiß Braun Vogel Fuchs Hahn Stein Berg Bach Baum Busch Zimmermann Bauer Schneider Fischer
 Weber Richter Kaiser Herzog Graf Ritter Jäger Förster Gärtner Engel Winter Herbst Freitag Sonntag Montag Morgen Sturm Frost Sand Horn Kraft Ehrlich Fromm Stark Kühn
 Frank Ernst Wagner Becker Beck Schilling Pfennig Heller Nagel Hammer Kessel Pfeffer Kohl Linse Speck Roth Grün Blum Blume Stolz Süß Sauer Reich Arm Alt Neu Neumann
 Lang Krause Kraus Schön Fein Gut Gold Silber Eisen Stahl Zink Messer Löffel Teller Schuster Schmied Müller Maurer Binder Decker Töpfer Sattler Krüger Schäfer Hirsch Reh
 Haase Igel Käfer Bär Löwe Adler Falke Sperling Rabe Star Specht Strauß Kranich Kuckuck Amsel Storch Karpfen Hecht Barsch Ast Zweig Laub Wald Feld Acker Wiese Garten Hof Haus Burg
 Turm Keller Stube Ofen Brand Rauch Asche Funke Licht Tag Nacht Mond Sonne Himmel Wolke Regen Schnee Eis Hagel Wind Brunnen Quelle See Teich Meer Strand Ufer Damm Brück Kern Birnbaum
 Apfel Kirsch Nuss Korn Weizen Roggen Hafer Brot Semmel Kuchen Zucker Essig Bier Wein Kaffee Sack Beutel Korb Kranz Ring Kette Krone Zepter Schwert Schild Speer Bogen Pfeil Held Vogt Schulz""",
    "en": """Baker Cook Smith Miller Taylor Mason Carter Fisher Brown White Black Green Young King Knight Bishop Page Wood Stone Rice Bell Price Rich Long Short Sharp Swift
 Pierce Grant Wade Dean Parker Banks Waters Rivers Fields Brooks Hill Ford Cross Church Berry Bush Frost Snow Winter Summers Day Love Hope Best Good Wise Strong Case Chance Cash Coin
 Gates Marsh Lake Pond Forest Woods Lamb Fox Wolf Bird Crane Hawk Finch Swan Drake Pike Salmon Moody Savage Gamble Temple Tower Hall House Hunt Gray Rose Flowers Potter Weaver Turner Walker Butler""",
    "fr": """Petit Blanc Boulanger Fleury Marchand Olive Marin Berger Boucher Roux Leblanc Legrand Moreau Dubois Fontaine Rivière Charpentier Meunier Constant Prudent Juste Lemoine
 Roy Leroy Lefort Lebon Bonnet Lacroix Laforêt Lavigne Desprès Duval Dupont Marchal Chevalier Baron Comte Poirier Pommier Chêne Rosier Lacour Sauvage Loup Renard Lapin Poisson Moulin""",
    "es": """Rosa Paz Cruz Reyes León Blanco Rubio Delgado Bravo Herrero Zapatero Campos Ríos Torres Iglesias Castillo Luna Guerra Vega Calvo Moreno Cabello Flores Prado Puerta Ramos
 Rey Guerrero Cordero Lobo Gallo Toro Peña Rojo Pardo Crespo Serrano Montes Fuentes Palacios Plaza Medina Cabrera Hidalgo Marín Caballero Soto Bueno Franco Santos Pastor""",
    "it": """Rossi Bianchi Neri Gallo Leone Fiore Bruno Costa Fontana Monti Ferrari Conte Barbieri Serra Villa Greco Longo Grasso Basso Marino Rizzo Riva Fabbri Sarti Pastore Volpe Lupo
 Leoni Colombo Gatti Bello Bonomo Forte Valente Franco Guerra Pace Santoro Vitale Mancini Ricci Testa Barba Palma Olivieri Castello Torre""",
    "nl": """Bakker Visser Smit Kok de Boer Koning Prins Vos de Wit de Groot Bos Berg Dekker Kuiper Timmermans Bloem Roos Wolf de Haan Appel Storm Wind van den Berg Mulder Post Brouwer
 Schipper Molenaar Slager Kramer Visscher Kuipers Zee Meer Veld Akker Dijk Brug Huis Kamp Zwart Bruin de Jong Oud de Lange Kort Sterk Schaap de Leeuw Beer Haas""",
    "pl": """Kowal Mazur Wilk Sowa Zając Lis Wrona Kruk Baran Gołąb Sikora Mróz Zima Kwiatek Malina Kalina Krawczyk Król Książek Maj Kot Rak Szewc Bednarz Kucharz Gołębiewska Czapla Bielik
 Ptak Bąk Pająk Kurek Dąb Grab Klon Jawor Buk Marzec Sobota Niedziela Środa Mazurek""",
}
_WORD_GIVEN = {
    "de": "Rose Sommer Kai Wolf Ernst Frank Rosa Viola Jasmin Iris Heide Erika Melisse Sonne Linde Gerd Mark Bernd Uwe Jan Till Falk Christian Gloria Victoria Stella Angela Wanda Olive".split(),
    "en": "Mark Will Bill Grace Hope Joy Faith Rose Lily May April June Summer Dawn Chase Hunter Mason Drew Art Pat Sue Rob Jack Frank Lance Grant Dean Guy Ray Miles Ruby Pearl Daisy Ivy Amber Violet".split(),
    "fr": "Pierre Rose Olive Marguerite Aurore Constance Prudence Clémence Violette Juste Blanche Reine Victoire Luce Colombe Ange".split(),
    "es": "Rosa Paz Consuelo Pilar Mercedes Dolores Luz Esperanza Sol Nieves Rocío Ángel Jesús Salvador Concepción Soledad Alba Marina Blanca".split(),
    "it": "Viola Gioia Stella Vita Speranza Luce Rosa Serena Felice Fortunato Bruna Chiara Pia Libero Salvatore Angelo Fiore Allegra Aurora".split(),
    "nl": "Roos Bloem Madelief Fleur Wim Bas Storm Sterre Hoop Koen Joost Sanne Iris Jasmijn".split(),
    "pl": "Róża Malina Jagoda Kalina Nadzieja Wiara Bogusław Maja Iga Gaja Pola Lena".split(),
}


@dataclass(frozen=True, slots=True)
class Persona:
    given: str
    family: str
    female: bool
    culture: str

    @property
    def full(self) -> str:
        return f"{self.family} {self.given}" if self.culture in {"hu", "vn", "cn"} and len(self.given) % 3 == 0 else f"{self.given} {self.family}"


class People:
    """Draws people, most of them of the language's own culture."""

    def __init__(self, folder: Path) -> None:
        self._given: dict[str, list[str]] = {}
        self._family: dict[str, list[str]] = {}
        given, family = _table(folder / "common-forenames-by-country.csv"), _table(folder / "common-surnames-by-country.csv")
        for culture, (codes, locales) in _CULTURES.items():
            first = {name for code in codes.split() for name in given.get(code, ())}
            last = {name for code in codes.split() for name in family.get(code, ())}
            for locale in locales.split():
                provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
                for field in ("first_names_male", "first_names_female", "first_names"):
                    first |= set(getattr(provider, field, ()))
                last |= {name for field in ("last_names_male", "last_names_female", "last_names") for name in getattr(provider, field, ())}
            self._given[culture], self._family[culture] = _plain(first), _plain(last)
        for culture, first_names, last_names in (("ar", _ARAB_GIVEN, _ARAB_FAMILY), ("ir", _IRAN_GIVEN, _IRAN_FAMILY), ("vn", _VN_GIVEN, _VN_FAMILY),
                                                 ("pl", _PL_GIVEN, _PL_FAMILY), ("ua", _UA_GIVEN, _UA_FAMILY)):
            self._given[culture] = sorted({*self._given[culture], *first_names})
            self._family[culture] = sorted({*(self._family[culture] if culture == "ua" else ()), *last_names})
        self._berlin, self._berlin_weights = _berlin(folder / "berlin_first_names.csv")
        surnames = gzip.decompress((folder / "germaner_surnames.list.gz").read_bytes()).decode("utf-8", "replace")
        self._germaner = _plain(set(surnames.split("\n")))
        self._cultures = [culture for culture in _CULTURES if self._given[culture] and self._family[culture]]

    @property
    def families(self) -> dict[str, list[str]]:
        """The family names of every culture."""
        return self._family

    def one(self, language: str, rng: random.Random) -> Persona:
        """A person: seven in ten of the language's own culture."""
        culture = language if rng.random() < 0.6 else rng.choice(("tr", "ar", "pl", "ua", "vn", "ng", "ir", *self._cultures))
        given, family = rng.choice(self._given[culture]), rng.choice(self._family[culture])
        if culture == "de":
            if rng.random() < 0.45:
                given = rng.choices(self._berlin, self._berlin_weights)[0]
            if rng.random() < 0.6:
                family = rng.choice(self._germaner)
        elif rng.random() < 0.08:  # mixed families
            family = rng.choice(self._family[language])
        if culture in _WORDS and rng.random() < 0.15:
            family = rng.choice(_WORDS[culture].split())
        if culture in _WORDS and rng.random() < 0.06:
            given = rng.choice(_WORD_GIVEN[culture])
        return Persona(*self._dressed(given, family, culture, rng), given[-1:] in "aei", culture)

    def _dressed(self, given: str, family: str, culture: str, rng: random.Random) -> tuple[str, str]:
        """Double names, particles, middle names."""
        dice = rng.random()
        if culture in {"es", "pt"} and dice < 0.45:
            family = f"{family} {rng.choice(('', '', 'de ', 'y ') if culture == 'es' else ('', 'da ', 'dos '))}{rng.choice(self._family[culture])}"
        elif culture == "vn" and dice < 0.4:
            given = f"{rng.choice(_VN_MIDDLE)} {given}"
        elif culture in {"de", "fr", "pl", "en"} and dice < 0.07:
            family = f"{family}-{rng.choice(self._family[culture])}"
        elif culture == "de" and dice < 0.11:
            family = rng.choice(("von ", "von ", "von der ", "zu ", "van ", "von und zu ", "Freiherr von ", "Graf von ", "vom ")) + family
        elif culture == "nl" and dice < 0.3 and " " not in family:
            family = rng.choice(("van ", "van der ", "van den ", "de ", "van de ", "ter ", "'t ")) + family
        elif culture == "fr" and dice < 0.12:
            family = rng.choice(("de ", "de la ", "du ", "d'", "Le ")) + family
        elif culture == "it" and dice < 0.12:
            family = rng.choice(("De ", "Di ", "D'", "Della ", "Lo ")) + family
        elif culture == "ar" and dice < 0.2 and "-" not in family:
            family = rng.choice(("Al-", "El ", "Ben ", "Abu ", "al-", "El-", "Bin ")) + family
        if rng.random() < 0.06 and " " not in given:
            given = f"{given}{rng.choice(('-', ' '))}{rng.choice(self._given[culture])}"
        return given, family


def _table(path: Path) -> dict[str, set[str]]:
    table: dict[str, set[str]] = {}
    with path.open(encoding="utf-8-sig") as lines:
        for row in csv.DictReader(lines):
            table.setdefault(row["Country"], set()).add(row["Romanized Name"].strip())
            if re.fullmatch(r"[A-Za-zÀ-ɏ' -]+", local := row["Localized Name"].strip()):
                table[row["Country"]].add(local)
    return table


def _plain(names: set[str]) -> list[str]:
    """Names in Latin letters that begin as names do."""
    return sorted(name for name in names if re.fullmatch(r"(?:[a-z]{1,3} |[a-z]')?[A-ZÀ-ÞĀ-Ž][A-Za-zÀ-ɏḀ-ỿ' -]{1,24}", name))


def _berlin(path: Path) -> tuple[list[str], list[float]]:
    with path.open(encoding="utf-8") as lines:
        rows = [(row["name"], int(row["count"]) ** 0.6) for row in csv.DictReader(lines)]
    rows = [(name, weight) for name, weight in rows if name[:1].isupper() and len(name) > 1]
    return [name for name, _ in rows], [weight for _, weight in rows]
