"""From wishes to a shortlist: at most four options, each with reason and drawback."""
