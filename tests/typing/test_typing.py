"""What a type checker says of code that uses voiceguide: nothing of good code, and an error for each slip."""

from __future__ import annotations

import re
from pathlib import Path

from mypy import api

ROOT = Path(__file__).parent.parent.parent

# Each is one line; the other half is the code of the error that it must get.
MISUSE = [
    ('voiceguide.make("x", hodl="45s")', "call-arg"),
    ('voiceguide.show("x", holds="45s")', "call-arg"),
    ('voiceguide.Workshop().make("x", hodl="45s")', "call-arg"),
    ('voiceguide.Workshop().show("x", bed_levle=20)', "call-arg"),
    ('voiceguide.make("x", "hips.mp3")', "call-arg"),
    ('voiceguide.make("x", out=3)', "arg-type"),
    ('voiceguide.make("x", preset=1)', "arg-type"),
    ('voiceguide.make("x", stereo="perhaps")', "arg-type"),
    ('voiceguide.make("x", notice=None)', "arg-type"),
    ('voiceguide.make("x", fit=object())', "arg-type"),
    ('voiceguide.make("x", hold={"half-kneeling": "45s"})', "arg-type"),
    ('voiceguide.make("x", hold=None)', "arg-type"),
    ('voiceguide.make("x", pace=[1.25])', "arg-type"),
    ('voiceguide.make("x", first="middle")', "arg-type"),
    ('voiceguide.make("x", only="both")', "arg-type"),
    ('voiceguide.make("x", tight=True)', "arg-type"),
    ('voiceguide.make("x", with_=3)', "arg-type"),
    ('voiceguide.make("x", without=[1])', "list-item"),
    ('voiceguide.make("x", guide="silent")', "arg-type"),
    ('voiceguide.make("x", countdown="soon")', "arg-type"),
    ('voiceguide.make("x", pattern=(4, 6))', "arg-type"),
    ('voiceguide.make("x", cues="bells")', "arg-type"),
    ('voiceguide.make("x", voice=1)', "arg-type"),
    ('voiceguide.make("x", rate=None)', "arg-type"),
    ('voiceguide.make("x", rate="quick")', "arg-type"),
    ('voiceguide.make("x", bed=b"rain.wav")', "arg-type"),
    ('voiceguide.make("x", bed_level=6.5)', "arg-type"),
    ('voiceguide.make(3)', "arg-type"),
    ("voiceguide.check(None)", "arg-type"),
    ("voiceguide.load(object())", "arg-type"),
    ('voiceguide.make("x").length', "attr-defined"),
    ('voiceguide.show("x").notes.append("y")', "attr-defined"),
    ('voiceguide.load("x").title = "y"', "misc"),
    ("voiceguide.voices()", "operator"),
    ("voiceguide.nothing", "attr-defined"),
    ('voiceguide.mkae("x")', "attr-defined"),
]  # fmt: skip


def test_slips_are_errors_and_good_code_has_none(tmp_path: Path) -> None:
    misuse = tmp_path / "misuse.py"
    misuse.write_text("import voiceguide\n" + "".join(f"{line}\n" for line, _ in MISUSE), encoding="utf-8")
    told, failure, _ = api.run(
        [
            *("--config-file", str(ROOT / "pyproject.toml"), "--cache-dir", str(ROOT / ".mypy_cache")),
            *("--follow-imports", "silent", "--no-error-summary", "--no-pretty"),
            *(str(Path(__file__).with_name("use.py")), str(misuse)),
        ]
    )
    assert failure == ""
    errors = re.findall(r"^(.*\.py):(\d+): error: .*\[([\w-]+)\]$", told, re.MULTILINE)
    assert [each for each in errors if not each[0].endswith("misuse.py")] == [], told
    found = {int(line): code for _, line, code in errors}
    assert found == {number: code for number, (_, code) in enumerate(MISUSE, 2)}, told
