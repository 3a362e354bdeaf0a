"""How times and speakers are written on the desk's pages."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from journey.desk.writing import AGENT
from journey.messages.conversations import COACH, CUSTOMER


def since(moment: datetime, now: datetime) -> Markup:
    """Return how long ago something was, as an element that the page keeps fresh."""
    stamp = moment.isoformat()
    return Markup('<time class="since" datetime="{}">{}</time>').format(
        stamp, span(int((now - moment).total_seconds()))
    )


def span(seconds: int) -> str:
    """Return a span of time in its largest unit."""
    if seconds < 60:
        return "now"
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return "now"


@pass_context
def day_clock(context: Context, moment: datetime) -> str:
    """Return a time of day where the shop is, with the day unless it is today."""
    zone = ZoneInfo(context["zone"])
    there, today = moment.astimezone(zone), context["now"].astimezone(zone).date()
    if there.date() == today:
        return f"{there:%H:%M}"
    return f"{there.day} {there:%b, %H:%M}"


@pass_context
def day(context: Context, moment: datetime) -> str:
    """Return a day where the shop is."""
    there = moment.astimezone(ZoneInfo(context["zone"]))
    return f"{there:%a} {there.day} {there:%b %Y}"


@pass_context
def speaker(
    context: Context,
    author: str,
    content: Mapping[str, Any] | None = None,
    customer: str = "Customer",
) -> str:
    """Return who said something."""
    if author == AGENT:
        return str((content or {}).get("agent", "Agent"))
    names = {CUSTOMER: customer, COACH: f"{context['coach']} (bot)"}
    return names.get(author, "Notice")


def add_filters(environment: Environment) -> None:
    """Let templates use them."""
    environment.filters.update(
        since=since, day=day, day_clock=day_clock, speaker=speaker
    )
