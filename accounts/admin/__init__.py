"""The administration of people, teams and money."""

from accounts.admin import audit_log, keys, pages, people, signing_in, teams, wallets

__all__ = ["audit_log", "keys", "pages", "people", "signing_in", "teams", "wallets"]
