"""German number plates (FZV): the district's letters, one or two letters, up to four digits.

Without a word for it, only the form with a hyphen and a known district counts; codes of products look alike.
"""

import re
from collections.abc import Iterator
from typing import Final

from recognizers.base import CONTEXT_SCORE, PATTERN_SCORE, TextRecognizer
from recognizers.finding import PLATE, Finding
from recognizers.generic.context import label, labelled, words
from recognizers.generic.reading import DIGIT, at_numbers

DISTRICTS: Final = frozenset(
    words(
        """
        A AA AB ABG ABI AC AE AH AIB AIC AK ALF ALZ AM AN ANA ANG ANK AÖ AP APD AR ARN ART AS ASL ASZ AT AU AUR AW
        AZ AZE B BA BAD BAR BB BBG BC BCH BD BE BED BER BF BGD BGL BH BI BID BIN BIR BIT BIW BK BKS BL BLB BLK BM BN
        BNA BO BÖ BOG BOH BOR BOT BR BRA BRB BRG BRI BRK BRL BRV BS BSB BSK BT BTF BÜD BUL BÜR BÜS BÜZ BW BWL BYL BZ
        BZA C CA CAS CB CE CHA CLP CLZ CO COC COE CR CUX CW D DA DAH DAN DAU DB DBR DD DE DEG DEL DGF DH DI DIL DIN
        DIZ DKB DL DLG DM DN DO DON DU DÜW DW DZ E EA EB EBE EBN EBS ECK ED EE EF EG EH EI EIC EIL EIN EIS EL EM EMD
        EMS EN ER ERB ERH ERK ERZ ES ESB ESW EU EUT EW F FB FD FDB FDS FEU FF FFB FG FH FI FKB FL FLÖ FN FO FOR FR
        FRG FRI FRW FS FT FTL FÜ FÜS FW FZ G GA GAN GAP GC GD GDB GE GEL GEM GEO GER GF GG GHA GHC GI GK GL GLA GM
        GMN GN GNT GÖ GOA GOH GP GR GRA GRH GRI GRM GRZ GS GT GTH GÜ GUB GUN GVM GW GZ H HA HAB HAL HAM HAS HB HBN
        HBS HC HCH HD HDH HDL HE HEB HEF HEI HEL HER HET HF HG HGN HGW HH HHM HI HIG HIP HK HL HM HMÜ HN HO HOG HOH
        HOL HOM HOR HÖS HOT HP HR HRO HS HSK HST HU HUN HUS HV HVL HWI HX HY HZ IGB IK IL ILL IN IS IZ J JB JE JL
        JÜL K KA KAR KB KC KE KEH KEL KEM KF KG KH KI KIB KK KL KLE KLZ KM KN KO KÖN KÖT KÖZ KR KRU KS KT KU KÜN KUS
        KW KY KYF L LA LAN LAU LB LBS LBZ LC LD LDK LDS LEO LER LEV LF LG LH LI LIB LIF LIP LL LM LN LÖ LÖB LOS LP
        LR LRO LSA LSN LSZ LU LÜN LUP LWL M MA MAB MAI MAK MAL MB MC MD ME MED MEG MEI MEK MEL MER MET MG MGH MGN MH
        MHL MI MIL MK MKK ML MM MN MO MOD MOL MON MOS MQ MR MS MSE MSH MSP MST MTK MTL MÜ MÜB MÜL MÜN MÜR MVL MW MY
        MYK MZ MZG N NAB NAI NAU NB ND NDH NE NEA NEB NEC NEN NES NEW NF NH NI NK NL NM NMB NMS NÖ NOH NOL NOM NOR
        NP NR NRÜ NRW NT NU NVP NW NWM NY NZ OA OAL OB OBB OBG OC OCH OD OE OF OG OH OHA ÖHR OHV OHZ OK OL OP OPR OR
        OS OSL OTW OVI OVL OVP OZ P PA PAF PAN PAR PB PCH PE PEG PER PF PI PIR PK PL PLÖ PM PN PR PRÜ PS PW PZ QFT
        QLB R RA RC RD RDG RE REG REH REI RG RH RI RID RIE RL RM RN RO ROD ROF ROH ROK ROL ROS ROT ROW RP RPL RS RSL
        RT RU RÜD RÜG RV RW RWL RY RZ S SAB SAD SAL SAN SAW SB SBG SBK SC SCZ SDH SDL SDT SE SEB SEE SEF SEL SFB SFT
        SG SGH SH SHA SHG SHK SHL SI SIG SIM SK SL SLE SLF SLK SLN SLS SLÜ SLZ SM SN SNH SO SOB SOG SOK SÖM SON SP
        SPB SPN SR SRB SRO ST STA STB STD STE STL STO SU SUL SÜW SW SWA SY SZ SZB TBB TDO TE TET TF TG THL THW TIR
        TO TÖL TP TR TS TT TÜ TUT UE UEM UFF UH UL UM UN USI V VAI VB VEC VER VG VIB VIE VIT VK VOH VR VS W WA WAF
        WAK WAN WAR WAT WB WBS WDA WE WEL WEN WER WES WF WG WHV WI WIL WIS WIT WIZ WK WL WLG WM WMS WN WND WO WOB
        WOH WOL WOR WOS WR WRN WS WSF WST WSW WT WTL WTM WÜ WUG WÜM WUN WUR WW WZ WZL X Y Z ZE ZEL ZI ZIG ZP ZR ZW
        ZZ
        """
    )
)
_PLATE = re.compile(r"[1-9][0-9]{0,3}[EH]?(?![0-9A-Za-z]|[.,:/-][0-9])")
_LETTERS = re.compile(r"(?<![\w.-])([A-ZÄÖÜ]{1,3})(-|[ ]|[ ]?[·•][ ]?|:)([A-Z]{1,2})([- ]?)\Z")
_LOWER = re.compile(r"(?<![\w.-])([a-zäöüA-ZÄÖÜ]{1,3})(?:[- ]?|[ ]-[ ])([a-zA-Z]{1,2})[- ]?\Z")
_LABEL = label(
    r"(?:(?:kfz-?|auto|amtliches?[ ]|polizeiliches?[ ])?kennz(?:\.|eichen)?(?:[ ]\w{2,14})?|nummernschild|"
    r"autonummer|plate)"
)
_VEHICLE = label(r"(?:wagen|pkw|auto|fahrzeug|kfz|mit dem)")
_SHORTEST: Final = 5  # characters, blanks included, of a plate in lower case: `de 9` may be anything
_NO_PLATE: Final = frozenset({("DIN", "EN"), ("NEN", "EN"), ("NF", "EN"), ("E", "U"), ("A", "Z")})


