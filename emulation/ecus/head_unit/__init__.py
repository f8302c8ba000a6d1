"""Head unit: the centre display with its pages, and the service port that it is read and touched by."""
