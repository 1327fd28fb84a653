"""Fits heads, calibration, thresholds and what a face means, on `data` alone."""
