"""The joint funnel: how far each entity came, what it brought, and what the eight stages show."""
