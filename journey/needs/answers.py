"""Reading an answer: by its button, or by words that nobody typed twice alike."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from journey.knowledge import Knowledge
from journey.language.words import Language, coverage, place, split
from journey.needs.schema import Answer, Need, Question
from journey.people import facts
from journey.store.tables import Constraint, Journey, Preference
from journey.turn import Heard, Turn

LEAST = 0.08
"""The least share of an answer's words that a phrase must account for."""


def read(question: Question, heard: Heard, language: Language) -> Answer | None:
    """Return the answer that a message gives to a question, None when none fits.

    A button says it exactly; words are compared with each answer's phrases, and
    the phrase that accounts for most of them counts.
    """
    for entity in heard.of("answer"):
        asked, _, name = str(entity.value).partition(".")
        if asked == question.question:
            return question.answer(name)
    scored = [(fit(answer, heard.text), answer) for answer in question.answers]
    score, answer = max(scored, key=lambda pair: pair[0])
    if score >= LEAST:
        return answer
    return _by_act(question, heard, language)


def told(questions: Iterable[Question], text: str) -> dict[str, Answer]:
    """Return the answers that are told in passing, by question.

    A single word is no telling: "light" is in many a sentence that is about no lamp.
    Of phrases that share words the longest counts: "on my back" is not "my back".
    """
    said, taken = split(text), set[int]()
    found: dict[str, list[Answer]] = {}
    for start, length, question, answer in sorted(
        _passages(questions, said), key=lambda passage: -passage[1]
    ):
        words = set(range(start, start + length))
        if not words & taken:
            found.setdefault(question, []).append(answer)
            taken |= words
    return {name: given[0] for name, given in found.items() if len(given) == 1}


def _passages(
    questions: Iterable[Question], said: Sequence[str]
) -> Iterator[tuple[int, int, str, Answer]]:
    """Yield where the phrases of answers stand: first word, how many, whose."""
    for question in questions:
        for answer in question.answers:
            for wanted in map(split, (answer.title, *answer.phrases)):
                start = place(wanted, said) if len(wanted) > 1 else None
                if start is not None:
                    yield start, len(wanted), question.question, answer


def fit(answer: Answer, text: str) -> float:
    """Return how much of a text (0 to 1) an answer's phrases account for."""
    phrases = (answer.title, *answer.phrases)
    return max(coverage(phrase, text) for phrase in phrases)


def _by_act(question: Question, heard: Heard, language: Language) -> Answer | None:
    """Read a bare yes or no: the answer that can be given so."""
    kind = {"affirm": "agree", "deny": "refuse"}.get(heard.intent)
    if kind is None:
        return None
    words = set(language.hears[kind])
    fitting = [a for a in question.answers if words & set(a.phrases)]
    return fitting[0] if len(fitting) == 1 else None


def take(turn: Turn, journey: Journey, answer: Answer) -> None:
    """Keep what an answer says: facts, soft wishes and hard ones."""
    for about, value in answer.fact.items():
        facts.learn(turn, about, value, journey=journey, said=turn.heard.text)
    wish(turn, journey, answer, said=turn.heard.text)


def wish(turn: Turn, journey: Journey, answer: Answer, *, said: str) -> None:
    """Keep the wishes that follow from an answer.

    A soft one names a category or an attribute as such: a yes, or the end of a
    number that is better.
    """
    for name, weight in answer.prefers.items():
        row = Preference(
            journey_id=journey.id,
            attribute=name,
            value={},
            weight=weight,
            said=said,
            at=turn.now,
        )
        turn.session.add(row)
    for limit in answer.constrains:
        bound = Constraint(
            journey_id=journey.id,
            attribute=limit.attribute,
            op=limit.op,
            value={"value": limit.value},
            said=said,
            at=turn.now,
        )
        turn.session.add(bound)
    turn.session.flush()


def recall(turn: Turn, journey: Journey, need: Need) -> list[Answer]:
    """Use what is known: the wishes of answers that were given in earlier journeys."""
    known = facts.known(turn, journey.who)
    recalled = list(known_answers(turn.knowledge, need, known))
    for answer in recalled:
        wish(turn, journey, answer, said=turn.knowledge.languages["en"].says["known"])
    return recalled


def known_answers(
    knowledge: Knowledge, need: Need, known: Mapping[str, str]
) -> list[Answer]:
    """Return the answers of a need's questions that the facts already give."""
    found = []
    for question in (*need.questions, *knowledge.questions):
        value = known.get(question.about)
        answers = [a for a in question.answers if a.fact.get(question.about) == value]
        found += answers[:1] if value is not None else []
    return found
