"""The statistics a coordinator trusts figures by: intervals, agreement, leniency, coverage. Pure: knows no record."""
