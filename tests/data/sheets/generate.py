"""Makes the files of this folder and expected.json, which says what is in each of them.

What is expected comes from what was put in, never from what our reader says. `issues` are kept: people write them.

    python3 -m venv target/sheets-venv && target/sheets-venv/bin/pip install -r tests/data/sheets/requirements.txt
    target/sheets-venv/bin/python tests/data/sheets/generate.py
"""

import json
import pathlib

import csv_cases
import damaged_cases
import program_cases
import xlsx_cases
import xml_cases

HERE = pathlib.Path(__file__).parent
EXPECTED = HERE / "expected.json"
ABOUT = {
    "comment": [
        "One entry per file. `result` is ok or error, then with `code`; a reason is part of the message.",
        "`cells`: the rows that have any cell, by the number the sheet shows, and `flags` where any is not 0:",
        "bit 0 stored as a number (the text is the file's own), 1 formula (the cached result), 2 covered by a merged range,",
        "3 top left of one, 4 error value, 5 date. Blank cells at the end of a row count as absent. `hidden` rows are marked.",
        "`shape` [rows, columns] stands where the cells are too many to list. U+FFFD stands where bytes are no character.",
        "`issues` are written by hand once there are rules, and kept by the generator.",
    ]
}


def main():
    known = json.loads(EXPECTED.read_text("utf-8"))["files"] if EXPECTED.exists() else []
    issues = {entry["file"]: entry.get("issues", []) for entry in known}
    entries = []
    for module in (csv_cases, xlsx_cases, xml_cases, program_cases, damaged_cases):
        for case in module.cases():
            content = case.pop("content")
            path = HERE / case["file"]
            # Encryption is random: what is there stays.
            if not (case.pop("keep", False) and path.exists()):
                path.write_bytes(content() if callable(content) else content)
            entries.append({**case, "issues": issues.get(case["file"], case.get("code", []))})
    names = [entry["file"] for entry in entries]
    assert len(names) == len(set(names)), "a file is there twice"
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries)
    about = json.dumps(ABOUT, ensure_ascii=False, indent=1)[1:-1].strip()
    EXPECTED.write_text(f'{{\n {about},\n "files": [\n{lines}\n]\n}}\n', "utf-8")
    size = sum((HERE / name).stat().st_size for name in names)
    print(f"{len(names)} files, {size} bytes")


if __name__ == "__main__":
    main()
