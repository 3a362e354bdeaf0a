"""What agents put into the desk's forms, read or refused in words."""

from datetime import date, datetime, time, timedelta

from web.edge import Refusal, read_number

Form = dict[str, str]


class Misread(ValueError):
    """A form names something that does not exist."""


def read_until(form: Form, now: datetime, opens: time) -> datetime | None:
    """Return when something comes back; None is when the customer writes.

    Raises:
        Misread: the time cannot be read, or it is over.
    """
    until = form.get("until", "")
    if not until:
        return None
    if until in ("1h", "3h"):
        return now + timedelta(hours=int(until[0]))
    if until == "tomorrow":
        return datetime.combine(now.date() + timedelta(days=1), opens, now.tzinfo)
    try:
        at = datetime.fromisoformat(form.get("at", "")).replace(tzinfo=now.tzinfo)
    except ValueError:
        raise Misread("Choose a time until which it is put aside.") from None
    if at <= now:
        raise Misread("That time is over already.")
    return at


def read_due(form: Form) -> date | None:
    """Return the day by which something is promised, if one was chosen.

    Raises:
        Misread: it is no day.
    """
    given = form.get("due", "")
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        raise Misread("The day cannot be read.") from None


def read_outcome(form: Form) -> str:
    """Return the line that says how it ended; it may be empty."""
    return form.get("outcome", "").strip()


def read_seen(form: Form) -> int:
    """Return the last position that the agent's screen shows.

    Raises:
        Misread: it is no position.
    """
    try:
        return read_number(form.get("seen") or None) or 0
    except Refusal as refusal:
        raise Misread(refusal.values["reason"]) from None
