"""What all objects of the recorded numbers' schemas are made of."""

import msgspec

Vector = list[float]
Matrix = list[Vector]


class Strict(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """An object of the schema: a key that is not listed is refused."""
