"""What Chatwoot's published description says of the calls that we make.

For each operation: whose key it takes, the fields of its body with their type, and
those that must be there. What is not described is refused, though Chatwoot would let
some of it pass.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

USER, BOT = "user", "bot"
EITHER = frozenset({USER, BOT})
STATUSES = ("open", "resolved", "pending", "snoozed")
MESSAGE_TYPES = ("outgoing", "incoming")
CONTENT_TYPES = ("text", "input_email", "cards", "input_select", "form", "article")
ERRORS = {
    400: "description",
    401: "Invalid Access Token",
    403: "Access denied",
    404: "Resource could not be found",
}


@dataclass(frozen=True)
class Operation:
    """One published operation."""

    keys: frozenset[str]
    fields: Mapping[str, type | tuple[str, ...]] = field(default_factory=dict)
    required: frozenset[str] = frozenset()

    def faults(self, body: Any) -> list[str]:
        """Return what in a body is not as described."""
        if not isinstance(body, dict):
            return ["the body is no object"]
        found = [f"{name} is missing" for name in self.required if name not in body]
        for name, value in body.items():
            found += self._faults_of(name, value)
        return found

    def _faults_of(self, name: str, value: Any) -> list[str]:
        wanted = self.fields.get(name)
        if wanted is None:
            return [f"{name} is not described"]
        if isinstance(wanted, tuple):
            return [] if value in wanted else [f"{name} is none of {wanted}"]
        fits = isinstance(value, wanted) and not (wanted is int and value in (True, 0))
        return [] if fits else [f"{name} is no {wanted.__name__}"]


ATTRIBUTES = {"additional_attributes": dict, "custom_attributes": dict}
CONTACT_CREATE = Operation(
    frozenset({USER}),
    {
        "inbox_id": int,
        "name": str,
        "email": str,
        "blocked": bool,
        "phone_number": str,
        "avatar_url": str,
        "identifier": str,
        **ATTRIBUTES,
    },
    frozenset({"inbox_id"}),
)
CONVERSATION_CREATE = Operation(
    EITHER,
    {
        "source_id": str,
        "inbox_id": int,
        "contact_id": int,
        "status": ("open", "resolved", "pending"),
        "assignee_id": int,
        "team_id": int,
        "snoozed_until": str,
        "message": dict,
        **ATTRIBUTES,
    },
    frozenset({"source_id"}),
)
MESSAGE_CREATE = Operation(
    EITHER,
    {
        "content": str,
        "message_type": MESSAGE_TYPES,
        "private": bool,
        "content_type": CONTENT_TYPES,
        "content_attributes": dict,
        "campaign_id": int,
        "template_params": dict,
    },
    frozenset({"content"}),
)
STATUS_TOGGLE = Operation(
    EITHER, {"status": STATUSES, "snoozed_until": int}, frozenset({"status"})
)
ATTRIBUTES_UPDATE = Operation(
    frozenset({USER}), {"custom_attributes": dict}, frozenset({"custom_attributes"})
)
READ = Operation(frozenset({USER}))
DELETE = Operation(frozenset({USER}))
