"""How prompts are read: as diffusers does, and beyond."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.engines.diffusion import weighting
from tests.generator.diffusion.conftest import difference, picture


@pytest.mark.parametrize(
    ("prompt", "pieces"),
    [
        ("a (red) house", [("a ", 1.0), ("red", 1.1), (" house", 1.0)]),
        ("((red))", [("red", 1.21)]),
        ("[dull] sky", [("dull", 0.9091), (" sky", 1.0)]),
        ("(red:1.3) [x]", [("red", 1.3), (" ", 1.0), ("x", 0.9091)]),
        ("(a [b] c:1.5)", [("a ", 1.5), ("b", 1.3636), (" c", 1.5)]),
        (r"\(not\) weighted", [("(not) weighted", 1.0)]),
        ("at 10:30) sharp", [("at 10:30) sharp", 1.0)]),
        ("open (end", [("open ", 1.0), ("end", 1.1)]),
        ("(red:99)", [("red", 3.0)]),
        ("", [("", 1.0)]),
    ],
)
def test_brackets_stress_and_mute(prompt, pieces):
    assert weighting.read(prompt) == pieces


@given(st.text(alphabet="ab ()[]:\\.1-", max_size=40))
def test_whatever_is_written_keeps_its_letters_and_sane_weights(prompt):
    pieces = weighting.read(prompt)
    assert all(weighting.LEAST <= weight <= weighting.MOST for _text, weight in pieces)
    letters = "".join(text for text, _weight in pieces)
    assert [c for c in letters if c in "ab"] == [c for c in prompt if c in "ab"]


@pytest.mark.slow
@pytest.mark.xdist_group("diffusion")
@pytest.mark.usefixtures("torch")
class TestEncoding:
    @pytest.mark.parametrize("family", ["sd", "sdxl"])
    def test_a_plain_prompt_is_encoded_as_diffusers_encodes_it(self, engine, torch, family):
        from generator.contract import ImageRequest
        from generator.engines.diffusion import prompts

        loaded = engine.painter.shelf.get({"path": family})
        request = ImageRequest(prompt="a red house", negative_prompt="fog")
        wording = prompts.Wording.of(request)
        ours = prompts.conditioning(loaded.base, loaded.kind, [wording], request)
        theirs = loaded.base.encode_prompt(
            prompt="a red house",
            negative_prompt="fog",
            device="cpu",
            num_images_per_prompt=1,
            do_classifier_free_guidance=True,
        )
        names = ["prompt_embeds", "negative_prompt_embeds"]
        names += ["pooled_prompt_embeds", "negative_pooled_prompt_embeds"]
        for name, wanted in zip(names, theirs, strict=False):
            assert torch.allclose(ours[name], wanted, atol=1e-6), name

    def test_emphasis_counts_only_when_asked_for(self, engine):
        plain = picture(engine, prompt="a red house", prompt_weighting=True)
        assert difference(plain, picture(engine, prompt="a red house")) == 0
        stressed = picture(engine, prompt="a (red:1.8) house", prompt_weighting=True)
        assert difference(plain, stressed) > 0
        read_out = picture(engine, prompt="a (red:1.8) house")
        assert difference(stressed, read_out) > 0

    def test_a_word_of_weight_nothing_is_read_as_if_it_said_nothing(self, engine, torch):
        from generator.contract import ImageRequest
        from generator.engines.diffusion import prompts

        loaded = engine.painter.shelf.get({"path": "sd"})
        rows = []
        for word in ("red", "sea"):
            request = ImageRequest(prompt=f"({word}:0)", prompt_weighting=True)
            wording = prompts.Wording.of(request)
            found = prompts.conditioning(loaded.base, loaded.kind, [wording], request)
            rows.append(found["prompt_embeds"][0, 1:4])
        assert torch.allclose(*rows, atol=1e-6)
