"""What ODK Collect and its kin speak: forms as XForms, lists of them, and submissions. Decides nothing."""
