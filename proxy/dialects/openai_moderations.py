"""POST /v1/moderations: texts in, categories and scores out."""

from proxy.dialects import Dialect
from proxy.table import Table

REQUEST = Table(
    """
    model                                        structure
    input                                        text
    input[].type                                 structure
    input[].text                                 text
    input[].image_url.**                         attachment
    """
)

REPLY = Table(
    """
    id                                           structure
    model                                        structure
    results[].flagged                            structure
    results[].categories.**                      structure
    results[].category_scores.**                 structure
    results[].category_applied_input_types.**    structure
    """
)

MODERATIONS = Dialect(REQUEST, REPLY)
