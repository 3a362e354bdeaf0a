"""When something is due again, and being asked to write in time."""

from journey import pending
from journey.coach import asking, back, hinting, replying, say
from journey.coach.mandates import renewing
from journey.coach.replying import To
from journey.foresight.foresight import Due, foresee
from journey.people.consent import Purpose, has_consent
from journey.turn import Move, Turn

LEAST = 0.15
ASKED = frozenset({renewing.KIND, hinting.EXPECTED, "wanted", "feedback"})


def answer(turn: Turn) -> list[Move] | None:
    """Say when it is, and ask whether we may write; None when nobody asks."""
    if _puts_off(turn):
        return None
    language = turn.knowledge.language(turn.heard.language)
    wanted = language.heard("remind_me", turn.heard.text) >= LEAST
    if language.heard("not_remind", turn.heard.text) >= LEAST:
        return None
    if not wanted and language.heard("when_due", turn.heard.text) < LEAST:
        return None
    due = _meant(turn)
    if due is None:
        return [Move("utter_remind_nothing"), *back.way_back(turn)] if wanted else None
    if not wanted and due.is_due(turn.now, renewing.SOON):
        return [renewing.ask(turn, due)]
    agreed = has_consent(
        turn.session, turn.heard.customer_id, Purpose.DUE_AGAIN, turn.now
    )
    if not wanted or agreed:
        name = "utter_remind_agreed" if wanted else "utter_when_due"
        return [Move(name, _values(turn, due)), *back.way_back(turn)]
    told = Move("utter_when_due", _values(turn, due))
    return [told, *asking.ask(turn, Purpose.DUE_AGAIN, interrupts=True)]


def _puts_off(turn: Turn) -> bool:
    """Tell whether "remind me in two weeks" answers the question that waits."""
    asked = pending.row(turn).expects in ASKED
    return asked and replying.meaning(turn, To.OFFER) == "later"


def _meant(turn: Turn) -> Due | None:
    """Return what is needed first of what is named; of all when nothing is."""
    dues = foresee(turn.session, turn.heard.customer_id, turn.knowledge, turn.now)
    named = {str(e.value) for e in turn.heard.of("product", "category")}
    meant = [x for x in dues if {x.product.id, x.product.category} & named]
    found = meant if named else dues
    return min(found, key=lambda x: x.day(turn.now), default=None)


def _values(turn: Turn, due: Due) -> dict[str, str]:
    language, zone = turn.knowledge.language(turn.heard.language), say.zone(turn)
    return {
        "name": due.product.name,
        "day": language.day(due.day(turn.now).astimezone(zone)),
        "reason": due.reason(language, zone),
    }
