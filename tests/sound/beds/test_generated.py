from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt
import pytest

from tests.sound.meters import pyloudnorm_lufs
from voiceguide import library
from voiceguide.grid import RATE
from voiceguide.sound.beds.generated import GENERATED, LOOP, open_bed

Floats = npt.NDArray[np.float32]
NAMES = sorted(GENERATED)


@pytest.fixture(scope="module")
def loops() -> dict[str, Floats]:
    """Each generated bed in one channel, once around."""
    return {name: make(1) for name, make in GENERATED.items()}


def _powers(sound: Floats, low: float, high: float) -> float:
    """The power between two frequencies, in dB."""
    power = np.abs(np.fft.rfft(sound)) ** 2
    hertz = np.fft.rfftfreq(len(sound), 1 / RATE)
    return float(10 * np.log10(power[(hertz >= low) & (hertz < high)].sum()))


def test_every_name_has_a_bed() -> None:
    assert set(library.BEDS) == set(GENERATED)


@pytest.mark.parametrize("name", NAMES)
def test_the_end_runs_into_the_beginning(name: str, loops: dict[str, Floats]) -> None:
    loop = loops[name][:, 0]
    around = np.concatenate((loop[-RATE // 2 :], loop[: RATE // 2]))
    seam = len(around) // 2
    # Neither the wave nor its slope nor its bend stands out at the seam from what the bed does everywhere.
    for order in (1, 2, 3):
        steps = np.abs(np.diff(around, order))
        assert steps[seam - order : seam].max() <= 1.01 * np.abs(np.diff(loop, order)).max()
    # Nor does what sits above the bed's own sound, where a click would lie alone.
    power = np.abs(np.fft.rfft(around[seam - 512 : seam + 512] * np.hanning(1024))) ** 2
    elsewhere = [
        np.abs(np.fft.rfft(loop[at : at + 1024] * np.hanning(1024))) ** 2 for at in range(0, LOOP - 1024, 9973)
    ]
    high = slice(170, None)  # above 8 kHz
    assert power[high].sum() <= 1.5 * max(float(each[high].sum()) for each in elsewhere)


@pytest.mark.parametrize("name", NAMES)
def test_it_is_endless_and_always_the_same(name: str, loops: dict[str, Floats]) -> None:
    with open_bed(name, 1) as bed:
        for _ in range(2):
            blocks = bed.blocks(0)
            heard = np.concatenate(list(itertools.takewhile(len, itertools.islice(blocks, 40))))
            assert len(heard) > LOOP
            assert np.array_equal(heard[:LOOP], loops[name])
            assert np.array_equal(heard[LOOP:], loops[name][: len(heard) - LOOP])


@pytest.mark.parametrize("name", NAMES)
def test_its_loudness_is_known(name: str, loops: dict[str, Floats]) -> None:
    with open_bed(name, 1) as bed:
        assert bed.loudness == pytest.approx(pyloudnorm_lufs(loops[name]), abs=0.1)
    assert np.abs(loops[name]).max() < 1
    assert abs(float(loops[name].mean())) < 1e-4


@pytest.mark.parametrize("name", NAMES)
def test_two_channels_are_equally_loud_and_not_the_same(name: str) -> None:
    loop = GENERATED[name](2)
    left, right = loop[:, 0].astype(np.float64), loop[:, 1].astype(np.float64)
    assert 10 * np.log10(np.mean(left**2) / np.mean(right**2)) == pytest.approx(0, abs=0.2)
    assert abs(np.corrcoef(left, right)[0, 1]) < 0.9


@pytest.mark.parametrize(("name", "octave"), [("brown", -6.0), ("breath", -4.2), ("waves", -4.2)])
def test_the_colours_of_the_noises(name: str, octave: float, loops: dict[str, Floats]) -> None:
    sound = loops[name][:, 0]
    # Power density falls by so many dB an octave; an octave higher is also twice as wide.
    bands = [_powers(sound, low, 2 * low) for low in (200, 400, 800)]
    assert np.diff(bands) == pytest.approx(octave + 3, abs=1.2)
    # Little where a small loudspeaker only strains, and little that hisses.
    assert _powers(sound, 1, 30) < _powers(sound, 60, 120) - 8
    assert _powers(sound, 8_000, 16_000) < bands[0] - 15


def test_waves_come_four_in_a_loop(loops: dict[str, Floats]) -> None:
    level = np.sqrt(np.square(loops["waves"][:, 0]).reshape(-1, RATE).mean(axis=1))
    crests = [at for at in range(48) if level[at] == max(level[(at + by) % 48] for by in range(-4, 5))]
    assert len(crests) == 4
    heights = sorted(20 * np.log10(level[at]) for at in crests)
    assert min(np.diff(heights)) > 0.6
    assert 6 < 20 * np.log10(level.max() / level.min()) < 16
    # Each rises more quickly than it runs out: the time from trough to crest, and on to the next trough.
    for quarter in np.square(loops["waves"][:, 0]).reshape(4, 12, RATE).mean(axis=2):
        assert quarter[:6].sum() > quarter[6:].sum()


def test_the_drone_is_its_chord(loops: dict[str, Floats]) -> None:
    sound = loops["drone"][:, 0]
    whole = _powers(sound, 20, 20_000)
    tones = [_powers(sound, hertz - 1, hertz + 1) for hertz in (146.83, 220.0, 293.66, 440.0, 587.33)]
    assert 10 * np.log10(sum(10 ** (each / 10) for each in tones)) == pytest.approx(whole, abs=0.1)
    # Its beats may breathe, and never swallow it.
    level = np.sqrt(np.square(sound).reshape(-1, RATE).mean(axis=1))
    assert level.min() > 0.3 * level.max()


def test_the_breathing_bed_is_even_by_itself(loops: dict[str, Floats]) -> None:
    level = np.sqrt(np.square(loops["breath"][:, 0]).reshape(-1, RATE).mean(axis=1))
    assert level.max() < 1.2 * level.min()


@pytest.mark.parametrize("start", [1, LOOP - 1, LOOP, 3 * LOOP + 70_001])
def test_it_goes_on_from_any_place(start: int, loops: dict[str, Floats]) -> None:
    with open_bed("waves", 1) as bed:
        heard = np.concatenate(list(itertools.islice(bed.blocks(start), 40)))
        assert np.array_equal(heard[:LOOP], np.roll(loops["waves"], -start, axis=0))
        assert bed.place(start) == start % LOOP
        again = np.concatenate(list(itertools.islice(bed.blocks(bed.place(start)), 40)))
    assert np.array_equal(again, heard)


def test_other_samples_have_another_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """A numpy that rounds otherwise makes another noise, whose parts must not be joined with those of this one."""
    with open_bed("brown", 1) as bed:
        usual = bed.key
    loop = GENERATED["brown"](1)
    loop[1000] = np.nextafter(loop[1000], np.float32(1))
    monkeypatch.setitem(GENERATED, "brown", lambda _: loop)
    with open_bed("brown", 1) as bed:
        assert bed.key != usual
