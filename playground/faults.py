"""Faults on demand: what goes wrong with the next calls of a method, or with the next deliveries to the app."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass
class Fault:
    """`target` is a Web API method, `*` for all of them, or `delivery`, `delivery:slash_commands` and the like."""

    target: str
    times: float = 1
    status: int = 0
    retry_after: int = 0
    reset: str = ""  # "before" the effect, or "after" it: the effect happened, the reply is lost
    delay: float = 0.0
    duplicate: bool = False
    error: str = ""
    when: Callable[[dict[str, Any]], bool] = lambda args: True

    def hits(self, target: str) -> bool:
        if self.target == target or target.startswith(self.target + ":"):
            return True
        return self.target == "*" and not target.startswith("delivery")


class Faults:
    def __init__(self) -> None:
        self.waiting: list[Fault] = []

    def add(self, target: str, times: int | None = 1, **how: Any) -> Fault:
        """Arms a fault for the next `times` matching calls (`None`: until cleared)."""
        if how.get("reset", "") not in ("", "before", "after"):
            raise ValueError('A reset happens "before" or "after" the effect.')
        fault = Fault(target, times=math.inf if times is None else times, **how)
        self.waiting.append(fault)
        return fault

    def clear(self) -> None:
        self.waiting.clear()

    def take(self, target: str, args: dict[str, Any]) -> Fault | None:
        for fault in self.waiting:
            if fault.hits(target) and fault.when(args):
                fault.times -= 1
                if fault.times <= 0:
                    self.waiting.remove(fault)
                return fault
        return None
