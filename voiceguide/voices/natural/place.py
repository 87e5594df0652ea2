"""The files and versions of the natural voice's packages. Used by the child and its parent; imports none of them."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from voiceguide.voices.wire import Refusal

PACKAGE = "hibari-tts"
RUNTIME = "onnxruntime"
AGAIN = f"install it again (`pip install --force-reinstall {PACKAGE}`), or choose another voice (`voiceguide voices`)"

MODEL = "hibari.onnx"
DATA = (
    *("lexicon_us_gold.json.gz", "lexicon_us_silver.json.gz", "normalize.json", "oov.json", "oov.onnx"),
    *("tagger.json.gz", "tokenizer_exceptions.json", "vocab.json", "voices.json"),
)
CODE = ("dsp.py", "g2p/__init__.py", "g2p/lexicon.py", "g2p/normalize.py", "g2p/numbers.py", "g2p/oov.py")


def find_voice() -> Path | None:
    """The folder of the voice's package; None if it isn't installed. Takes well under a millisecond."""
    folder = _find("hibari")
    # Another package may be called hibari too.
    return folder if folder is not None and find_record(folder, PACKAGE) is not None else None


def find_runtime() -> Path:
    """The folder of the package that runs the voice's network. Raises Refusal if it isn't installed."""
    folder = _find(RUNTIME)
    if folder is None:
        raise Refusal(
            f"the natural voice can't speak: the package {RUNTIME} is not installed; "
            'install it (`pip install "voiceguide[natural]"`), or choose another voice (`voiceguide voices`)'
        )
    return folder


def check_files(folder: Path) -> None:
    """Raise Refusal if a file of the voice is missing."""
    names = [*(f"assets/{name}" for name in (MODEL, *DATA)), *CODE]
    for name in names:
        if not (folder / name).is_file():
            raise Refusal(f"the natural voice in {folder} is incomplete: it has no {name}; {AGAIN}")


def find_record(folder: Path, package: str) -> Path | None:
    """The folder in which an installer noted the version and the files of a package; None if there is none.

    Its name ends with the version. `importlib.metadata` would find it too, but loading that takes longer than this.
    """
    pattern = f"{package.replace('-', '_')}-*.dist-info"
    return next(iter(sorted(folder.parent.glob(pattern))), None)


def find_version(folder: Path, package: str) -> str:
    """The version of an installed package, from its name in the list of the installed."""
    record = find_record(folder, package)
    if record is not None:
        return record.stem.partition("-")[2]
    from importlib import metadata

    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "unknown"


def _find(module: str) -> Path | None:
    try:
        spec = importlib.util.find_spec(module)
    except (ImportError, ValueError):
        return None
    return Path(spec.origin).parent if spec is not None and spec.origin is not None else None
