"""Keys of cloud services by their published prefixes, signed tokens (RFC 7519), credentials in Authorization headers.

Keys from the services' documentation count like any other: nobody can tell them from a live one by looking.
"""

import re
from collections.abc import Iterator
from typing import Final

from recognizers.base import TextRecognizer
from recognizers.finding import SECRET, Finding
from recognizers.generic.reading import Marks, folded, occurrences
from recognizers.scores import CHECKSUM_SCORE, CONTEXT_SCORE

_FORMS: Final = (
    r"A(?:KIA|SIA|BIA|CCA|GPA|IDA|ROA|NPA|NVA|3T[A-Z0-9])[0-9A-Z]{16}",  # Amazon Web Services
    r"AIza[0-9A-Za-z_-]{30,40}",  # Google
    r"GOCSPX-[0-9A-Za-z_-]{20,40}",  # Google OAuth
    r"ya29\.[0-9A-Za-z_-]{20,400}",  # Google OAuth access
    r"gh[pousr]_[A-Za-z0-9_]{16,255}",  # GitHub
    r"github_pat_[A-Za-z0-9_]{20,255}",
    r"glpat-[A-Za-z0-9_-]{16,64}",  # GitLab
    r"gl(?:dt|rt|ft|soat|cbt|ptt)-[A-Za-z0-9_-]{16,64}",
    r"xox[abceoprs]-[0-9A-Za-z-]{8,250}",  # Slack
    r"xapp-[0-9A-Za-z-]{10,250}",
    # OpenAI, Anthropic and their like
    r"sk-(?:ant-|proj-|svcacct-|admin-|or-v1-|live-|test-)?(?=[a-z_-]{0,60}[0-9A-Z])[A-Za-z0-9_-]{16,250}",
    r"(?:sk|pk|rk|whsec)_(?:live|test)?_?[A-Za-z0-9]{14,250}",  # Stripe
    r"SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{16,64}",  # SendGrid
    r"(?:AC|SK)[0-9a-f]{32}",  # Twilio
    r"npm_[A-Za-z0-9]{30,64}",
    r"pypi-[A-Za-z0-9_-]{16,250}",
    r"hf_[A-Za-z0-9]{20,64}",  # Hugging Face
    r"gsk_[A-Za-z0-9]{20,80}",  # Groq
    r"xai-[A-Za-z0-9]{20,120}",
    r"r8_[A-Za-z0-9]{30,50}",  # Replicate
    r"do[opr]_v1_[a-f0-9]{32,80}",  # DigitalOcean
    r"shp(?:at|ca|pa|ss)_[A-Fa-f0-9]{28,40}",  # Shopify
    r"EAA[A-Za-z0-9]{40,250}",  # Facebook
    r"dapi[a-f0-9]{30,40}",  # Databricks
    r"hv[sb]\.[A-Za-z0-9_-]{20,250}",  # Vault
    r"AGE-SECRET-KEY-1[0-9A-Z]{40,64}",
    r"eyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{4,8000}(?:\.[A-Za-z0-9_-]{0,4000}){0,3}",  # JSON Web Token
)
# How keys begin.
_MARKS: Final = (
    "AKIA", "ASIA", "ABIA", "ACCA", "AGPA", "AIDA", "AROA", "ANPA", "ANVA", "A3T", "AIza", "GOCSPX-", "ya29.",
    "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "gldt-", "glrt-", "glft-", "glsoat-",
    "glcbt-", "glptt-", "xoxa-", "xoxb-", "xoxc-", "xoxe-", "xoxo-", "xoxp-", "xoxr-", "xoxs-", "xapp-", "sk-",
    "sk_", "pk_", "rk_", "whsec_", "SG.", "npm_", "pypi-", "hf_", "gsk_", "xai-", "r8_", "doo_v1_", "dop_v1_",
    "dor_v1_", "shpat_", "shpca_", "shppa_", "shpss_", "EAA", "dapi", "hvs.", "hvb.", "AGE-SECRET-KEY-1", "eyJ",
)
_KEY = re.compile("|".join(_FORMS))
_TWILIO = re.compile(r"(?:AC|SK)[0-9a-f]{32}")
_HEADER = re.compile(
    r"(?:[Bb]earer|BEARER|[Bb]asic|BASIC)[ \t]{1,3}([A-Za-z0-9._~+/-]{12,4000}={0,2})"
    r"|[Aa]uthorization[\"']?[ \t]{0,2}[:=][ \t]{0,2}[\"']?"
    r"(?:[Tt]oken|[Aa]pi[Kk]ey|[Dd]igest|[Kk]ey)[ \t]{1,2}([^\s\"',]{8,400})"
)
_SAS = re.compile(r"(?:AccountKey|SharedAccessKey|sig)=([A-Za-z0-9+/%]{30,120}={0,2}(?:%3[Dd]){0,2})")
_HEADERS: Final = ("bearer", "basic", "authorization")
_SIGNATURES: Final = ("accountkey=", "accesskey=", "sig=")
_SIDS: Final = tuple(f"{prefix}{digit}" for prefix in ("AC", "SK") for digit in "0123456789abcdef")
_GLUED = re.compile(r"[A-Za-z0-9_-]")
_SUPPOSED = re.compile(r"[0-9].*[A-Za-z]|[A-Za-z].*[0-9]|[a-z][A-Z]|=$", re.DOTALL)


class ApiKeyRecognizer(TextRecognizer):
    """Finds cloud keys, tokens, and the credential of an Authorization header."""

    kinds = (SECRET,)
    needs = Marks(*_MARKS, *_SIDS, *_HEADERS, *_SIGNATURES)

    def find(self, text: str) -> Iterator[Finding]:
        """Yield every key of ``text``, without the scheme or name before it."""
        starts = [start for start, _ in occurrences(text, _MARKS)]
        starts += [sid.start() for sid in _TWILIO.finditer(text)]
        done = 0
        for start in sorted(starts):
            key = _KEY.match(text, start) if start >= done else None
            if key and not _GLUED.match(text[start - 1 : start]):
                done = key.end()
                yield Finding(start, done, SECRET, CHECKSUM_SCORE, self.name)
        lower = folded(text)
        if any(word in lower for word in _HEADERS):
            for header in _HEADER.finditer(text):
                span = header.span(header.lastindex or 0)
                if _SUPPOSED.search(text, *span):
                    yield Finding(*span, SECRET, CONTEXT_SCORE, self.name)
        if any(word in lower for word in _SIGNATURES):
            for signature in _SAS.finditer(text):
                yield Finding(*signature.span(1), SECRET, CONTEXT_SCORE, self.name)

