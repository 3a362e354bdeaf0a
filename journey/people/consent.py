"""The append-only ledger of consent, per purpose."""

from datetime import datetime
from enum import StrEnum
from functools import cache

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from journey.store.prepared import Prepared
from journey.store.tables import Consent, Message, Outbox, Proactive


class Purpose(StrEnum):
    """What a customer can agree to.

    `proactive_messages` stands for all that we write first: it is only ever
    withdrawn, by one word; agreed to is each kind by itself.
    """

    PROACTIVE = "proactive_messages"
    CHECK_IN = "check_in"
    DUE_AGAIN = "due_again"
    MAY_NEED = "may_need"
    PROMISE_NEWS = "promise_news"
    BACK_IN_STOCK = "back_in_stock"
    BETTER_PRICE = "better_price"
    LEARNING = "learning"
    MANDATE = "mandate"


WRITING = frozenset(
    {
        Purpose.MANDATE,
        Purpose.CHECK_IN,
        Purpose.DUE_AGAIN,
        Purpose.MAY_NEED,
        Purpose.PROMISE_NEWS,
        Purpose.BACK_IN_STOCK,
        Purpose.BETTER_PRICE,
    }
)
"""What we may write about of ourselves; the word STOP ends each of them.

A mandate is among them: nothing is ordered that was not announced before.
"""


def record_consent(
    session: Session,
    customer_id: str,
    purpose: Purpose,
    granted: bool,
    *,
    text: str,
    source: str,
    now: datetime,
) -> Consent:
    """Append one decision, with the exact text that it was about.

    The same decision of the same message, heard at two places, is one row.
    """
    query = select(Consent).where(
        Consent.customer_id == customer_id,
        Consent.purpose == purpose,
        Consent.source == source,
        Consent.at == now,
        Consent.granted == granted,
    )
    if known := session.scalars(query).first():
        return known
    row = Consent(
        customer_id=customer_id,
        purpose=purpose,
        granted=granted,
        text=text,
        source=source,
        at=now,
    )
    session.add(row)
    session.flush()
    if not granted:
        _fall_silent(session, customer_id, purpose)
    return row


def stop_writing(
    session: Session, customer_id: str, text: str, *, source: str, now: datetime
) -> None:
    """Withdraw at once the consent to all that we write of ourselves."""
    record_consent(
        session,
        customer_id,
        Purpose.PROACTIVE,
        False,
        text=text,
        source=source,
        now=now,
    )


def start_writing(
    session: Session, customer_id: str, *, source: str, now: datetime
) -> list[Purpose] | None:
    """Agree again to what was agreed to when the customer said STOP.

    Returns the purposes, or None when no STOP stands. Ordering is agreed to by its
    own words only.
    """
    rows = ledger(session, customer_id)
    stops = [x.number for x in rows if x.purpose == Purpose.PROACTIVE]
    last = {x.purpose: x for x in rows}
    stop = last.get(Purpose.PROACTIVE)
    if stop is None or any(_undoes(x, stop) for x in last.values()):
        return None
    before = [
        last[x]
        for x in sorted(WRITING - {Purpose.MANDATE})
        if x in last and last[x].granted and last[x].number < stops[-1]
    ]
    for row in before:
        purpose, text = Purpose(row.purpose), row.text
        record_consent(
            session, customer_id, purpose, True, text=text, source=source, now=now
        )
    return [Purpose(x.purpose) for x in before]


def _undoes(row: Consent, stop: Consent) -> bool:
    return row.granted and row.purpose in WRITING and row.number > stop.number


def _fall_silent(session: Session, customer_id: str, purpose: Purpose) -> None:
    """Drop what was to be written about, even what is in the outbox already."""
    ended = WRITING if purpose == Purpose.PROACTIVE else {purpose}
    mine = Proactive.customer_id == customer_id, Proactive.purpose.in_(ended)
    in_outbox = select(Message.id).join(
        Proactive,
        (Proactive.conversation_id == Message.conversation_id)
        & (Message.provider_id == "out:" + Proactive.id + ":0"),
    )
    unsent = (
        update(Outbox)
        .where(
            Outbox.message_id.in_(in_outbox.where(*mine, Proactive.state == "out")),
            Outbox.state == "ready",
        )
        .values(state="dropped", failure="consent withdrawn")
    )
    session.execute(unsent)
    waiting = Proactive.state.in_(["planned", "out"])
    gone = update(Proactive).where(*mine, waiting)
    session.execute(gone.values(state="dropped", why="consent withdrawn"))


def has_consent(
    session: Session,
    customer_id: str,
    purpose: Purpose,
    at: datetime,
    *,
    unsaid: bool = False,
) -> bool:
    """Tell whether consent stood at an instant; `unsaid` when nothing was decided."""
    session.flush()
    last = _last_word(purpose).rows(session.connection(), customer=customer_id, at=at)
    (granted,) = next(last, (unsaid,))
    return bool(granted)


@cache
def _last_word(purpose: Purpose) -> Prepared:
    """Return the query of the last decision, made once: every lesson asks it."""
    said = Consent.__table__.c
    about = said.purpose == purpose
    if purpose in WRITING:
        about |= (said.purpose == Purpose.PROACTIVE) & ~said.granted
    query = select(said.granted).where(
        said.customer_id == bindparam("customer"),
        about,
        said.at <= bindparam("at"),
    )
    return Prepared(query.order_by(said.at.desc(), said.number.desc()).limit(1))


def agreed(session: Session, customer_id: str, at: datetime) -> list[Purpose]:
    """Return what a customer has agreed to, as it stood at an instant."""
    return [x for x in sorted(Purpose) if has_consent(session, customer_id, x, at)]


def unwilling(session: Session, purpose: Purpose) -> set[str]:
    """Return the customers whose last word on a purpose was no."""
    query = select(Consent.customer_id, Consent.granted)
    query = query.where(Consent.purpose == purpose)
    rows = session.execute(query.order_by(Consent.at, Consent.number))
    last: dict[str, bool] = {customer: granted for customer, granted in rows}
    return {customer for customer, granted in last.items() if not granted}


def ledger(session: Session, customer_id: str) -> list[Consent]:
    """Return every decision of a customer, oldest first."""
    query = select(Consent).where(Consent.customer_id == customer_id)
    return list(session.scalars(query.order_by(Consent.number)))
