"""The front door."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from gallery.models import Asset
from generator.contract import MAX_PROMPT
from generator.showcase import SHOWCASE

SHOWN = 12


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this is, for visitors; people who are signed in go straight to work."""
    prompt = request.GET.get("prompt", "").strip()[:MAX_PROMPT]
    create = reverse("create") + (f"?{urlencode({'prompt': prompt})}" if prompt else "")
    if request.user.is_authenticated:
        return redirect(create)
    if prompt:
        door = "account_login" if settings.SIGN_UP == "off" else "account_signup"
        return redirect(f"{reverse(door)}?{urlencode({'next': create})}")
    public = Asset.objects.open_to_anybody()
    newest = public.newest_first().prefetch_related("variants")[:SHOWN]
    showcase = [example for example in SHOWCASE if example.path]
    return render(request, "home.html", {"showcase": showcase, "newest": newest})
