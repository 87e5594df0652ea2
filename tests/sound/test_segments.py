from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from voiceguide.grid import FULL, VOICE, Grid
from voiceguide.sound.arrays import pad_to_ms
from voiceguide.sound.segments import AudioSegment, from_bytes, grid_of, samples, segment, silence

GRIDS = pytest.mark.parametrize("grid", [FULL, VOICE])


@GRIDS
@pytest.mark.parametrize("channels", [1, 2])
def test_samples_survive_the_way_through_a_segment(channels: int, grid: Grid) -> None:
    shape = (100 * grid.samples_per_ms, channels)[:channels]
    sound = np.random.default_rng(1).integers(-32768, 32767, shape, dtype=np.int16)
    made = segment(sound, grid)
    assert (made.frame_rate, made.sample_width, made.channels) == (grid.rate, 2, channels)
    assert grid_of(made) == grid
    assert len(made) == 100
    assert np.array_equal(samples(made), sound)


@GRIDS
def test_places_in_milliseconds_are_exact(grid: Grid) -> None:
    row = grid.samples_per_ms
    sound = np.arange(row * 600, dtype=np.int16)
    assert np.array_equal(samples(segment(sound, grid)[123:457]), sound[123 * row : 457 * row])


@pytest.mark.parametrize("wrong", [np.zeros(48), np.zeros((48, 3), np.int16), np.zeros((2, 2, 2), np.int16)])
def test_other_types_and_shapes_are_refused(wrong: npt.NDArray[Any]) -> None:
    with pytest.raises(ValueError, match="expected"):
        segment(wrong)


def test_segments_at_other_rates_are_refused() -> None:
    with pytest.raises(ValueError, match="44100 Hz"):
        samples(AudioSegment.silent(10, frame_rate=44_100))


@GRIDS
@pytest.mark.parametrize("channels", [1, 2])
def test_silence_is_exact(channels: int, grid: Grid) -> None:
    for ms in (0, 1, 333, 12_345):
        assert len(samples(silence(ms, channels, grid))) == grid.samples_per_ms * ms
    assert from_bytes(silence(5, channels, grid).raw_data, channels, grid) == silence(5, channels, grid)


def test_silence_fills_the_last_millisecond() -> None:
    assert np.array_equal(pad_to_ms(np.ones(50, np.int16)), [1] * 50 + [0] * 46)
    assert len(pad_to_ms(np.ones(96, np.int16))) == 96
    assert len(pad_to_ms(np.ones(0, np.int16))) == 0


def test_pydub_is_imported_without_a_warning() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", "import voiceguide.sound.segments"], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
