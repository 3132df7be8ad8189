"""Searches that somebody keeps: what they find is what is there when they are opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, models
from django.db.models import Q
from django.urls import reverse
from django.utils.http import urlencode

from accounts.prepared import Prepared, somebody
from gallery.models.choices import Scope, Sort

if TYPE_CHECKING:
    from gallery.models.asset_queries import Viewer

#: How many somebody keeps at most.
MAX_SAVED = 100


class SavedSearchQuerySet(models.QuerySet["SavedSearch"]):
    def of(self, user: Viewer) -> Self:
        """Those of `user`; nobody else sees them."""
        rows = self.filter(owner_id=user.pk) if user.is_authenticated else self.none()
        return rows.select_related("team").order_by("name", "pk")


def kept_by(user: Viewer) -> list[SavedSearch]:
    """Those of `user`, as `of` has them, for their names and addresses: every gallery page asks."""
    found = _OF.rows(owner=user.pk) if user.is_authenticated else []
    return [SavedSearch.from_db(DEFAULT_DB_ALIAS, _COLUMNS, row) for row in found]


class SavedSearch(models.Model):
    """A question under a name. It gives nobody a right: it is asked as whoever opens it."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="saved_searches",
        db_index=False,
    )
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=200, blank=True)
    scope = models.CharField(max_length=8, choices=Scope, default=Scope.MINE)
    # Among the pictures of which team; a search of a team that is gone goes too.
    team = models.ForeignKey(
        "accounts.Team", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    sort = models.CharField(max_length=8, choices=Sort, default=Sort.NEWEST)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["owner", "name"], name="saved_search_once_per_name"),
            models.CheckConstraint(condition=~Q(name=""), name="saved_search_has_a_name"),
        )

    def __str__(self) -> str:
        return str(self.pk)

    def get_absolute_url(self) -> str:
        """The gallery as the search finds it now."""
        filters = {"scope": self.scope}
        if self.team_id:
            filters["team"] = str(self.team_id)
        if self.query:
            filters["q"] = self.query
        if self.sort != Sort.NEWEST:
            filters["sort"] = self.sort
        return f"{reverse('gallery')}?{urlencode(filters)}"


_COLUMNS = [field.attname for field in SavedSearch._meta.concrete_fields]
_OF = Prepared(
    lambda owner: (
        SavedSearch.objects.of(somebody(owner)).select_related(None).values_list(*_COLUMNS)
    ),
    {"owner": models.BigAutoField()},
)
