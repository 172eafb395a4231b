"""Writes src/Kpod/Tokenizers/Normalization/UnicodeNormalization.txt from the Unicode data inside a Python interpreter.

The reference tokenizers normalize by Unicode 9, so run this with Python 3.6:  python3.6 tools/unicode/normalization_data.py
"""
import pathlib
import unicodedata

WIDTH = 158


def fold(words):
    """Words in lines of at most WIDTH characters."""
    lines, line = [], ""
    for word in words:
        if len(line) + 1 + len(word) > WIDTH:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return lines + [line]


def main():
    assert unicodedata.unidata_version == "9.0.0", f"need Unicode 9, this Python has {unicodedata.unidata_version}"
    classes, mappings = [], []
    first = previous = None
    for code in range(0x110000 + 1):
        value = unicodedata.combining(chr(code)) if code < 0x110000 else 0
        if previous and value != previous:
            classes.append(f"{first:X}-{code - 1:X}:{previous}")
        if value != previous:
            first, previous = code, value
    for code in range(0x110000):
        mapping = unicodedata.decomposition(chr(code)).split()
        if not mapping:
            continue
        if mapping[0].startswith("<"):
            mark, mapping = "~", mapping[1:]
        else:
            composes = len(mapping) == 2 and unicodedata.normalize("NFC", chr(code)) == chr(code)
            mark = "=" if composes else "!"
        mappings.append(f"{code:X}{mark}{'+'.join(f'{int(part, 16):X}' for part in mapping)}")
    path = pathlib.Path(__file__).parents[2] / "src/Kpod/Tokenizers/Normalization/UnicodeNormalization.txt"
    header = [
        f"# Unicode {unicodedata.unidata_version}, made by tools/unicode/normalization_data.py. Copyright Unicode, Inc., Unicode License v3.",
        "# first-last:class are the combining classes. code=a+b composes and decomposes, code!a+b only decomposes, code~a+b only in the compatibility forms.",
    ]
    path.write_bytes(("\n".join(header + fold(classes) + fold(mappings)) + "\n").encode("ascii"))


if __name__ == "__main__":
    main()
