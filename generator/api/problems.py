"""From what submission raises to what a dialect puts into words."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from django.db import InterfaceError, OperationalError
from django.utils.translation import ngettext

from accounts.api.answers import FIELDS_WRONG, ApiError
from accounts.models import CannotPay, InsufficientCredits
from generator.contract import InvalidRequest
from generator.dialects import Problem, Result
from generator.submission import Refusal

logger = logging.getLogger("limner.api")

#: Whatever `submission.submit` and a dialect's `read` raise when they decline.
DECLINED = (InvalidRequest, CannotPay, Refusal)
#: And all else that a program is told in the words of its service.
FAULTS = (ApiError, *DECLINED, OperationalError, InterfaceError)
NO_DATABASE = Problem(
    status=503, code="no_database", message="The server cannot reach its database; try again soon."
)
GONE = Problem(status=500, code="gone", message="The task was deleted.", failed=True)

#: What the statuses of an `ApiError` are called.
_CODES = {
    400: "bad_request",
    401: "unauthenticated",
    403: "forbidden",
    405: "wrong_method",
    411: "length_required",
    413: "too_large",
    422: "invalid_request",
    429: "too_often",
}
#: Why a generation brought nothing, where it is not our fault: the request's, or its owner's.
_NOT_OURS = {"refused", "cancelled"}
_FAILED = "No picture came of it; nothing was charged."


def problem_of(error: Exception) -> Problem:
    """What one of `FAULTS` means, for every dialect alike. A database that is away is logged."""
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
        case ApiError(status=status, body=body):
            return Problem(
                status=status,
                code=_CODES.get(status, "error"),
                message=body["message"],
                errors=body.get("errors", {}),
            )
        case OperationalError() | InterfaceError():
            logger.error("the database did not answer", exc_info=error)
            return NO_DATABASE
    raise TypeError(f"not a refusal: {error!r}")


def _too_expensive(cost: int, balance: int) -> str:
    costs = ngettext("This costs %d credit", "This costs %d credits", cost) % cost
    return f"{costs} and you have {balance}. Ask an administrator for more."


def problem_of_failure(result: Result) -> Problem:
    """Why a generation that has ended brought no picture, for services that answer at the end."""
    code = result.error_code or "gone"
    message = "Cancelled; nothing was charged." if code == "cancelled" else result.error
    status = 422 if code in _NOT_OURS else 500
    return Problem(status=status, code=code, message=message or _FAILED, failed=True)


def headers_of(error: Exception) -> Mapping[str, str]:
    """The headers that belong to an error of `problem_of`."""
    if isinstance(error, OperationalError | InterfaceError):
        return {"Retry-After": "5"}
    return error.headers if isinstance(error, ApiError) else retry_after(error)


def retry_after(error: Exception) -> Mapping[str, str]:
    """The Retry-After header, when trying again later helps."""
    seconds = error.retry_after if isinstance(error, Refusal) else None
    return {} if seconds is None else {"Retry-After": str(seconds)}
