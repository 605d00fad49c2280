"""Tell what two runs say differently: which articles, mentions, relations, events and facts came, went or changed."""
