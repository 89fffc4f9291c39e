"""The measure ``sellers``: the leads, hours and pay of each salesperson, for the designer."""
