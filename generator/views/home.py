"""The front door."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from gallery.models import Asset, Visibility
from generator import options
from generator.contract import MAX_PROMPT

SHOWN = 12
#: Pictures that the sketch engine painted for the front page: name, and the prompt.
SHOWCASE = (
    ("lighthouse", "a lighthouse in a storm at dusk, waves breaking on the rocks"),
    ("fox", "a red fox in a snowy forest at dawn"),
    ("castle", "a castle above a misty valley, golden morning light"),
    ("city", "a city at night, seen across the water"),
    ("mountains", "snow-capped mountains under the northern lights"),
    ("desert", "a desert at sunset, red dunes"),
)


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
    public = Asset.objects.visible_to(request.user).filter(visibility=Visibility.PUBLIC)
    newest = public.newest_first().prefetch_related("variants")[:SHOWN]
    return render(request, "home.html", {"showcase": showcase(), "newest": newest})


def showcase() -> list[dict[str, str]]:
    """Those of `SHOWCASE` whose picture is there."""
    found = [(options.static_picture("showcase", name), prompt) for name, prompt in SHOWCASE]
    return [{"path": path, "prompt": prompt} for path, prompt in found if path]
