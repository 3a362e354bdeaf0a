"""What was learned about a customer, told and forgotten line by line."""

from journey import log
from journey.coach import back, say
from journey.learning.explain import Line, delete_line, lines
from journey.people.consent import Purpose, record_consent
from journey.turn import Move, Turn

SURE = 0.5
"""The share of a message that "stop learning" must make up to be one."""
MARK = "learned:"
"""How the button of a line is told from that of a fact."""
MOST = 6


def in_words(turn: Turn) -> list[str]:
    """Return what was learned, as it is said."""
    language = turn.knowledge.language(turn.heard.language)
    return [line.words(language) for line in _lines(turn)]


def buttons(turn: Turn) -> list[say.Button]:
    """Return a button for each line that forgets it."""
    language = turn.knowledge.language(turn.heard.language)
    label = language.says["button_forget"]
    return [
        say.button(
            label.format(fact=line.words(language)), "forget_me", fact=_name(line)
        )
        for line in _lines(turn)
    ]


def forget(turn: Turn) -> list[Move] | None:
    """Forget the line whose button was pressed; None when none was."""
    pressed = {str(entity.value) for entity in turn.heard.of("fact")}
    for line in _lines(turn):
        if _name(line) in pressed:
            delete_line(turn.session, turn.heard, line)
            language = turn.knowledge.language(turn.heard.language)
            said = {"fact": line.words(language)}
            return [Move("utter_fact_forgotten", said), *back.way_back(turn)]
    return None


def switch(turn: Turn) -> list[Move] | None:
    """Stop or start learning when the customer says so; None when they do not."""
    language, text = turn.knowledge.language(turn.heard.language), turn.heard.text
    on, off = (language.heard(f"learn_{x}", text) for x in ("on", "off"))
    if max(on, off) < SURE:
        return None
    granted = on > off
    record_consent(
        turn.session,
        turn.heard.customer_id,
        Purpose.LEARNING,
        granted,
        text=text,
        source=turn.heard.message_id,
        now=turn.now,
    )
    kind = "consent_given" if granted else "consent_withdrawn"
    log.write(turn.session, turn.heard, kind, purpose=Purpose.LEARNING)
    said = "utter_learning_on" if granted else "utter_learning_off"
    return [Move(said), *back.way_back(turn)]


def _lines(turn: Turn) -> list[Line]:
    found = lines(
        turn.session, turn.heard.customer_id, turn.knowledge.catalogue, turn.now
    )
    return found[:MOST]


def _name(line: Line) -> str:
    (value,) = line.about.values()
    return MARK + value
