"""Rewrites the files of the demonstration company."""

from tools.make_demo_company.company import FOLDER, make

if __name__ == "__main__":
    for name, text in make().items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="")
        print(f"{name:20} {text.count(chr(10)) - 1:6} rows {len(text.encode()):9,} bytes")
