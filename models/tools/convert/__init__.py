"""From what is published to the files of `models`: weights, vocabulary, cards."""
