"""Other people's meters and decoders, to compare ours with."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import Any

import av
import av.filter
import lameenc
import numpy as np
import numpy.typing as npt
import pyloudnorm

Ints = npt.NDArray[np.int16]
_FRAME = 1152


def mp3(samples: Ints, kbps: int = 64) -> bytes:
    """48 kHz mono samples as a CBR MP3, by LAME, with the settings that sessions use."""
    encoder = lameenc.Encoder()
    encoder.set_bit_rate(kbps)
    encoder.set_in_sample_rate(48_000)
    encoder.set_out_sample_rate(48_000)
    encoder.set_channels(1)
    encoder.set_quality(5)
    encoder.silence()
    return bytes(encoder.encode(samples.tobytes())) + bytes(encoder.flush())


def decoded(data: bytes) -> npt.NDArray[np.float32]:
    """A mono MP3's samples as floats (n,), not clipped at full scale, by FFmpeg's decoder (not LAME's)."""
    with av.open(io.BytesIO(data)) as container:
        frames = [frame.to_ndarray()[0] for frame in container.decode(audio=0)]
    sound: npt.NDArray[np.float32] = np.concatenate(frames).astype(np.float32)
    return sound


def pyloudnorm_lufs(samples: npt.NDArray[Any], rate: int = 48_000) -> float:
    """The integrated loudness of float samples (n,) or (n, channels) by pyloudnorm, with the standard's own filters."""
    return float(pyloudnorm.Meter(rate, filter_class="DeMan").integrated_loudness(samples.astype(np.float64)))


def ebur128(samples: npt.NDArray[Any], rate: int = 48_000) -> tuple[float, float]:
    """The integrated loudness (LUFS) and the true peak (dBTP) of float samples by FFmpeg's ebur128 filter."""
    columns = samples.reshape(len(samples), -1).astype(np.float32)
    layout = {1: "mono", 2: "stereo"}[columns.shape[1]]
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "told"
        _metered(columns, rate, layout, told)
        lines = [line.partition("=") for line in told.read_text(encoding="ascii").splitlines()]
    # It reports with every tenth of a second, and the last report is of everything before it.
    loudness = [float(value) for key, _, value in lines if key == "lavfi.r128.I"]
    peaks = [float(value) for key, _, value in lines if key.startswith("lavfi.r128.true_peaks_ch")]
    return loudness[-1] if loudness else -np.inf, 20 * np.log10(max(peaks)) if any(peaks) else -np.inf


def _metered(columns: npt.NDArray[np.float32], rate: int, layout: str, told: Path) -> None:
    """Let the filter write what it measures into a file: frames tell it only from PyAV 18.1 on, which is for 3.11."""
    graph = av.filter.Graph()
    source = graph.add_abuffer(sample_rate=rate, format="flt", layout=layout, time_base=f"1/{rate}")
    meter = graph.add("ebur128", "peak=true:metadata=1:framelog=quiet")
    writer = graph.add("ametadata", mode="print", file=str(told), direct="1")  # each line at once
    sink = graph.add("abuffersink")
    source.link_to(meter)
    meter.link_to(writer)
    writer.link_to(sink)
    graph.configure()
    for start in range(0, len(columns), _FRAME):
        part = np.ascontiguousarray(columns[start : start + _FRAME]).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(part, format="flt", layout=layout)
        frame.sample_rate = rate
        frame.pts = start
        source.push(frame)
        _drain(sink)
    source.push(None)
    _drain(sink)


def _drain(sink: Any) -> None:
    while True:
        try:
            sink.pull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return
