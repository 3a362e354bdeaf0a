"""What customers want to be true: needs, cues, questions, beliefs and answers."""
