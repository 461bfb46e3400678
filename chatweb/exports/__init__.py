"""What people take away: a conversation as a file, and everything of theirs as an archive. Reads only."""
