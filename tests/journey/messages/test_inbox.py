from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.messages import inbox
from journey.messages.cleaning import MASK
from journey.messages.inbox import LEASE, State
from journey.store.tables import Conversation, Customer, Inbox, Message
from tests.journey.talk import NOW, accept, at, claim, talk


def test_accept_same_id_changes_nothing(session: Session) -> None:
    assert accept(session, "hello") == accept(session, "hello") == 1
    assert len(session.scalars(select(Inbox)).all()) == 1


def test_accept_same_id_in_another_conversation(session: Session) -> None:
    accept(session, "hello", "c1")
    accept(session, "hello", "c2")
    assert len(session.scalars(select(Inbox)).all()) == 2


def test_claim_takes_oldest_of_each_conversation(session: Session) -> None:
    for text, name in (("1", "c1"), ("2", "c1"), ("3", "c2")):
        accept(session, text, name)
    assert {work.text for work in claim(session)} == {"1", "3"}
    assert claim(session, "b") == []


def test_message_was_accepted_on_the_customers_clock(session: Session) -> None:
    accept(session, "tomorrow please", "c1")
    conversation = session.scalars(select(Conversation)).one()
    customer = session.get_one(Customer, conversation.customer_id)
    customer.timezone = "Pacific/Auckland"
    (work,) = claim(session)
    assert work.accepted_at.utcoffset() == timedelta(hours=13)
    assert work.accepted_at == session.scalars(select(Message)).one().created_at


def test_claim_takes_urgent_first_with_what_waits_before_it(session: Session) -> None:
    accept(session, "1", "c1")
    accept(session, "2", "c2")
    accept(session, "a person please", "c2", urgent=True)
    for text in ("2", "a person please", "1"):
        (work,) = claim(session, limit=1)
        assert work.text == text
        inbox.close(session, work, "a", State.DONE)


def test_claim_takes_nothing_else_where_only_urgent_is_wanted(session: Session) -> None:
    accept(session, "1", "c1")
    accept(session, "a person please", "c2", urgent=True)
    works = inbox.claim(session, "a", now=NOW, limit=10, urgent=True)
    assert [work.text for work in works] == ["a person please"]


def test_claim_goes_on_when_first_is_done(session: Session) -> None:
    accept(session, "1")
    accept(session, "2")
    (work,) = claim(session)
    assert inbox.close(session, work, "a", State.DONE)
    assert [next_work.text for next_work in claim(session)] == ["2"]


def test_claim_skips_failed_message(session: Session) -> None:
    accept(session, "1")
    accept(session, "2")
    (work,) = claim(session)
    inbox.close(session, work, "a", State.FAILED, "why")
    assert [next_work.text for next_work in claim(session)] == ["2"]
    assert inbox.count(session, State.FAILED) == 1


def test_claim_again_when_lease_ran_out(session: Session) -> None:
    accept(session)
    claim(session, "dead")
    later = NOW + LEASE
    assert claim(session, "b", at(5)) == []
    assert len(claim(session, "b", later)) == 1


def test_renew_keeps_lease(session: Session) -> None:
    accept(session)
    (work,) = claim(session, "a")
    inbox.renew(session, "a", [work.message_id], now=at(10))
    assert claim(session, "b", NOW + LEASE) == []


def test_close_fails_when_claim_was_lost(session: Session) -> None:
    accept(session)
    (work,) = claim(session, "slow")
    claim(session, "b", NOW + LEASE)
    assert not inbox.close(session, work, "slow", State.DONE)
    assert inbox.close(session, work, "b", State.DONE)


def test_retry_waits_and_counts(session: Session) -> None:
    accept(session)
    (work,) = claim(session)
    inbox.retry(session, work, "a", at=at(3), failure="500", counted=True)
    assert claim(session, "a", at(2)) == []
    assert [again.attempts for again in claim(session, "a", at(3))] == [1]


def test_retry_keeps_order(session: Session) -> None:
    accept(session, "1")
    accept(session, "2")
    (work,) = claim(session)
    inbox.retry(session, work, "a", at=at(3), failure="500", counted=True)
    assert claim(session, "a", at(2)) == []


def test_release_gives_back(session: Session) -> None:
    accept(session)
    claim(session, "a")
    assert inbox.holders(session) == {"a"}
    inbox.release(session, "a")
    assert len(claim(session, "b")) == 1


def test_open_conversations_are_those_that_wait(session: Session) -> None:
    accept(session, "1", "c1")
    talk(session, "c2")
    assert inbox.open_conversations(session, ["c1", "c2"]) == {"c1"}


def test_accept_stores_no_card_number(session: Session) -> None:
    conversation = talk(session)
    inbox.accept(
        session,
        conversation,
        provider_id="p1",
        text="my card is 4111 1111 1111 1111",
        now=NOW,
    )
    (work,) = claim(session)
    assert work.text == f"my card is {MASK}"
