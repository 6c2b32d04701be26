"""The model: goods, routes, bargaining, acts, countries and the world that steps them month by month."""
