"""Who answers a conversation: the bot, nobody yet, or a person."""
