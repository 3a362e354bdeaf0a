"""Recognize: hear what troubles somebody, and coach them one step on."""

from journey import journeys, pending
from journey.coach import back, questioning, replying, request, say, summary
from journey.coach.grasp import reflection, settle
from journey.coach.replying import To
from journey.journeys import Stage
from journey.needs import beliefs
from journey.store.tables import Journey, Pending
from journey.turn import Move, Turn


def share(turn: Turn) -> list[Move]:
    """Hear what troubles somebody, and coach them one step on."""
    named = turn.heard.of("product", "category")
    if named and (
        turn.heard.of("money", "quantity") or not turn.heard.of("need", "cue")
    ):
        return request.INTENTS["ask_recommendation"](turn)
    if not _may_serve(turn):
        return request.ask_what(turn)
    journey = _journey(turn)
    moved = beliefs.hear(turn, journey)
    if told := _told_wish(turn, journey, moved):
        return told
    sure = _sure(turn, journey, moved)
    if len(sure) > 1 and journey.need is None:
        return _which_first(turn, journey, sure)
    if sure and journey.need not in sure:
        settle(turn, journey, sure[0])
    return [*reflection(turn, journey, moved), *questioning.go_on(turn, journey)]


def _told_wish(turn: Turn, journey: Journey, needs: list[str]) -> list[Move] | None:
    """Look at once for who asks for something and says against what it shall help."""
    language = turn.knowledge.language(turn.heard.language)
    asks = turn.heard.intent == "ask_recommendation"
    if not asks or not language.heard("against", turn.heard.text):
        return None
    told = {need: questioning.named_in(turn, need) for need in needs}
    need = max(told, key=lambda x: len(told[x]), default="")
    if not told.get(need):
        return None
    settle(turn, journey, need)
    reflected = questioning.note(turn, journey, told[need])
    return [*reflected, *request.offer(turn, journey)]


def _may_serve(turn: Turn) -> bool:
    """Tell whether the shop has anything for the needs that were heard, or any."""
    heard = {str(e.value).partition(".")[0] for e in turn.heard.of("need", "cue")}
    served = turn.knowledge.served.keys()
    return bool(heard & served if heard & turn.knowledge.needs.keys() else served)


def _journey(turn: Turn) -> Journey:
    """Return the journey that a message goes on with, or a new one."""
    found = journeys.current(turn)
    named = {entity.value for entity in turn.heard.of("need") if not entity.negated}
    other = found and found.need and named and found.need not in named
    if found is None or found.stage == Stage.REPEAT or other:
        found = _other(turn, named) or journeys.start(turn)
    elif found.stage != Stage.RECOGNIZE and named:
        journeys.enter(turn, found, Stage.RECOGNIZE)
    who = turn.knowledge.language(turn.heard.language).person(turn.heard.text)
    if who and found.who is None:
        found.who = who
    return found


def _other(turn: Turn, named: set[str]) -> Journey | None:
    """Return an open journey about one of these needs, to go on with it."""
    for journey in journeys.opened(turn):
        if journey.need in named and journey.stage == Stage.RECOGNIZE:
            return journeys.resume(turn, journey)
    return None


def _sure(turn: Turn, journey: Journey, moved: list[str]) -> list[str]:
    ranked = beliefs.ranked(beliefs.beliefs_of(turn, journey))
    return [need for need, p in ranked if p >= beliefs.SURE and need in moved]


def _which_first(turn: Turn, journey: Journey, needs: list[str]) -> list[Move]:
    """Reflect several needs and let the customer say which comes first."""
    both = needs[:3]
    texts = [turn.knowledge.needs[need].name for need in both]
    language = turn.knowledge.language(turn.heard.language)
    buttons = tuple(
        say.button(turn.knowledge.needs[n].name, "share_situation", need=n)
        for n in both
    )
    prompt = Move("utter_which_first", buttons=buttons)
    pending.expect(turn, "which_first", prompt, needs=both, journey=journey.id)
    return [Move("utter_reflect_needs", {"needs": language.join(texts)}), prompt]


def first_need(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Take the need with which to begin; the others stay open for later."""
    needs: list[str] = waiting.about["needs"]
    if replying.meaning(turn, To.OFFER) == "why":
        return [Move("utter_why_first"), *back.way_back(turn)]
    chosen = _choice(turn, needs)
    journey = turn.session.get(Journey, waiting.about["journey"])
    if chosen is None or journey is None:
        return None
    for need in needs:
        if need != chosen:
            other = journeys.start(turn, need=need)
            # It was told with the first one, and waits behind what is begun now.
            other.words, other.stage_at = journey.words, journey.stage_at
    settle(turn, journey, chosen)
    journeys.resume(turn, journey)
    name = turn.knowledge.needs[chosen].name
    return [Move("utter_start_with", {"need": name}), *questioning.go_on(turn, journey)]


def _choice(turn: Turn, needs: list[str]) -> str | None:
    """Return the need that an answer names: pressed, heard, or by its place."""
    named = [e.value for e in turn.heard.of("need", "cue") if not e.negated]
    for value in named:
        need = str(value).partition(".")[0]
        if need in needs:
            return need
    for entity in turn.heard.of("reference"):
        index = int(entity.value.get("index") or 0)
        if index and -len(needs) <= index <= len(needs):
            return needs[index - 1 if index > 0 else index]
    if turn.heard.intent == "affirm":
        return needs[0]
    return None


def situation(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Read what somebody tells when asked what they want to be different."""
    heard = turn.heard.of("need", "cue")
    if not heard and turn.heard.intent not in ("share_situation", "give_preference"):
        return None
    del waiting
    return share(turn) if heard else None


INTENTS = {"share_situation": share}
EXPECTS = {
    "answer": questioning.answer,
    "which_first": first_need,
    "permission": summary.permission,
    "situation": situation,
}
