"""Install them, as `make test` does."""

from tests import clients

clients.runware()
clients.runware_later()
