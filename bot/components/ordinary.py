"""A word that the catalogue also uses, said in ordinary talk: "I work in the dark".

A lone word for a trait (dark, light, hard, hands) is a wish where something is looked
for or chosen; in a story it is one only beside a product or a word of wishing. An
idiom ("double check", "single mum") never is.
"""

import re
from collections.abc import Sequence

from bot.components.term_index import Match, Word

TRAITS = frozenset({"attribute", "colour", "size", "material"})
SEARCHING = (
    "ask_recommendation",
    "give_preference",
    "ask_about_option",
    "compare_options",
    "choose_option",
    "refuse_option",
    "order_product",
    "reorder",
    "change_order",
    "return_order",
)
HEADS = frozenset(
    "one ones thing things version model kind type sort stuff please pls only".split()
)
WISHING = frozenset(
    "something anything nothing prefer prefers preferably ideally rather want wants"
    " need needs must should love loves like likes hate hates avoid without allergic"
    " no not favourite favorite made".split()
)
# How far a wish reaches ("allergic to feathers and wool").
REACH = 4
BESIDE = 3
IDIOMS = re.compile(
    r"\b(?:light (?:sleepers?|hearted|years?|of (?:my|day)|snack|meal|reading|bulbs?)"
    r"|traffic light|hard (?:to|times?|work|worker|of hearing|on|for (?:me|us|him|her)"
    r"|days?|drive)|(?:work|works|working|worked|try|trying|tried|fell) hard"
    r"|quick (?:question|one for you|note|chat|look)|fast (?:asleep|food)"
    r"|double (?:check\w*|charged?|booked|shift)|single (?:mums?|moms?|dads?|parents?"
    r"|mothers?|fathers?|day|night|time|thing|person|word)|dry (?:january|run|cleaning)"
    r"|green (?:light|thumb|fingers?)|cool (?:thanks|thank|idea|off|down|with)"
    r"|heavy (?:traffic|rain|heart|heavy|period)|warm (?:up|welcome|hearted|regards)"
    r"|soft (?:drinks?|spot)|big (?:deal|day|thanks|fan|difference|problem)"
    r"|(?:other|second|first|old|in|at) hand|hands? (?:on|in|out|over|down|full)"
    r"|on foot|foot the bill|face (?:it|to face|the)|clear (?:that|it up|up|to me)"
    r"|(?:make|makes|made|crystal|loud and) clear|drop (?:it|off|by|in|out|me)"
    r"|iron deficiency|lead (?:to|time|the)|down (?:to|by|the|for|here|there|lately)"
    r"|(?:feel|feeling|felt|calm|broke|break|lie|cut|slow|let|up and|sit|write) down"
    r"|sensitive (?:topic|issue|about)|medium term|round (?:the|trip|here)"
    r"|strong feelings?|natural(?:ly)? (?:born|for)|white lie"
    r"|body clock|(?:some|any|no)body|taste (?:in|of)|sun(?:day| rise)|paper ?work"
    r"|glass of|cups? of|pocket money|in the (?:dark|light|mud))\b"
)


def is_ordinary(
    match: Match, found: Sequence[Match], said: Sequence[Word], intent: str | None
) -> bool:
    """Tell whether a match is a word of ordinary talk and no wish.

    Args:
        match: a term found in the message.
        found: every term found in it.
        said: the message's words.
        intent: the message's intent; none where no head stands before.
    """
    lone = match.end == match.start + 1 and match.term.entity in TRAITS
    if not lone:
        return False
    if _in_idiom(match.start, said):
        return True
    if intent is None or intent in SEARCHING:
        return False
    return not (_beside_a_thing(match, found, said) or _wished(match.start, said))


def _in_idiom(at: int, said: Sequence[Word]) -> bool:
    first, last = max(0, at - BESIDE), min(len(said), at + BESIDE + 1)
    text = " ".join(word.text for word in said[first:last])
    start = sum(len(word.text) + 1 for word in said[first:at])
    return any(m.start() <= start < m.end() for m in IDIOMS.finditer(text))


def _beside_a_thing(match: Match, found: Sequence[Match], said: Sequence[Word]) -> bool:
    after = [word.text for word in said[match.end : match.end + 1]]
    things = [m for m in found if m.term.entity not in TRAITS]
    near = any(match.end <= thing.start < match.end + BESIDE for thing in things)
    return near or bool(HEADS.intersection(after)) or len(said) <= 2


def _wished(at: int, said: Sequence[Word]) -> bool:
    before = {word.text for word in said[max(0, at - REACH) : at]}
    return bool(WISHING & before)
