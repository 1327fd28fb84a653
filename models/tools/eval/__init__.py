"""Measures the tags of the command line on labelled pictures, and holds the pipeline against a reference."""
