"""What was learned, put right in the customer's own words after it was told."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from sqlalchemy import select

from journey.coach import back
from journey.curate.fit import BRAND, CATEGORY, as_list
from journey.curate.wishes import Draft, read_wishes
from journey.learning.explain import Line, correct_line, lines
from journey.store.tables import Event
from journey.turn import Move, Turn

FRESH = timedelta(minutes=15)
"""For so long after it was told, what contradicts it is heard as a correction."""
Says = Mapping[str, bool]
"""By trait or product whether the customer likes it."""


def correct(turn: Turn) -> list[Move] | None:
    """Take what a customer says against a line that they were just told; None if none.

    "I drink tea, not coffee" contradicts a line about coffee, and tells of tea besides.
    """
    if not _just_told(turn):
        return None
    known = _lines(turn)
    products, traits = _products(turn), dict(_traits(turn))
    wrong = [line for line in known if _against(line, {**products, **traits})]
    if not wrong:
        return None
    for about, said in (("product", products), ("trait", traits)):
        for name, likes in said.items():
            correct_line(turn.session, turn.heard, {about: name}, likes)
    language = turn.knowledge.language(turn.heard.language)
    named = {*products, *traits}
    now = [x.words(language) for x in _lines(turn) if set(x.about.values()) & named]
    facts = {"facts": language.join(now)}
    return [Move("utter_lesson_corrected", facts), *back.way_back(turn)]


def _just_told(turn: Turn) -> bool:
    told = select(Event.conversation_id, Event.at).where(
        Event.customer_id == turn.heard.customer_id, Event.kind == "lessons_told"
    )
    last = turn.session.execute(told.order_by(Event.number.desc()).limit(1)).first()
    if last is None or last.conversation_id != turn.heard.conversation_id:
        return False
    return bool(last.at > turn.now - FRESH)


def _lines(turn: Turn) -> Sequence[Line]:
    catalogue = turn.knowledge.catalogue
    return lines(turn.session, turn.heard.customer_id, catalogue, turn.now)


def _against(line: Line, said: Says) -> bool:
    """Tell whether what is said contradicts a line."""
    (about,) = line.about.values()
    # Of what a product has not, it is told whether the customer likes what has it.
    name = about.replace(f"={False}", f"={True}")
    return name in said and said[name] != line.likes


def _products(turn: Turn) -> Says:
    named = turn.heard.of("product")
    return {str(entity.value): not entity.negated for entity in named}


def _traits(turn: Turn) -> Iterator[tuple[str, bool]]:
    """Yield what is said for or against traits of products."""
    catalogue = turn.knowledge.catalogue
    for draft in read_wishes(turn.heard, catalogue):
        attribute = catalogue.attributes.get(draft.attribute)
        if attribute is not None and attribute.type == "boolean":
            wanted = draft.value.get("value", draft.weight > 0)
            yield f"{draft.attribute}={True}", wanted
            yield f"{draft.attribute}={False}", not wanted
        elif draft.attribute in (BRAND, CATEGORY) or (attribute and attribute.chosen):
            for value in as_list(draft.value.get("value")):
                yield f"{draft.attribute}={value}", _likes(draft)


def _likes(draft: Draft) -> bool:
    return draft.op == "==" and draft.weight > 0
