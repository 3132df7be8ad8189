"""The services whose programs are answered over HTTP with the picture itself."""

from __future__ import annotations

from generator.dialects import Foreign, a1111, aithriving, modelslab, openai_images, stubber

#: Addresses, OpenAPI and the handler that holds no thread all follow from this list.
FOREIGN: tuple[Foreign, ...] = (aithriving, stubber, openai_images, modelslab, a1111)
