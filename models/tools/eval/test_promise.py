"""What people are told of the three settings is what was measured on everyday pictures."""

import json
import math
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SETTINGS = ["generous", "balanced", "sure"]
TEXTS = {
    "www/i18n/en_work.js": 'right_{name}: "{n} in 100 tags are right on everyday photos"',
    "www/i18n/sv_work.js": 'right_{name}: "{n} av 100 taggar är rätt på vardagsbilder"',
    "README.md": "{n} ({Name})",
    "docs/USING.md": "{Name} {n}",
    "cli/src/tagging_args.rs": "/// {n} of 100\n    {Name},",
}


class Promise(unittest.TestCase):
    def test_every_text_promises_what_was_measured_on_everyday_pictures_rounded_down(self):
        figures = json.loads((ROOT / "models/tools/fitted/objects.json").read_text(encoding="utf-8"))["figures"]
        measured = {one["name"]: one["value"] for one in figures}
        for file, text in TEXTS.items():
            content = (ROOT / file).read_text(encoding="utf-8")
            for name in SETTINGS:
                n = math.floor(100 * measured[f"both_looks_everyday_{name}_precision"])
                self.assertIn(text.format(name=name, Name=name.capitalize(), n=n), content, file)


if __name__ == "__main__":
    unittest.main()
