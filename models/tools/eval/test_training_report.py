"""Reads a training report back by openpyxl, which is none of ours.

`src/train/report/tests.rs` holds the file to what is written now.
"""

import datetime
import unittest
from pathlib import Path

import openpyxl

REPORT = Path(__file__).resolve().parents[3] / "tests" / "fixtures" / "own_tags" / "report.xlsx"
GREEN, YELLOW, GREY = "FFC6EFCE", "FFFFEB9C", "FFE7E6E6"


class TestTrainingReport(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.book = openpyxl.load_workbook(REPORT)

    def test_each_sheet_has_its_name(self):
        self.assertEqual(self.book.sheetnames, ["Tags", "Training", "Confused", "Suspected"])

    def test_headings_stay_in_sight_and_every_column_can_be_filtered(self):
        for name in ("Tags", "Confused", "Suspected"):
            sheet = self.book[name]
            self.assertEqual(sheet.freeze_panes, "A2")
            self.assertEqual(sheet.auto_filter.ref, sheet.dimensions)
            self.assertTrue(all(cell.font.bold for cell in sheet[1]))

    def test_statuses_are_coloured(self):
        colours = {row[1].value: row[1].fill.fgColor.rgb for row in self.book["Tags"].iter_rows(min_row=2)}
        wanted = {"Trained": GREEN, "Not completely trained": YELLOW, "Not in this training": GREY}
        self.assertEqual(colours, wanted)

    def test_figures_are_numbers_with_the_range_that_holds_them(self):
        heading = [cell.value for cell in self.book["Tags"][1]]
        rows = [
            dict(zip(heading, row, strict=True)) for row in self.book["Tags"].iter_rows(min_row=2, values_only=True)
        ]
        self.assertEqual([rows[0][f"Precision{of}"] for of in (", from", " (%)", ", to")], [79.8, 93.8, 98.3])
        self.assertEqual([row["Recall (%)"] for row in rows], [100, 43.8, None])
        self.assertEqual([row["Precision (%)"] for row in rows], [93.8, None, None])
        self.assertEqual([row["Pictures"] for row in rows], [32, 9, 3])
        self.assertEqual(rows[1]["What is missing"], "21 more pictures, only 44 of 100 are right or found")

    def test_text_is_no_formula(self):
        cells = [cell for sheet in self.book for row in sheet.iter_rows() for cell in row]
        self.assertEqual([cell.coordinate for cell in cells if cell.data_type == "f"], [])
        texts = {cell.value for cell in cells}
        self.assertTrue({"=1+1", "=Spring", "=shoe.jpg"} <= texts)

    def test_the_training_has_its_date(self):
        rows = dict(row[:2] for row in self.book["Training"].iter_rows(values_only=True))
        self.assertEqual(rows["Trained"], datetime.datetime(2026, 9, 21, 16, 13, 20))
        self.assertEqual(rows["Seed"], "18446744073709551615")
        self.assertIn("better", rows["Description"])


if __name__ == "__main__":
    unittest.main()
