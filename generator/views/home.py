"""The front door."""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True)
class Example:
    """A picture of `make_style_pictures`, with its prompt and size in pixels."""

    name: str
    prompt: str
    width: int
    height: int

    @property
    def path(self) -> str:
        """Its static file, "" before it was painted."""
        return options.static_picture("showcase", self.name)


SHOWCASE = (
    Example("1", "mountains at sunrise with a lake", 768, 512),
    Example("5", "a lighthouse on an island at sunset, birds", 512, 768),
    Example("3", "city skyline at night, full moon", 768, 512),
    Example("2", "a red fox in the snow, pine forest", 512, 768),
    Example("6", "hot air balloons over mountains, morning", 768, 512),
    Example("4", "a castle on a hill at sunset", 640, 640),
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
    showcase = [example for example in SHOWCASE if example.path]
    return render(request, "home.html", {"showcase": showcase, "newest": newest})
