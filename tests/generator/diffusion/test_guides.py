"""Reading guides with arithmetic alone."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from generator.engines.diffusion import guides
from generator.engines.diffusion.refusals import DRAWN


@pytest.fixture(scope="module")
def disc() -> Image.Image:
    """A dark disc of radius 60 on white, 200 pixels square."""
    picture = Image.new("RGB", (200, 200), "white")
    ImageDraw.Draw(picture).ellipse((40, 40, 160, 160), fill="navy")
    return picture


def plane(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture.convert("L"), int)


def test_canny_draws_a_thin_closed_line_where_the_edge_is(disc):
    edges = plane(guides.canny(disc))
    rows, columns = np.nonzero(edges)
    distance = np.hypot(rows - 100, columns - 100)
    assert set(np.unique(edges)) == {0, 255}
    assert abs(distance - 60).max() < 2.5
    assert 300 < len(rows) < 2 * np.pi * 60 * 1.3


def test_canny_sees_nothing_on_a_plain_picture_and_drops_faint_slopes():
    assert guides.canny(Image.new("RGB", (64, 64), "teal")).getbbox() is None
    assert guides.canny(Image.linear_gradient("L").convert("RGB")).getbbox() is None


def test_tile_keeps_colours_and_loses_detail(disc):
    soft = plane(guides.tile(disc))
    sharp = plane(disc)
    assert abs(soft.mean() - sharp.mean()) < 3
    assert abs(np.diff(soft, axis=1)).max() < abs(np.diff(sharp, axis=1)).max() / 2


def test_lineart_is_light_on_the_dark_side_of_edges_only(disc):
    lines = plane(guides.lineart(disc))
    assert lines[100, 42] > 80
    assert lines[100, 100] == lines[5, 5] == 0


def test_shuffle_keeps_the_colours_of_the_picture_and_not_its_shape(disc):
    mixed = guides.shuffle(disc)
    assert set(mixed.get_flattened_data()) <= set(disc.get_flattened_data())
    assert (plane(mixed) != plane(disc)).mean() > 0.1
    assert guides.shuffle(disc).tobytes() == mixed.tobytes()


@pytest.mark.parametrize("name", sorted(DRAWN))
def test_every_guide_comes_out_in_the_size_that_is_painted(disc, tmp_path, name):
    found = guides.read(name, disc, (320, 256), tmp_path)
    assert (found.size, found.mode) == ((320, 256), "RGB")


@pytest.mark.slow
@pytest.mark.xdist_group("diffusion")
def test_depth_is_read_by_a_model_in_the_models_folder(torch, disc, tmp_path):
    from transformers import DPTConfig, DPTForDepthEstimation, DPTImageProcessor

    folder = tmp_path / "preprocessors" / "depth_midas"
    small = {"hidden_size": 16, "intermediate_size": 16, "num_attention_heads": 2}
    config = DPTConfig(
        **small,
        image_size=32,
        patch_size=8,
        num_hidden_layers=4,
        backbone_out_indices=[0, 1, 2, 3],
        neck_hidden_sizes=[8, 8, 8, 8],
        fusion_hidden_size=8,
    )
    torch.manual_seed(1)
    model = DPTForDepthEstimation(config)
    for parameter in model.head.parameters():  # as they are drawn, the last layer sees nothing
        torch.nn.init.uniform_(parameter)
    model.save_pretrained(folder)
    DPTImageProcessor(size={"height": 32, "width": 32}).save_pretrained(folder)
    found = guides.read("depth_midas", disc, (256, 256), tmp_path)
    assert (found.size, found.mode) == ((256, 256), "RGB")
    low, high = found.getextrema()[0]
    assert (low, high > 200) == (0, True)
