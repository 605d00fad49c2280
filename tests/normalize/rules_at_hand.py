"""The shipped rules of values and facts."""

from __future__ import annotations

from pathlib import Path

from pipeline.normalize.date_rules import load_date_rules
from pipeline.normalize.dates import DateReader
from pipeline.normalize.fact_cues import load_cues
from pipeline.normalize.money import load_money_rules

RULES = Path(__file__).resolve().parents[2] / "configs" / "rules"
MONEY = load_money_rules(RULES / "normalize" / "money.toml")
DATES = DateReader(load_date_rules(RULES / "normalize" / "dates.toml"))
CUES = load_cues(RULES / "facts")
