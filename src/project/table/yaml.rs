//! A table as a YAML list of rows, each a mapping of column to text.
