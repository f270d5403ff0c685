"""The slices: one folder a feature. This is the table of contents."""

SLICES = ()