class GermanPlateRecognizer(TextRecognizer):
    """Finds number plates such as `B-MW 1234`, and others after a word such as `Kennzeichen`."""

    kinds = (PLATE,)
    needs = DIGIT

    def find(self, text: str) -> Iterator[Finding]:
        """Yield every plate of ``text``."""
        for digits in at_numbers(text, _PLATE):
            window = text[max(0, digits.start() - 9) : digits.start()]
            if not window[-1:].isalpha() and window[-1:] not in {" ", "-"}:
                continue
            letters = _LETTERS.search(window)
            if letters and _is_plate(letters, digits.group()):
                yield Finding(digits.start() - len(letters.group()), digits.end(), PLATE, PATTERN_SCORE, self.name)
                continue
            letters = _LOWER.search(window)
            start = digits.start() - len(letters.group()) if letters else 0
            if letters and _is_told(text, start, digits.end(), letters):
                yield Finding(start, digits.end(), PLATE, CONTEXT_SCORE, self.name)


def _is_plate(letters: re.Match[str], digits: str) -> bool:
    district, gap, series, _ = letters.groups()
    if len(district) + len(series) + len(digits) < 5:
        return False  # `A-B 12` may be anything
    return district in DISTRICTS and gap != " " and (district, series) not in _NO_PLATE


def _is_told(text: str, start: int, end: int, letters: re.Match[str]) -> bool:
    """Tell whether a word says so; behind a word for a plate capitals need no known district (the army, mistyped)."""
    known = letters[1].upper() in DISTRICTS
    if not letters.group().isupper() and end - start < _SHORTEST:
        return False
    if (known or letters.group().isupper()) and labelled(text, start, _LABEL):
        return True
    return known and letters.group().isupper() and labelled(text, start, _VEHICLE)
