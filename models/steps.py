"""A value that changes at certain moments, as SQL: which week something fell into, or until when it was due.

Written as a tree of comparisons with bound values, so that no row is converted into anybody's zone, and every database does the same.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, literal


def step(column: Any, begins: Sequence[datetime], values: Sequence[Any], type_: Any = None) -> ColumnElement[Any]:
    """The value of the stretch that a moment falls into. `values[n]` counts from `begins[n]` on; the first before that, too."""
    if len(values) == 1:
        return literal(values[0], type_)
    half = len(values) // 2
    earlier = step(column, begins[:half], values[:half], type_)
    return case((column < begins[half], earlier), else_=step(column, begins[half:], values[half:], type_))
