"""For each channel its provider, and somebody who writes there."""

from collections.abc import Mapping
from typing import Any

from tests.web.channels import graph, post, slack, telegram, twilio, webhook

KITS: Mapping[str, tuple[Any, Any]] = {
    "telegram": (telegram.Telegram, telegram.Phone),
    "whatsapp": (graph.WhatsApp, graph.OnWhatsApp),
    "messenger": (graph.Messenger, graph.OnMessenger),
    "instagram": (graph.Instagram, graph.OnInstagram),
    "slack": (slack.Slack, slack.Phone),
    "sms": (twilio.Twilio, twilio.Phone),
    "email": (post.Smtp, post.Phone),
    "webhook": (webhook.Webhook, webhook.Client),
}
