"""What those who run the site learn of it: figures, logs and traces, none of them with anybody's words."""
