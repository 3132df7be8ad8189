"""From prompts to what a pipeline is conditioned on.

For models that read with CLIP alone (SD 1.x, 2.x, XL) we encode ourselves, for
three reasons: emphasis; prompts longer than CLIP's 75 tokens, read in pieces; and
clip skip, which diffusers 0.42 cannot do with transformers 5 (it looks for a
`text_model` that is gone). For plain prompts the result is diffusers' own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from generator.catalog import styles
from generator.contract import ImageRequest
from generator.engines.diffusion import weighting
from generator.engines.diffusion.places import Kind
from generator.engines.diffusion.refusals import CLIP

Pieces = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Wording:
    """What one picture is to show and to avoid, in weighted pieces."""

    wanted: Pieces
    unwanted: Pieces

    @classmethod
    def of(cls, request: ImageRequest) -> Wording:
        """The request's prompts, dressed in its style."""
        style = styles.by_slug(request.style)
        wanted, unwanted = style.dress(request.prompt, request.negative_prompt)
        return cls(*(_pieces(text, request) for text in (wanted, unwanted)))

    @property
    def texts(self) -> tuple[str, str]:
        """Both without their weights."""
        return _text(self.wanted), _text(self.unwanted)


def _pieces(text: str, request: ImageRequest) -> Pieces:
    return tuple(weighting.read(text)) if request.prompt_weighting else ((text, 1.0),)


def _text(pieces: Pieces) -> str:
    return "".join(text for text, _weight in pieces)


def is_weighted(wording: Wording) -> bool:
    """Whether any piece is stressed or muted."""
    return any(weight != 1 for _text, weight in (*wording.wanted, *wording.unwanted))


def windows(pipe: Any, kind: Kind, wording: Wording) -> int:
    """How many windows of 75 tokens it fills; what differs here cannot share a pass."""
    if kind not in CLIP:
        return 1
    tokenizers = _tokenizers(pipe)
    return max(
        len(_Tokens(t, p).windows) for t in tokenizers for p in (wording.wanted, wording.unwanted)
    )


def conditioning(
    pipe: Any, kind: Kind, wordings: Sequence[Wording], request: ImageRequest
) -> dict[str, Any]:
    """The arguments of a pipeline that say what to paint, one row per wording.

    `request` tells guidance and clip skip, which all of them share.
    """
    if kind in CLIP:
        return _Clip(pipe, kind, request.clip_skip).conditioning(
            wordings, guided=request.guidance_scale > 1
        )
    wanted, unwanted = (list(texts) for texts in zip(*(w.texts for w in wordings), strict=True))
    if kind == Kind.FLUX:  # distilled guidance: there is nothing to be kept away from
        length = 512 if pipe.transformer.config.guidance_embeds else 256
        return {"prompt": wanted, "max_sequence_length": length}
    return {"prompt": wanted, "negative_prompt": unwanted}


def _tokenizers(pipe: Any) -> list[Any]:
    names = ("tokenizer", "tokenizer_2")
    return [t for t in (getattr(pipe, name, None) for name in names) if t is not None]


class _Tokens:
    """Pieces as windows of token ids with a weight each, framed and padded as CLIP wants them."""

    def __init__(self, tokenizer: Any, pieces: Pieces) -> None:
        self.tokenizer = tokenizer
        found = [
            (token, weight)
            for text, weight in pieces
            for token in tokenizer(text, add_special_tokens=False).input_ids
        ]
        room = tokenizer.model_max_length - 2
        parts = [found[start : start + room] for start in range(0, len(found), room)] or [[]]
        self.windows = [self._framed(part) for part in parts]

    def _framed(self, part: list[tuple[int, float]]) -> list[tuple[int, float]]:
        tokenizer = self.tokenizer
        framed = [(tokenizer.bos_token_id, 1.0), *part, (tokenizer.eos_token_id, 1.0)]
        padding = tokenizer.model_max_length - len(framed)
        return framed + [(tokenizer.pad_token_id, 1.0)] * padding

    def filled(self, count: int) -> list[list[tuple[int, float]]]:
        """`count` windows, empty ones at the end."""
        return self.windows + [self._framed([])] * (count - len(self.windows))


class _Clip:
    """The one or two CLIP encoders of a pipeline."""

    def __init__(self, pipe: Any, kind: Kind, clip_skip: int) -> None:
        self.pipe, self.kind, self.clip_skip = pipe, kind, clip_skip
        self.tokenizers = _tokenizers(pipe)
        encoders = (getattr(pipe, name, None) for name in ("text_encoder", "text_encoder_2"))
        self.encoders = [encoder for encoder in encoders if encoder is not None]

    @torch.no_grad()
    def conditioning(self, wordings: Sequence[Wording], *, guided: bool) -> dict[str, Any]:
        count = max(windows(self.pipe, self.kind, wording) for wording in wordings)
        found = self._encode([w.wanted for w in wordings], count, self.clip_skip)
        arguments = {"prompt_embeds": found[0]}
        if self.kind == Kind.SDXL:
            arguments["pooled_prompt_embeds"] = found[1]
        if not guided:
            return arguments
        # diffusers skips no layer of the negative prompt of SDXL, nor of SD's.
        embeds, pooled = self._encode([w.unwanted for w in wordings], count, 0)
        if getattr(self.pipe.config, "force_zeros_for_empty_prompt", False):
            for row, wording in enumerate(wordings):
                if not wording.texts[1].strip():
                    embeds[row], pooled[row] = 0, 0
        arguments["negative_prompt_embeds"] = embeds
        if self.kind == Kind.SDXL:
            arguments["negative_pooled_prompt_embeds"] = pooled
        return arguments

    def _encode(self, prompts: list[Pieces], count: int, skip: int) -> tuple[Any, Any]:
        """Rows of (windows x 77) vectors from all encoders, and what the last one sums up."""
        embeds, pooled = [], None
        for tokenizer, encoder in zip(self.tokenizers, self.encoders, strict=True):
            rows = [_Tokens(tokenizer, pieces).filled(count) for pieces in prompts]
            vectors, pooled = self._read(encoder, rows, skip)
            embeds.append(self._stressed(tokenizer, encoder, rows, vectors, skip))
        joined = torch.cat(embeds, dim=-1)
        return joined.reshape(len(prompts), -1, joined.shape[-1]), pooled

    def _read(self, encoder: Any, rows: list[Any], skip: int) -> tuple[Any, Any]:
        ids = [[token for token, _weight in window] for row in rows for window in row]
        output = encoder(torch.tensor(ids, device=encoder.device), output_hidden_states=True)
        pooled = (
            output[0].reshape(len(rows), -1, output[0].shape[-1])[:, 0]
            if (output[0].ndim == 2)
            else None
        )
        if self.kind == Kind.SDXL:  # it was trained on the layer before the last
            return output.hidden_states[-(skip + 2)], pooled
        if not skip:
            return output[0], pooled
        text_model = getattr(encoder, "text_model", encoder)
        return text_model.final_layer_norm(output.hidden_states[-(skip + 1)]), pooled

    def _stressed(self, tokenizer: Any, encoder: Any, rows: Any, vectors: Any, skip: int) -> Any:
        """Move each token's vector away from an empty prompt's, as far as its weight says."""
        weights = torch.tensor(
            [[weight for _token, weight in window] for row in rows for window in row],
            device=vectors.device,
            dtype=vectors.dtype,
        ).unsqueeze(-1)
        if bool((weights == 1).all()):
            return vectors
        empty, _pooled = self._read(encoder, [_Tokens(tokenizer, ()).windows], skip)
        return torch.where(weights == 1, vectors, empty + weights * (vectors - empty))
