"""Personal data that a model wrote by itself, remembered or invented, rather than from a token: left, told or masked.

``units`` cut a text, ``known`` is what the caller may read anyway, ``masking`` rewrites a reply with what was found,
and ``replies`` has it found and applies a tenant's policy.
"""
