//! Hostile and unusual files.
