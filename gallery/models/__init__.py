"""The pictures people keep, find and share."""

from gallery.models.asset import Asset
from gallery.models.choices import Rating, Scope, Sort, Visibility
from gallery.models.collection import (
    Collection,
    CollectionItem,
    CollectionRole,
    CollectionShare,
)
from gallery.models.like import Like
from gallery.models.notice import Notice, NoticeKind, QueueMail
from gallery.models.publication_request import PublicationRequest, RequestState
from gallery.models.rated import Hold, PublicState, RatedBy, ReasonKind
from gallery.models.report import Appeal, Reason, Report
from gallery.models.saved_search import SavedSearch
from gallery.models.search_entry import SearchEntry, Word
from gallery.models.share import Share, ShareKind
from gallery.models.tag import Tag
from gallery.models.team_share import TeamShare
from gallery.models.upload import Upload
from gallery.models.variant import Variant

__all__ = [
    "Appeal",
    "Asset",
    "Collection",
    "CollectionItem",
    "CollectionRole",
    "CollectionShare",
    "Hold",
    "Like",
    "Notice",
    "NoticeKind",
    "PublicState",
    "PublicationRequest",
    "QueueMail",
    "RatedBy",
    "Rating",
    "Reason",
    "ReasonKind",
    "Report",
    "RequestState",
    "SavedSearch",
    "Scope",
    "SearchEntry",
    "Share",
    "ShareKind",
    "Sort",
    "Tag",
    "TeamShare",
    "Upload",
    "Variant",
    "Visibility",
    "Word",
]
