"""Sounds on the clock → passages, and a bed under them: with clips that can be told apart sample by sample."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as some

from tests.score import fake
from tests.sound.meters import pyloudnorm_lufs
from voiceguide.errors import Place
from voiceguide.grid import FRAME_MS, FULL, RATE
from voiceguide.score.items import list_phases
from voiceguide.score.timeline import BreatheEvent, ChimeEvent, Phase, SpeechEvent, Timeline
from voiceguide.sound.beds.envelope import Envelope, duck_envelope, fade_envelope
from voiceguide.sound.beds.generated import BedLoop, open_bed
from voiceguide.sound.beds.under import BLOCK, BREATH_FLOOR, Mix, breath_envelope, limit_blocks, measure_session
from voiceguide.sound.clips import Breathed, Clips, Finish, Played, Source, Spoken
from voiceguide.sound.files.sounds import SoundFiles
from voiceguide.sound.loudness.level import ENCODER_LOSS, TARGET
from voiceguide.sound.loudness.meter import block_energies, true_peak
from voiceguide.sound.mix import Passage, PlacedClip, find_passages, mix_passage, place_sounds
from voiceguide.sound.narrator import Narrator
from voiceguide.sound.segments import samples
from voiceguide.sound.speech import CEILING
from voiceguide.system.store import Store
from voiceguide.times import Pattern, pattern
from voiceguide.voices.base import VoiceSettings

Floats = npt.NDArray[np.float32]


def _chime(folder: Path, ms: int, hertz: float = 900.0, gain: float = 0.2) -> Path:
    path = folder / f"{hertz:g}-{ms}.wav"
    time = np.arange(48 * ms) / RATE
    soundfile.write(path, gain * np.hanning(len(time)) * np.sin(2 * np.pi * hertz * time), RATE)
    return path


@pytest.fixture
def clips(tmp_path: Path) -> Iterator[Clips]:
    """Clips of a narrator who is never asked to speak."""
    store = Store(tmp_path / "store")
    with (
        Narrator(VoiceSettings(), store, open_voice=_nobody, identity="nobody") as narrator,
        SoundFiles(store) as files,
    ):
        yield Clips(narrator, files, store, Finish())


def _nobody(_settings: VoiceSettings) -> object:
    raise AssertionError("nobody is to speak here")


def test_a_clip_is_metered_once(clips: Clips, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And never again, in any session; what sounds otherwise is metered by itself."""
    one, other = Played(_chime(tmp_path, 700)), Played(_chime(tmp_path, 1_300))
    first, longer = clips.measure_energies(one), clips.measure_energies(other)
    sound, silence = samples(clips.clip(one)) / 32768, np.zeros(RATE * 400 // 1000)
    assert first == pytest.approx(block_energies(np.concatenate((silence, sound, silence)), RATE), rel=1e-4, abs=1e-12)
    assert len(longer) == len(first) + 6

    def again(_clips: Clips, source: Source) -> object:
        raise AssertionError(f"{source} was metered again")

    monkeypatch.setattr(Clips, "_meter", again)
    later = Clips(clips._narrator, clips.files, clips._store, Finish())
    assert np.array_equal(later.measure_energies(one), first)
    assert np.array_equal(later.measure_energies(other), longer)


# Passages -------------------------------------------------------------------------------------------------------------

_gaps = some.lists(some.tuples(some.integers(0, 400), some.integers(1, 3_000)), min_size=1, max_size=30)


@given(_gaps)
def test_passages_lose_nothing_and_never_touch(gaps: list[tuple[int, int]]) -> None:
    at, sounds = 0, []
    for gap, length in gaps:
        sounds.append(PlacedClip(at + gap, at + gap + length, Spoken(f"{at}")))
        at += gap + length
    made = find_passages(sounds)
    assert sum(len(each.parts) for each in made) == len(sounds)
    wanted = iter(sounds)
    for each in made:
        first = next(wanted)
        assert abs(each.frame * FRAME_MS - first.start) <= FRAME_MS / 2
        begun = first.start
        for part, sound in zip(each.parts, itertools.chain([first], wanted), strict=False):
            assert (part.start + begun, part.end + begun, part.source) == (sound.start, sound.end, sound.source)
        assert each.ms == max(part.end for part in each.parts)
    for one, other in itertools.pairwise(made):
        assert one.frame + FULL.frames_needed(48 * one.ms) <= other.frame


def test_the_same_sounds_are_the_same_passage_wherever_they_stand(clips: Clips) -> None:
    def made(start: int) -> Passage:
        words = [PlacedClip(start, start + 700, Spoken("one")), PlacedClip(start + 710, start + 900, Spoken("two"))]
        return find_passages(words)[0]

    assert made(240).key(clips) == made(10_007).key(clips)
    assert made(240).frame != made(10_007).frame
    other = Passage(10, 900, (*made(240).parts[:1], PlacedClip(711, 901, Spoken("two"))))
    assert other.key(clips) != made(240).key(clips)


def test_a_clip_s_key_is_all_that_it_depends_on(clips: Clips, tmp_path: Path) -> None:
    stereo = Clips(clips._narrator, clips.files, clips._store, Finish(stereo=True))
    chime = _chime(tmp_path, 100)
    sources: list[Source] = [Spoken("one"), Spoken("two"), Played(chime)]
    sources += [Breathed(pattern("4-6")), Breathed(pattern("4-2-6"))]
    keys = [made.key(each) for made in (clips, stereo, clips.with_gain(1.0)) for each in sources]
    keys += [stereo.key(Spoken("one", "left")), stereo.key(Spoken("one", "right")), stereo.key(Played(chime, "left"))]
    assert len(set(keys)) == len(keys)
    # In one channel there are no sides.
    assert clips.key(Spoken("one", "left")) == clips.key(Spoken("one"))


def test_what_sounds_leans_to_its_side(tmp_path: Path) -> None:
    script = tmp_path / "sides.yaml"
    script.write_text(
        "title: Sides\nsteps:\n  - sides: [left, right]\n    steps:\n      - say: Kneel on your {side} knee.\n"
        "      - hold: 10s\n  - say: Done.\n",
        encoding="utf-8",
    )
    timeline = fake.timeline(script)
    ears = {
        (type(each.source).__name__, each.source.pan, event.side, event.kind)
        for each in place_sounds(timeline)
        for event in timeline.events
        if not isinstance(each.source, Breathed)
        and event.start_ms == each.start
        and isinstance(event, (SpeechEvent, ChimeEvent))
    }
    assert ("Played", "left", "left", "chime") in ears
    assert ("Played", "right", "right", "chime") in ears
    # An instruction stays in the middle (its words lean by themselves), and the change of side leans whole.
    assert ("Spoken", None, "left", "say") in ears
    assert ("Spoken", None, "right", "say") in ears
    assert ("Spoken", "right", "right", "say") in ears
    assert ("Spoken", "left", "left", "say") not in ears
    assert ("Spoken", None, None, "say") in ears


def test_a_passage_is_its_clips_each_in_its_place(clips: Clips, tmp_path: Path) -> None:
    low, high = _chime(tmp_path, 300, 500), _chime(tmp_path, 200, 3_000)
    parts = (PlacedClip(0, 300, Played(low)), PlacedClip(123, 323, Played(high)))
    sound = samples(mix_passage(Passage(7, 323, parts), clips)).astype(int)
    assert len(sound) == 48 * 323
    sound[: 48 * 300] -= samples(clips.clip(Played(low)))
    sound[48 * 123 :] -= samples(clips.clip(Played(high)))
    assert np.abs(sound).max() <= 1


# The bed --------------------------------------------------------------------------------------------------------------


def _steady(channels: int = 1, level: float = 1.0, block: int = 10_007) -> BedLoop:
    """A bed of nothing but its own factor: what comes out is what was done to it."""

    def blocks(_start: int) -> Iterator[Floats]:
        while True:
            yield np.full((block, channels), level, np.float32)

    return BedLoop("steady", blocks, np.full(480, 10 ** ((-20 + 0.691) / 10)), period=1)


def _mixed(
    bed: BedLoop, level: float, envelopes: list[Envelope], parts: list[Passage], clips: Clips, duration: int
) -> Floats:
    blocks = [np.frombuffer(each, "<i2") for each in Mix(bed, level, envelopes, parts, clips, duration).blocks()]
    return np.asarray(np.concatenate(blocks).reshape(-1, clips.finish.channels) / np.float32(32767), np.float32)


@pytest.mark.parametrize("bed", ["waves", "noise"])
def test_it_can_be_had_from_any_block_on(bed: str, clips: Clips, tmp_path: Path) -> None:
    """So loud that the limiter is at work everywhere: what it remembers and foresees is the same too."""
    noise = _noises(tmp_path)
    sounds = [PlacedClip(start, start + 3_000, Played(noise)) for start in (500, 4_100, 7_500, 12_000)]
    shapes = [duck_envelope([(each.start, each.end) for each in sounds], 16_000), fade_envelope(16_000)]
    with open_bed(_noises(tmp_path, 5) if bed == "noise" else bed, 1) as source:
        mix = Mix(source, -12.0, shapes, find_passages(sounds), clips, 16_000)
        whole = list(mix.blocks())
        assert len(whole) == mix.count
        for first in range(mix.count):
            assert list(mix.blocks(first)) == whole[first:]


@pytest.mark.parametrize("duration", [1, 23, 1_344, 1_345, 5_000])
@pytest.mark.parametrize("stereo", [False, True])
def test_it_is_as_long_as_the_session(duration: int, stereo: bool, clips: Clips) -> None:
    clips = Clips(clips._narrator, clips.files, clips._store, Finish(stereo=stereo))
    sound = _mixed(_steady(2 if stereo else 1), -40.0, [], [], clips, duration)
    assert sound.shape == (48 * duration, 2 if stereo else 1)
    assert np.allclose(sound, 0.1, atol=1e-4)


def test_the_bed_ducks_where_it_should(clips: Clips) -> None:
    sound = _mixed(_steady(), -20 - 20, [duck_envelope([(2_000, 3_000)], 6_000)], [], clips, 6_000)[:, 0]
    assert np.allclose(sound[: 48 * 1_980], 0.1, atol=1e-4)
    assert np.allclose(sound[48 * 2_000 : 48 * 3_000], 0.1 * 10 ** (-11 / 20), atol=1e-4)
    assert np.allclose(sound[48 * 3_650 :], 0.1, atol=1e-4)
    assert np.abs(np.diff(sound)).max() < 1e-3


@pytest.mark.parametrize("start", [0, 24, 1_320, 1_344, 2_664, 4_000])
def test_clips_lie_on_the_bed_across_blocks(start: int, clips: Clips, tmp_path: Path) -> None:
    chime = _chime(tmp_path, 2_000)
    (passage,) = find_passages([PlacedClip(start, start + 2_000, Played(chime))])
    sound = _mixed(_steady(), -60.0, [], [passage], clips, 7_000)[:, 0]
    expected = np.full(48 * 7_000, 0.01)
    begun = passage.frame * FRAME_MS * 48
    expected[begun : begun + 48 * 2_000] += samples(clips.clip(Played(chime))) / 32768
    assert np.abs(sound - expected).max() < 1e-4


def test_a_clip_that_ends_after_the_session_is_cut_with_it(clips: Clips, tmp_path: Path) -> None:
    (passage,) = find_passages([PlacedClip(900, 1_900, Played(_chime(tmp_path, 1_000)))])
    assert len(_mixed(_steady(), -60.0, [], [passage], clips, 1_000)) == 48_000


def _noises(folder: Path, seconds: int = 3) -> Path:
    """So many seconds of noise, some 20 LUFS loud."""
    path = folder / f"noise-{seconds}.wav"
    sound = np.random.default_rng(3).normal(0, 0.1, seconds * RATE)
    soundfile.write(path, sound, RATE)
    return path


@pytest.mark.parametrize("wanted", [6, 22, 40])
@pytest.mark.parametrize("starts", [[500, 4_000, 9_000, 13_333], [7_777]], ids=["much", "little"])
@pytest.mark.parametrize("name", ["brown", "waves"])
def test_how_loud_it_will_be_is_known_before(
    name: str, starts: list[int], wanted: int, clips: Clips, tmp_path: Path
) -> None:
    noise, duration = Played(_noises(tmp_path)), 48_000
    sounds = [PlacedClip(start, start + 3_000, noise) for start in starts]
    shapes = [duck_envelope([(each.start, each.end) for each in sounds], duration), fade_envelope(duration)]
    with open_bed(name, 1) as bed:
        alone, together = measure_session(bed, wanted, shapes, sounds, clips, duration)
        sound = _mixed(bed, TARGET + ENCODER_LOSS - wanted, shapes, find_passages(sounds), clips, duration)
        far = _mixed(bed, -90.0, shapes, find_passages(sounds), clips, duration)
    assert together + ENCODER_LOSS == pytest.approx(pyloudnorm_lufs(sound), abs=0.15)
    assert alone + ENCODER_LOSS == pytest.approx(pyloudnorm_lufs(far), abs=0.15)


def test_a_session_of_nothing_but_its_bed_has_it_where_it_was_wanted(clips: Clips) -> None:
    alone, together = measure_session(_steady(), 22, [fade_envelope(60_000)], [], clips, 60_000)
    assert alone == -np.inf
    assert together == pytest.approx(TARGET - 22, abs=0.5)


@pytest.mark.parametrize("duration", [1, 399, 400, 1_000])
def test_the_shortest_sessions_have_a_loudness_too(duration: int, clips: Clips) -> None:
    _, together = measure_session(_steady(), 22, [fade_envelope(duration)], [], clips, duration)
    assert np.isfinite(together) or duration < 400


def _blocks(sound: Floats) -> Iterator[Floats]:
    for start in range(0, len(sound), BLOCK):
        yield sound[start : start + BLOCK].copy()


def test_below_the_ceiling_nothing_is_touched() -> None:
    sound = np.random.default_rng(1).normal(0, 0.05, (3 * BLOCK + 77, 2)).astype(np.float32)
    assert np.array_equal(np.concatenate(list(limit_blocks(_blocks(sound)))), sound)
    assert list(limit_blocks([])) == []


@pytest.mark.parametrize("at", [0, BLOCK - 1, BLOCK, BLOCK + 1, BLOCK - 48, BLOCK + 100, 2 * BLOCK - 20_000])
def test_peaks_are_held_down_through_the_seams_of_blocks(at: int) -> None:
    time = np.arange(3 * BLOCK) / RATE
    sound = (0.5 * np.sin(2 * np.pi * 211 * time)).astype(np.float32)
    width = 2_400
    bump = np.zeros(len(sound) + width, np.float32)
    bump[at : at + width] = np.hanning(width)
    sound *= 1 + bump[: len(sound)]
    done = np.concatenate(list(limit_blocks(_blocks(np.stack((sound, 0.1 * sound), axis=1)))))
    assert true_peak(done[:, 0]) < CEILING + 0.2
    assert np.array_equal(done[:, 1], np.float32(0.1) * sound)
    # It is a gain that glides: at the seam too, and back at one some time after.
    gain = (done[:, 0] / np.where(np.abs(sound) > 0.2, sound, np.nan)).astype(np.float64)
    known = np.flatnonzero(np.isfinite(gain))
    steps = np.abs(np.diff(gain[known])) / np.diff(known)
    assert steps.max() < 0.004
    assert np.nanmin(gain) < 0.95 or at == 0
    assert gain[known[known > at + 48_000]] == pytest.approx(1, abs=1e-4)


def test_whole_or_in_blocks_is_all_the_same() -> None:
    sound = np.random.default_rng(2).normal(0, 0.35, (4 * BLOCK, 1)).astype(np.float32)
    blocks = np.concatenate(list(limit_blocks(_blocks(sound))))
    whole = np.concatenate(list(limit_blocks([sound.copy()])))
    # A reduction is forgotten to a thousandth where the limiter no longer looks.
    assert np.abs(blocks - whole).max() < 2e-3


# The bed that breathes ------------------------------------------------------------------------------------------------


def _timeline(duration: int, *guided: tuple[int, Pattern, int]) -> Timeline:
    events = []
    for start, breath, count in guided:
        spans, at = [], start
        for number in range(count):
            for kind, ms in list_phases(breath):
                if ms:
                    spans.append(Phase(kind, at, at + ms, number, True))
                at += ms
        events.append(
            BreatheEvent(
                start_ms=start,
                end_ms=at,
                place=Place("x", 1, 1),
                name="breathe",
                pattern=breath,
                phases=tuple(spans),
            )
        )
    return Timeline("x", duration, tuple(events), (), ())


def _factors(shape: Envelope, ms: int) -> Floats:
    """The factor at each millisecond."""
    ones = np.ones((48 * ms, 1), np.float32)
    shape.apply(ones, 0)
    return ones[::48, 0]


def test_it_swells_with_the_guided_breath() -> None:
    box = pattern("box")
    factor = _factors(breath_envelope(_timeline(40_000, (3_000, box, 2)), list_phases(pattern("4-6"))), 40_000)
    for start in (3_000, 19_000):
        assert factor[start] == pytest.approx(BREATH_FLOOR, abs=0.001)
        assert factor[start + 2_000] == pytest.approx((1 + BREATH_FLOOR) / 2, abs=0.001)
        assert np.allclose(factor[start + 4_000 : start + 8_000], 1, atol=1e-3)
        assert factor[start + 10_000] == pytest.approx((1 + BREATH_FLOOR) / 2, abs=0.001)
        assert np.allclose(factor[start + 12_001 : start + 16_000], BREATH_FLOOR, atol=1e-3)


def test_elsewhere_it_breathes_by_the_routine_s_own_pattern() -> None:
    factor = _factors(
        breath_envelope(_timeline(75_000, (32_500, pattern("4-6"), 1)), list_phases(pattern("3-5"))), 75_000
    )
    for start in (0, 8_000, 16_000, 42_500, 50_500, 58_500):
        assert factor[start + 3_000] == pytest.approx(1, abs=0.001)
        assert factor[start + 5_500] == pytest.approx((1 + BREATH_FLOOR) / 2, abs=0.001)
    # No breath is begun that the next one would break off, and it waits at rest.
    assert np.allclose(factor[24_000:32_500], BREATH_FLOOR, atol=1e-3)
    assert factor[36_500] == pytest.approx(1, abs=0.001)
    assert factor.min() >= BREATH_FLOOR - 0.001
    assert np.abs(np.diff(factor)).max() < 0.001
