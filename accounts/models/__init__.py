"""Who you are, whom you work with and what you may spend."""

from accounts.models.allowance import AllowancePlan
from accounts.models.api_key import ORDINARY, ApiKey, Scope
from accounts.models.audit import AuditEntry
from accounts.models.credit import CreditEntry, Kind
from accounts.models.departure import DataExport, Erasure
from accounts.models.invitation import Invitation
from accounts.models.lot import CreditLot, LotUse
from accounts.models.monthly_use import MonthlyUse
from accounts.models.payment import (
    MAX_PROJECT,
    BudgetSpent,
    Buyer,
    CannotPay,
    InsufficientCredits,
    LimitReached,
    MayNotSpend,
)
from accounts.models.team import LastOwner, Membership, Team, TooManyTeams
from accounts.models.team_invitation import TeamInvitation
from accounts.models.user import SensitivePictures, Theme, User
from accounts.models.wallet import Wallet
from accounts.rights import Role, TeamRight
from accounts.staff_rights import StaffRole

__all__ = [
    "MAX_PROJECT",
    "ORDINARY",
    "AllowancePlan",
    "ApiKey",
    "AuditEntry",
    "BudgetSpent",
    "Buyer",
    "CannotPay",
    "CreditEntry",
    "CreditLot",
    "DataExport",
    "Erasure",
    "InsufficientCredits",
    "Invitation",
    "Kind",
    "LastOwner",
    "LimitReached",
    "LotUse",
    "MayNotSpend",
    "Membership",
    "MonthlyUse",
    "Role",
    "Scope",
    "SensitivePictures",
    "StaffRole",
    "Team",
    "TeamInvitation",
    "TeamRight",
    "Theme",
    "TooManyTeams",
    "User",
    "Wallet",
]
