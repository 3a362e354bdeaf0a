from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.desk import presence
from journey.messages.conversations import (
    Pulse,
    after,
    before,
    disclose,
    latest,
    opened,
    pulses,
)
from journey.store.tables import Event, Identity
from tests.factories import make_agent
from tests.journey.talk import NOW, accept, at, talk


def test_opened_makes_customer_once(session: Session) -> None:
    assert talk(session) is talk(session)
    identity = session.scalars(select(Identity)).one()
    assert (identity.channel, identity.verified) == ("web", False)


def test_latest_is_the_one_talked_in_last(session: Session) -> None:
    for name, seconds in (("c1", 5), ("c2", 1)):
        opened(session, name, customer_id="u", channel="web", now=at(seconds))
    found = latest(session, "u", "web")
    assert found
    assert found.id == "c1"


def test_disclose_once_with_exact_words(session: Session) -> None:
    conversation = talk(session)
    for _ in range(2):
        disclose(session, conversation, "I am an AI.", now=NOW)
    assert [message.text for message in after(session, "c1", 0)] == ["I am an AI."]
    event = session.scalars(select(Event)).one()
    assert (event.kind, event.payload) == ("disclosed", {"text": "I am an AI."})
    assert conversation.disclosed_at == NOW


def test_before_and_after_meet(session: Session) -> None:
    for number in range(5):
        accept(session, str(number))
    assert [m.position for m in before(session, "c1", None, limit=2)] == [4, 5]
    assert [m.position for m in before(session, "c1", 4)] == [1, 2, 3]
    assert [m.position for m in after(session, "c1", 3)] == [4, 5]


def test_pulse_shows_work_of_bot_only(session: Session) -> None:
    accept(session)
    conversation = talk(session)
    assert pulses(session, ["c1", "c9"], NOW) == {"c1": Pulse(1, True)}
    conversation.owner = "human"
    session.flush()
    assert pulses(session, ["c1"], NOW) == {"c1": Pulse(1, False, person=True)}


def test_pulse_names_the_agent_who_types(session: Session) -> None:
    talk(session)
    make_agent(session, name="ana", shown_as="Ana Ruiz")
    presence.types(session, "c1", "ana", NOW)
    presence.types(session, "c1", presence.CUSTOMER, NOW)
    assert pulses(session, ["c1"], NOW)["c1"].typist == "Ana Ruiz"
    assert pulses(session, ["c1"], NOW + presence.TYPES_FOR)["c1"].typist is None
