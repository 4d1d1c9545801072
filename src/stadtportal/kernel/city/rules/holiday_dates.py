"""Public holidays (``PH``) in opening hours, written out as dates."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAY = r"(?:Mo|Tu|We|Th|Fr|Sa|Su)"
_ITEM = rf"(?:PH|SH|{_DAY}(?:\s*-\s*{_DAY})?(?:\[[^\]]*\])?)"
_DAY_LIST = re.compile(rf"(?<![A-Za-z])({_ITEM}(?:\s*,\s*{_ITEM})*)(?![A-Za-z])")
_QUOTED = re.compile(r'"[^"]*"')


def dates_for_holidays(hours: str, holidays: Sequence[date]) -> str:
    """Return the hours with every ``PH`` written as the given dates, each with its year.

    ``Mo-Fr 8:00-18:00; Su,PH off`` becomes ``Mo-Fr 8:00-18:00; Su off; 2026 Jan 01,2026 Jan 06,... off``. A rule that
    ties a holiday to something else (``PH -1 day``, ``Jun PH``, ``PH Sa``) stays as it is.
    """
    if "PH" not in _QUOTED.sub("", hours) or not holidays:
        return hours
    dates = ",".join(f"{day.year} {_MONTHS[day.month - 1]} {day.day:02}" for day in holidays)
    return "; ".join(_dated_rule(rule.strip(), dates) for rule in _split_rules(hours) if rule.strip())


def _split_rules(hours: str) -> list[str]:
    """Return the rules between semicolons; a semicolon inside quotation marks does not count."""
    return re.findall(r'(?:"[^"]*"|[^;"])+', hours)


def _dated_rule(rule: str, dates: str) -> str:
    """Return one rule with its holidays as a second rule of dates."""
    masked = _QUOTED.sub(lambda quoted: "_" * len(quoted[0]), rule)
    lists = list(_DAY_LIST.finditer(masked))
    if not any(re.search(r"\bPH\b", found[1]) for found in lists) or masked[: lists[0].start()].strip():
        return rule
    plain: list[str] = []
    dated: list[str] = []
    for index, found in enumerate(lists):
        ends = lists[index + 1].start() if index + 1 < len(lists) else len(rule)
        times = rule[found.end() : ends].strip().rstrip(",").strip()
        if not times or times.startswith(("-", "+")):
            return rule
        items = [item.strip() for item in found[1].split(",")]
        if others := [item for item in items if item != "PH"]:
            plain.append(f"{','.join(others)} {times}")
        if "PH" in items:
            dated.append(f"{dates} {times}")
    return "; ".join([*([", ".join(plain)] if plain else []), *dated])
