"""Programs of other services, which find their own here."""
