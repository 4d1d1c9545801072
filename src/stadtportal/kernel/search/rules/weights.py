"""The weights of the ranking, and what they were chosen by.

Chosen on 25 November 2026 by changing one weight at a time and keeping what raised nDCG@10 plus half of recall@10 on
the 160 queries for tuning of ``bench/search_quality.py``: 0.806 and 0.806 there, 0.724 and 0.686 on the 140 held out.

A score is a sum: how well the words match (0 to 1), how near the meaning is, and small extras. The page
``/ranking/`` says the same in German: change both together.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each part of a score counts.

    The first block says how well one word of the question is met, from 0 to 1, by where an entry has it: as it was
    written in the title, by another name there, among its own words, in its short or its long text. ``loose`` is what
    counts when only a part of a compound or of an expression is there. The second block weighs the parts of the sum.
    """

    title: float = 1.0
    title_otherwise: float = 0.92
    title_part: float = 0.75
    own_words: float = 0.7
    short_text: float = 0.4
    long_text: float = 0.25
    loose_title: float = 0.27
    loose: float = 0.15
    included: float = 0.5
    thing: float = 0.6

    as_words: float = 0.77
    as_foreign_words: float = 0.6
    step: float = 0.06
    neighbour: float = 0.35
    lost_word: float = 0.2
    weak_word: float = 0.3
    rarity: float = 0.4
    meaning: float = 0.7
    meaning_of_others: float = 0.05
    meaning_from: float = 0.25
    concept: float = 0.42
    inner: float = 0.05
    deed: float = 0.2
    deedless: float = 0.5
    same_title: float = 0.5
    begins: float = 0.06
    tight: float = 0.35
    fixed: float = 0.15
    use: float = 0.02
    near: float = 0.6
    soon: float = 0.05

    #: An entry found by meaning alone has to be at least so near.
    meaning_floor: float = 0.42
    #: An expression of the glossary that is so near to the question stands for it, too.
    concept_floor: float = 0.7
    #: Expressions so much less near than the nearest say nothing more.
    concept_slack: float = 0.12
    #: How much it adds to the nearness of a concept that it is likely.
    likely: float = 0.3


WEIGHTS = Weights()
