"""Whether memory stays flat: exchanges without end, each of a conversation and a person never seen before."""
