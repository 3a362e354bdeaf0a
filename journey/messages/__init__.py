"""Messages: taken in once, answered once, shown as each channel can."""
