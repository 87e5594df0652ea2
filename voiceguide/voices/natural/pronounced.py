# ruff: noqa: RUF001
"""Words that the natural voice reads wrongly, with the phonemes that it must say, in the alphabet of its network.

Every entry is there because the phonemes were wrong without it; tests/voices/natural/test_english.py has the proofs.
"""

from __future__ import annotations

PRONOUNCED = {
    "acromion": "əkɹˈOmiən",
    "AMRAP": "ˈæmɹˌæp",
    "EMOM": "ˈimˌɑm",
    "iliopsoas": "ˌɪliOsˈOəs",
    "infraspinatus": "ˌɪnfɹəspInˈATəs",
    "multifidus": "mʌltˈɪfədəs",
    "myofascial": "mˌIOfˈæʃiəl",
    "pectoralis": "pˌɛktəɹˈælɪs",
    "piriformis": "pˌɪɹəfˈɔɹmɪs",
    "popliteus": "pɑplˈɪTiəs",
    "savasana": "ʃəvˈɑsənə",
    "semitendinosus": "sˌɛmitˌɛndənˈOsəs",
    "subscapularis": "sˌʌbskˌæpjəlˈɛɹɪs",
    "supraspinatus": "sˌupɹəspInˈATəs",
    "thera": "θˈɛɹə",
    "theraband": "θˈɛɹəbˌænd",
    "theracane": "θˈɛɹəkˌAn",
    "ujjayi": "uʤˈIi",
}

VERBS = {"alternate": "ˈɔltəɹnˌAt", "contract": "kəntɹˈækt"}
"""Words that are said otherwise as nouns, and that begin a sentence as verbs."""
