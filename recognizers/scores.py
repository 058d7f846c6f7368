"""How certain a finding is by what found it.

Scores are ordinal: they decide which kind and recognizer name a united span carries, never whether a longer span is cut
to a shorter one.
"""

from typing import Final

MODEL_SCORE: Final = 0.6  # found by a statistical model
SURE_SCORE: Final = 0.68  # found by a statistical model that is sure of it
PATTERN_SCORE: Final = 0.7  # a form that hardly means anything else
CONTEXT_SCORE: Final = 0.85  # a form together with a word beside it that says what it is
CHECKSUM_SCORE: Final = 1.0  # a form whose check digits are right
