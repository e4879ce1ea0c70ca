"""What is kept: for how long, for whom, erased with proof, backed up, verified. Decides no score."""
