from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from journey import log
from journey.people import merging, privacy
from journey.people.consent import Purpose, has_consent, record_consent
from journey.people.customers import add_identity, is_verified
from journey.store.tables import (
    Conversation,
    Customer,
    Fact,
    LearnedTaste,
    Merge,
    Pending,
)
from tests.factories import (
    NOW,
    make_conversation,
    make_customer,
    make_heard,
    make_journey,
)


def make_person(session: Session, channel: str, verified: bool) -> Conversation:
    """A customer who talked on one channel, with a bit of everything."""
    customer = make_customer(session)
    add_identity(session, customer, channel, channel, verified, NOW)
    conversation = make_conversation(session, customer, channel=channel)
    journey = make_journey(session, conversation)
    log.write(session, make_heard(conversation), "message_heard", journey=journey)
    for about in ("height", channel):
        session.add(
            Fact(customer_id=customer.id, about=about, value="1", said="x", at=NOW)
        )
    session.add(
        LearnedTaste(customer_id=customer.id, product_id="lamp", shown=2, chosen=1)
    )
    session.add(
        LearnedTaste(customer_id=customer.id, product_id=channel, shown=1, chosen=0)
    )
    session.flush()
    return conversation


@pytest.fixture
def web(session: Session) -> Conversation:
    return make_person(session, "web", verified=True)


@pytest.fixture
def phone(session: Session) -> Conversation:
    return make_person(session, "telegram", verified=False)


def holdings(session: Session, customer_id: str) -> Mapping[str, Any]:
    """All that is held about a customer, without what says how they were joined."""
    rows = privacy.export_customer(session, customer_id)
    left_out = {"events", "merges", "customers"}
    return {
        name: sorted(map(str, found))
        for name, found in rows.items()
        if name not in left_out
    }


def join(session: Session, web: Conversation, phone: Conversation) -> Merge:
    return merging.merge(
        session, web.customer_id, phone.customer_id, by="telegram", now=NOW
    )


def test_everything_is_under_one_and_sums_add_up(
    session: Session, web: Conversation, phone: Conversation
) -> None:
    kept = web.customer_id
    join(session, web, phone)
    session.refresh(phone)
    assert phone.customer_id == kept
    facts = session.scalars(select(Fact.about).where(Fact.customer_id == kept)).all()
    assert sorted(facts) == ["height", "telegram", "web"]
    lamp = session.get_one(LearnedTaste, (kept, "lamp"))
    assert (lamp.shown, lamp.chosen) == (4, 2)
    kinds = [event.kind for event in log.story(session, kept)]
    assert kinds.count("message_heard") == 2


def test_taken_apart_each_has_their_own_again(
    session: Session, web: Conversation, phone: Conversation
) -> None:
    both = (web.customer_id, phone.customer_id)
    before = [holdings(session, customer) for customer in both]
    row = join(session, web, phone)
    merging.take_apart(session, row, now=NOW)
    merging.take_apart(session, row, now=NOW)
    assert [holdings(session, customer) for customer in both] == before


def test_what_was_done_since_goes_with_its_conversation(
    session: Session, web: Conversation, phone: Conversation
) -> None:
    gone = phone.customer_id
    row = join(session, web, phone)
    session.refresh(phone)
    make_journey(session, phone, words="asked on the phone")
    merging.take_apart(session, row, now=NOW)
    journeys = privacy.export_customer(session, gone)["journeys"]
    assert "asked on the phone" in [journey["words"] for journey in journeys]


def test_channels_of_a_known_customer_are_known_until_taken_apart(
    session: Session, web: Conversation, phone: Conversation
) -> None:
    gone = phone.customer_id
    row = join(session, web, phone)
    assert is_verified(session, web.customer_id)
    merging.take_apart(session, row, now=NOW)
    assert not is_verified(session, gone)


def test_stop_of_one_is_a_stop_of_both(
    session: Session, web: Conversation, phone: Conversation
) -> None:
    for customer, granted in ((web.customer_id, True), (phone.customer_id, False)):
        record_consent(
            session,
            customer,
            Purpose.PROACTIVE,
            granted,
            text="x",
            source="chat",
            now=NOW,
        )
    join(session, web, phone)
    assert not has_consent(session, web.customer_id, Purpose.PROACTIVE, NOW)


def test_conversation_goes_on_where_it_was(
    session: Session, web: Conversation, phone: Conversation
) -> None:
    asked = {"question": "since_when"}
    session.add(
        Pending(
            conversation_id=web.id,
            expects="answer",
            about=asked,
            stack=[],
            misses=1,
            at=NOW,
        )
    )
    join(session, web, phone)
    merging.go_on(session, web.customer_id, phone)
    here = session.get_one(Pending, phone.id)
    assert (here.expects, here.about, here.misses) == ("answer", asked, 0)


def test_erasing_one_forgets_what_stayed_with_the_other(
    session: Session, web: Conversation, phone: Conversation
) -> None:
    kept, gone = web.customer_id, phone.customer_id
    join(session, web, phone)
    privacy.erase_customer(session, kept, NOW)
    session.expire_all()
    assert session.scalars(select(Customer)).all() == []
    assert not any(privacy.export_customer(session, gone).values())
