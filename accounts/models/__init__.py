"""Who you are and what you may spend."""

from accounts.models.api_key import ApiKey, Scope
from accounts.models.credit import CreditEntry, InsufficientCredits, Kind, Wallet
from accounts.models.invitation import Invitation
from accounts.models.user import Theme, User

__all__ = [
    "ApiKey",
    "CreditEntry",
    "InsufficientCredits",
    "Invitation",
    "Kind",
    "Scope",
    "Theme",
    "User",
    "Wallet",
]
