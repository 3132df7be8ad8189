"""What HTTP finds where PicFinder's WebSocket is."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from accounts.api.answers import answer

HERE_IS_A_SOCKET = (
    "PicFinder's newTask is served here, over a WebSocket. For the HTTP API see /docs/api/."
)


@csrf_exempt
@login_not_required
def socket(request: HttpRequest) -> HttpResponse:
    """426: another protocol is spoken at this address."""
    return answer(request, {"message": HERE_IS_A_SOCKET}, 426, {"Upgrade": "websocket"})
