"""From what submission raises to what a dialect puts into words."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import ngettext

from accounts.api.answers import FIELDS_WRONG
from accounts.models import CannotPay, InsufficientCredits
from generator.contract import InvalidRequest
from generator.dialects import Problem
from generator.submission import Refusal

#: Whatever `submission.submit` and a dialect's `read` raise when they decline.
DECLINED = (InvalidRequest, CannotPay, Refusal)


def problem_of(error: Exception) -> Problem:
    """What an error of `DECLINED` means, for every dialect alike."""
    match error:
        case InvalidRequest(errors=errors):
            return Problem(status=422, code="invalid_request", message=FIELDS_WRONG, errors=errors)
        case InsufficientCredits(cost=cost, balance=balance):
            return Problem(
                status=402,
                code="insufficient_credits",
                message=_too_expensive(cost, balance),
                cost=cost,
                balance=balance,
            )
        case CannotPay(status=status, code=code, message=message):
            return Problem(status=status, code=code, message=message)
        case Refusal(status=status, code=code, message=message):
            return Problem(status=status, code=code, message=message)
    raise TypeError(f"not a refusal: {error!r}")


def _too_expensive(cost: int, balance: int) -> str:
    costs = ngettext("This costs %d credit", "This costs %d credits", cost) % cost
    return f"{costs} and you have {balance}. Ask an administrator for more."


def retry_after(error: Exception) -> Mapping[str, str]:
    """The Retry-After header, when trying again later helps."""
    seconds = error.retry_after if isinstance(error, Refusal) else None
    return {} if seconds is None else {"Retry-After": str(seconds)}
